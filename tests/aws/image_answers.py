"""Asks the SDK for images and keeps its answers: ``/work/sdk3/bin/python tests/aws/image_answers.py [--check]``.

Run by hand, with an interpreter that has sagemaker 3; test_image_answers.py compares smgen with what it wrote. Nothing
of smgen is imported, so that the questions come from the SDK's own table, and nothing may open a connection.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import socket
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).parents[1] / "data" / "images" / "answers.json.gz"
REGIONS = ("us-west-2", "eu-central-1", "cn-northwest-1")
MACHINES = ("ml.m5.xlarge", "ml.g5.xlarge")
OTHER_MACHINES = (None, "ml.inf2.xlarge", "ml.trn1.2xlarge", "ml.m6g.xlarge", "ml.p4d.24xlarge", "ml.p2.xlarge")
"""Asked for in the first region only."""

Question = dict[str, Any]


def questions(folder: Path) -> Iterator[Question]:
    """Every framework, version and short form in every scope, with every Python version and base framework."""
    for path in sorted(folder.glob("*.json")):
        file = json.loads(path.read_text(encoding="utf-8"))
        scopes = {None: file} if "versions" in file else file
        if not all("versions" in scope for scope in scopes.values()):
            continue
        for scope, table in scopes.items():
            names = (None, *table.get("scope", ())) if scope is None else (scope,)
            for name, (asked, row) in itertools.product(names, versions(table)):
                for py_version, base in itertools.product(*variants(row)):
                    question = {
                        "framework": path.stem,
                        "version": asked,
                        "scope": name,
                        "py_version": py_version,
                        "base_framework_version": base,
                    }
                    for machine, region in itertools.product(MACHINES, REGIONS):
                        yield {**question, "region": region, "instance_type": machine}
                    for more in others(path.stem):
                        yield {**question, "region": REGIONS[0], **more}


def versions(table: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every version and short form of a scope with its row."""
    yield from table["versions"].items()
    for alias, name in table.get("version_aliases", {}).items():
        if alias not in table["versions"]:
            yield alias, table["versions"][name]


def variants(row: dict[str, Any]) -> tuple[list[str | None], list[str | None]]:
    """The Python versions and the base frameworks to ask for; None is to leave it to the SDK."""
    if "repository" in row:
        return [None, *row.get("py_versions", ())], [None]
    images: dict[str, dict[str, Any]] = {name: image for name, image in row.items() if "repository" in image}
    if "version_aliases" not in row:
        return [None, *images], [None]
    pythons = dict.fromkeys(name for image in images.values() for name in image.get("py_versions", ()))
    return [None, *pythons], [None, *images, *row["version_aliases"]]


def others(framework: str) -> Iterator[Question]:
    """Rarer questions about a framework."""
    for machine in OTHER_MACHINES:
        yield {"instance_type": machine}
    if framework in ("huggingface", "pytorch"):
        for tool, machine in itertools.product(("neuron", "neuronx"), (None, "ml.inf2.xlarge", "ml.trn1.2xlarge")):
            yield {"instance_type": machine, "inference_tool": tool}
        for machine in (None, *MACHINES):
            yield {"instance_type": machine, "training_compiler": True}
    if framework in ("mxnet", "pytorch", "tensorflow"):
        yield {"instance_type": "ml.p3.16xlarge", "smdistributed": True}
    if framework in ("huggingface", "pytorch-smp", "spark", "sklearn", "xgboost"):
        yield {"instance_type": "ml.m5.xlarge", "container_version": "v1"}


# The frameworks' own tables for Neuron and for the compiler are asked through the framework.
MORE_OF = {
    "huggingface": ("huggingface-neuron", "huggingface-neuronx", "huggingface-training-compiler"),
    "pytorch": ("pytorch-neuron", "pytorch-training-compiler"),
}


def questions_through(folder: Path) -> Iterator[Question]:
    """The versions of those tables, asked as versions of the framework."""
    for framework, names in MORE_OF.items():
        for name in names:
            tool = name.rpartition("-")[2]
            more = {"training_compiler": True} if tool == "compiler" else {"inference_tool": tool}
            seen: dict[str, None] = {}
            for question in questions_of(folder, name):
                asked = {**question, "framework": framework, **more}
                key = json.dumps(asked, sort_keys=True)
                if key not in seen and "container_version" not in asked:
                    seen[key] = None
                    yield asked


def questions_of(folder: Path, name: str) -> Iterator[Question]:
    return (question for question in questions(folder) if question["framework"] == name)


def answer(question: Question) -> str | None:
    """The SDK's answer; None where it raises whatever it raises."""
    image_uris = import_module("sagemaker.core.image_uris")
    asked = dict(question)
    framework, region = str(asked.pop("framework")), str(asked.pop("region"))
    if framework == "sagemaker-base-python":
        # `retrieve` fails on this one; the SDK itself uses the function that it has for it.
        return str(image_uris.get_base_python_image_uri(region))
    compiler = asked.pop("training_compiler", False)
    distribution: Question | None = {"smdistributed": {}} if asked.pop("smdistributed", False) else None
    try:
        uri = image_uris.retrieve(
            framework,
            region,
            image_scope=asked.pop("scope"),
            training_compiler_config=compiler or None,
            distribution=distribution,
            **asked,
        )
    except Exception:
        return None
    return str(uri)


def no_connection(*_: object, **__: object) -> None:
    raise RuntimeError("the SDK wanted to open a connection")


def patched() -> Path:
    """Forbids connections and keeps what the SDK would read for every answer; returns its folder of tables."""
    common_utils, image_uris = map(import_module, ("sagemaker.core.common_utils", "sagemaker.core.image_uris"))
    socket.socket.connect = no_connection  # type: ignore[method-assign]  # the guard is the point
    for module, name in ((common_utils, "_botocore_resolver"), (image_uris, "config_for_framework")):
        setattr(module, name, lru_cache(getattr(module, name)))
    return Path(str(image_uris.__file__)).parent / "image_uri_config"


def text() -> str:
    """All questions with their answers, a line each; members that are None are left out."""
    folder = patched()
    lines: list[str] = []
    for question in itertools.chain(questions(folder), questions_through(folder)):
        asked = {key: value for key, value in question.items() if value is not None}
        lines.append(json.dumps([asked, answer(question)]))
    return f'{{"sagemaker_core": {json.dumps(version("sagemaker-core"))}, "answers": [\n' + ",\n".join(lines) + "\n]}\n"


def main() -> int:
    """Write the answers, or compare them with ``--check``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")
    check = parser.parse_args().check
    fresh = text()
    if check:
        return 0 if gzip.decompress(ANSWERS.read_bytes()).decode("utf-8") == fresh else 1
    # Without a time and a name in it the file depends on its content only.
    ANSWERS.write_bytes(gzip.compress(fresh.encode("utf-8"), 9, mtime=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
