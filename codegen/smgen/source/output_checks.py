"""The outputs and report files of a contract, held against all that its scripts name."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from typing import Final

from smgen.aws import known_image_modules
from smgen.contract_model import OutputPort, StepContract
from smgen.diagnostics import Finding, Place, first_of, nearest_name
from smgen.source.script_constants import dotted
from smgen.source.script_facts import ScriptFacts
from smgen.source.script_modules import PYTHONS_OWN
from smgen.source.script_sending import SentValue

_MOST_NAMED: Final = 6
#: Modules and functions with which a script may come to write where nothing in it says.
_OTHER_CODE: Final = frozenset(
    ("importlib", "papermill", "pkgutil", "runpy", "sagemaker", "subprocess", "toml", "yaml")
)
_READS_OR_RUNS: Final = frozenset(("__import__", "eval", "exec", "load", "loads", "popen", "system"))
_CONFIGURATION: Final = ("/opt/ml/config", "processingjobconfig")


def output_findings(contract: StepContract, facts: ScriptFacts) -> Iterator[Finding]:
    """SMG277 for an output of whose folder the scripts name nothing, SMG279 for a report file that they do not name.

    Only for scripts that name the folder of some output, and no other places than those that stand in them or that
    they are sent.
    """
    used = sorted({use.path for paths in facts.paths for use in paths.used})
    folders = {
        port.name: port.output_spec.local_path.rstrip("/")
        for port in contract.output_ports.values()
        if port.output_spec.local_path is not None
    }
    names_one = any(path.startswith(folder) for path in used for folder in folders.values())
    if not (contract.step_kind.is_processing_job and names_one and _is_closed(facts)):
        return
    texts = _texts(facts)
    if any(sign in text for sign in _CONFIGURATION for text in texts):
        return
    script = Place(file=facts.read.scripts[facts.code.entry].file)
    for name, folder in folders.items():
        port = contract.output_ports[name]
        last = PurePosixPath(folder).name
        if any(folder.startswith(path) for path in used) or any(last in text for text in texts):
            yield from _file_findings(contract, port, [text.replace(folder, "") for text in texts], script)
        else:
            yield _not_named(contract, port, folder, used, script)


def _not_named(contract: StepContract, port: OutputPort, folder: str, used: list[str], script: Place) -> Finding:
    return Finding(
        "SMG277",
        f"the contract takes the output '{port.name}' from {folder}, and the script names no place there",
        contract.place(port.pointer),
        given=first_of(used, _MOST_NAMED),
        given_at=script,
        expected=folder,
        fix=f"write to {folder} in the script, or correct the output in the contract",
    )


def _file_findings(
    contract: StepContract, port: OutputPort, texts: Collection[str], script: Place
) -> Iterator[Finding]:
    for file in port.output_spec.files:
        path = PurePosixPath(file.path)
        if any(path.name in text or path.stem in text for text in texts):
            continue
        written = sorted({PurePosixPath(text).name for text in texts if text.endswith(path.suffix) and " " not in text})
        yield Finding(
            "SMG279",
            f"the contract reads the report {file.path}, and the script names no such file",
            contract.place(port.pointer),
            given=first_of(written, _MOST_NAMED) or None,
            given_at=script,
            expected=file.path,
            nearest=nearest_name(path.name, written),
            fix=f"write {file.path} in the script, or correct the path in the contract",
        )


def _is_closed(facts: ScriptFacts) -> bool:
    """Whether scripts can name only places that stand in them, or that their contract sends."""
    sent = facts.sent.whole and all(_is_no_place(value) for option in facts.sent.options for value in option.values)
    others = [path for path in facts.code.files if not path.endswith(".py") and path != "requirements.txt"]
    return sent and not others and not facts.names and _is_read_whole(facts)


def _is_read_whole(facts: ScriptFacts) -> bool:
    """Whether nothing but the scripts and well-known libraries runs."""
    imported = {item.top for imports in facts.read.imports.values() for item in imports if not item.level}
    packed = {path.partition("/")[0].removesuffix(".py") for path in facts.code.files}
    if not imported <= PYTHONS_OWN | known_image_modules() | packed or not _OTHER_CODE.isdisjoint(imported):
        return False
    calls = {dotted(call.func).rpartition(".")[2] for it in facts.read.scripts.values() for call in it.of(ast.Call)}
    return _READS_OR_RUNS.isdisjoint(calls)


def _is_no_place(value: SentValue) -> bool:
    """Whether a value that is sent is known, or can be no path."""
    typed = None if value.schema is None else value.schema.type
    return value.text is not None or typed in ("boolean", "integer", "number")


def _texts(facts: ScriptFacts) -> list[str]:
    """Every text in the scripts but flags, and those that they are sent."""
    found = [
        node.value
        for script in facts.read.scripts.values()
        for node in script.of(ast.Constant)
        if isinstance(node.value, str) and not node.value.startswith("-")
    ]
    return [*found, *(value.text for option in facts.sent.options for value in option.values if value.text)]
