"""What became of each sentence of AWS's documentation that could be a rule, and the page that tells it.

The sentences themselves are botocore's and stay there: `sentences.json` has a digest of each with what it is, a rule of
`member_rules.json`, something that cannot be checked, or another matter.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import botocore

from smgen.aws import STEP_KINDS, member_rules, service_model
from tests.project.checkout import CHECKOUT

PAGE: Final = CHECKOUT / "docs" / "member_rules.md"
VERDICTS: Final = Path(__file__).parent / "sentences.json"
#: The requests that steps make, and what EMR, EMR Serverless and Lambda are asked for by a step.
_ROOTS: Final = (
    *(("sagemaker", kind.request) for kind in STEP_KINDS.values() if kind.request is not None),
    ("emr", "StepConfig"),
    ("emr", "RunJobFlowInput"),
    ("emr-serverless", "StartJobRunRequest"),
    ("emr-serverless", "CreateApplicationRequest"),
    ("lambda", "InvocationRequest"),
)
_WORDS: Final = ("must", "either", "only", "cannot", "can't", "can not", "not both", "required", "at least", "at most")
_DEMANDS: Final = re.compile(rf"\b({'|'.join(_WORDS)}|greater|less|if you (?:specify|use))\b", re.IGNORECASE)
_BLOCK: Final = re.compile(r"</?(?:li|p|ul|note|important|dt|dd|br)[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")
_END: Final = re.compile(r"(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)(?<=[.!?])\s+(?=[A-Z\"'(])")
_TYPOGRAPHY: Final = str.maketrans(dict(zip("\u2018\u2019\u201c\u201d\u2013\u2014", "''\"\"--", strict=True)))


@dataclass(frozen=True)
class Sentence:
    """A sentence of the documentation of a shape or member: ``Shape$Member``, and a digest of its words."""

    place: str
    digest: str
    demands: bool


def _shapes(service: str) -> Mapping[str, Any]:
    folder = Path(botocore.__file__).parent / "data" / service
    newest = max(path for path in folder.iterdir() if path.is_dir())
    return json.loads(gzip.decompress((newest / "service-2.json.gz").read_bytes()))["shapes"]  # type: ignore[no-any-return]


def sentences() -> list[Sentence]:
    """Every sentence of the documentation that the requests of steps reach, by place."""
    shapes = {service: _shapes(service) for service in dict.fromkeys(service for service, _ in _ROOTS)}
    found: list[Sentence] = []
    seen: set[tuple[str, str]] = set()
    todo = list(_ROOTS)
    while todo:
        service, name = todo.pop()
        if (service, name) in seen or name not in shapes[service]:
            continue
        seen.add((service, name))
        shape = shapes[service][name]
        place = name if service == "sagemaker" else f"{service}.{name}"
        found += _of(place, shape)
        for member, reference in shape.get("members", {}).items():
            found += _of(f"{place}${member}", reference)
            todo.append((service, reference["shape"]))
        todo.extend((service, shape[part]["shape"]) for part in ("member", "key", "value") if part in shape)
    return sorted(found, key=lambda item: (item.place, item.digest))


def _of(place: str, documented: Mapping[str, Any]) -> Iterator[Sentence]:
    for block in _BLOCK.sub("\x00", documented.get("documentation", "")).split("\x00"):
        text = html.unescape(_TAG.sub("", block)).translate(_TYPOGRAPHY)
        text = re.sub(r"\s+([.,;:)])", r"\1", " ".join(text.split()))
        for sentence in _END.split(text):
            if sentence:
                digest = hashlib.sha256(sentence.encode()).hexdigest()[:8]
                yield Sentence(place, digest, _DEMANDS.search(sentence) is not None)


def verdicts() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """What became of each sentence, by its place and digest: the verdict, and the rule or the reason."""
    read = json.loads(VERDICTS.read_text(encoding="utf-8"))
    return {place: {digest: (said[0], said[1]) for digest, said in of.items()} for place, of in read.items()}


def page() -> str:
    """The page in Markdown."""
    every = sentences()
    counts = Counter(verdict for of in verdicts().values() for verdict, _ in of.values())
    checked, open_, other = (counts[name] for name in ("rule", "not checkable", "another matter"))
    release, demands = service_model().botocore_version, sum(sentence.demands for sentence in every)
    lines = [
        "# Rules between members of a request",
        "",
        "Made by `pytest --update-golden`. AWS says many rules in words only. All documentation of the requests",
        f"that steps make was read, as botocore {release} has it: {len(every):,} sentences, of",
        f"which {demands} have a word such as must, only, either, cannot, required or at least. Counted once a place,",
        f"{checked} of these are rules that smgen checks ([SMG416](rules/SMG416.md), [SMG417](rules/SMG417.md)),",
        f"{open_} ask for something that no definition shows, and {other} are about",
        "something else.",
        "",
        "## The rules",
        "",
        "| shape | rule | what is asked | members | where | said in |",
        "|---|---|---|---|---|---|",
    ]
    for shape, rules in sorted(member_rules().items()):
        for rule in rules:
            members = ", ".join(f"`{'.'.join(path)}`" for path in rule.members)
            values = f" {', '.join(f'`{value}`' for value in rule.values)}" if rule.values else ""
            limit = f" {rule.limit:,g}" if rule.limit else ""
            where = rule.why or " and ".join(when.words for when in rule.when)
            doubt = "" if rule.certain else " (warning)"
            said = f"{rule.form}{limit}{values}{doubt}"
            lines.append(f"| `{shape}` | {rule.name} | {said} | {members} | {where} | {rule.source} |")
    lines += ["", "## The sentences", "", "| documentation of | verdict | rule or reason |", "|---|---|---|"]
    for place, of in sorted(verdicts().items()):
        lines += [f"| `{place}` | {verdict} | {why} |" for verdict, why in of.values()]
    return "\n".join(lines) + "\n"
