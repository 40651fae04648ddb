"""``smgen.lock``: what AUTO ports were bound to, one line for each binding, so that branches merge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, unquote

from smgen.diagnostics import Finding, FindingsError, Place

#: The lock's file, beside the project's pyproject.toml.
LOCK_FILE: Final = "smgen.lock"

_HEADER: Final = "# What AUTO ports are bound to. Written by 'smgen resolve --lock'; one line for each binding.\n"
_FORM: Final = "pipeline: Step.port = Step.output"
_LINE: Final = re.compile(
    r"(?P<pipeline>[^\s@:]+)(?:@(?P<environment>[^\s@:]+))?: "
    r"(?P<step>[^\s.=]+)\.(?P<port>[^\s.=]+) = (?P<source>[^\s.=]+)\.(?P<output>[^\s.=]+)(?:\.(?P<file>[^\s.=]+))?"
)
_CONFLICT: Final = re.compile(r"(<{7}|={7}|>{7}|\|{7})( |$)")


@dataclass(frozen=True, slots=True)
class LockedBinding:
    """A port and an output (or a report ``file`` of it) that feeds it.

    ``environment`` is None where the binding holds for every environment of the pipeline. ``line`` is that of the lock
    file, from 1; None for a binding that was not read from one.
    """

    pipeline: str
    step: str
    port: str
    source_step: str
    output: str
    file: str | None = None
    environment: str | None = None
    line: int | None = None

    @property
    def source(self) -> str:
        """``Step.output``, or ``Step.output.file``."""
        name = f"{self.source_step}.{self.output}"
        return name if self.file is None else f"{name}.{self.file}"

    @property
    def text(self) -> str:
        """The binding as a line of the lock, without its end."""
        where = "" if self.environment is None else f"@{quote(self.environment, safe='')}"
        return f"{self.pipeline}{where}: {self.step}.{self.port} = {self.source}"


#: The bindings of each port (step, port) in one environment; several for a port with ``many``.
Pins = Mapping[tuple[str, str], tuple[LockedBinding, ...]]


@dataclass(frozen=True, slots=True)
class WiringLock:
    """The bindings of a project, in the order of the file."""

    bindings: tuple[LockedBinding, ...] = ()

    def pins(self, pipeline: str, environment: str) -> Pins:
        """The bindings of a pipeline in an environment: its own lines of a port, or else those for every one."""
        general: dict[tuple[str, str], list[LockedBinding]] = {}
        own: dict[tuple[str, str], list[LockedBinding]] = {}
        for binding in self.bindings:
            if binding.pipeline == pipeline and binding.environment in (None, environment):
                by_port = general if binding.environment is None else own
                by_port.setdefault((binding.step, binding.port), []).append(binding)
        return {key: tuple(found) for key, found in (general | own).items()}

    def replaced(self, pipeline: str, bindings: Iterable[LockedBinding]) -> WiringLock:
        """The lock with these bindings of a pipeline instead of its former ones."""
        kept = [binding for binding in self.bindings if binding.pipeline != pipeline]
        return WiringLock((*kept, *bindings))

    def to_text(self) -> str:
        """The file: sorted lines below a comment; the empty text where nothing is bound."""
        lines = sorted({binding.text for binding in self.bindings})
        return _HEADER + "".join(f"{line}\n" for line in lines) if lines else ""


def joined(by_environment: Mapping[str, Iterable[LockedBinding]]) -> tuple[LockedBinding, ...]:
    """The bindings of one pipeline in all of its environments, as few as say the same.

    A port that is bound alike wherever it is AUTO gets lines for every environment, any other one its own lines for
    each.
    """
    ports: dict[tuple[str, str], dict[str, tuple[LockedBinding, ...]]] = {}
    for environment, bindings in by_environment.items():
        for binding in bindings:
            key = (binding.step, binding.port)
            found = ports.setdefault(key, {})
            found[environment] = (*found.get(environment, ()), replace(binding, environment=None, line=None))
    result: list[LockedBinding] = []
    for found in ports.values():
        if len({frozenset(sources) for sources in found.values()}) == 1:
            result += next(iter(found.values()))
        else:
            for environment, sources in found.items():
                result += (replace(source, environment=environment) for source in sources)
    return tuple(result)


def read_lock(text: str, file: str) -> WiringLock:
    """The lock of a text; empty lines and comments (``#``) say nothing. FindingsError (SMG218) with all bad lines."""
    bindings: list[LockedBinding] = []
    findings: list[Finding] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            findings.append(_bad_line(line, Place(file=file, line=number)))
            continue
        environment = match["environment"]
        bindings.append(
            LockedBinding(
                match["pipeline"],
                match["step"],
                match["port"],
                match["source"],
                match["output"],
                match["file"],
                None if environment is None else unquote(environment),
                number,
            )
        )
    if findings:
        raise FindingsError(findings)
    return WiringLock(tuple(bindings))


def _bad_line(line: str, place: Place) -> Finding:
    if _CONFLICT.match(line):
        message = f"{LOCK_FILE} has a conflict of a merge in it"
        fix = "keep the lines of both sides, without the markers, and run 'smgen resolve --lock'"
        return Finding("SMG218", message, place, given=line.strip()[:80], fix=fix)
    message = f"a line of {LOCK_FILE} cannot be read"
    fix = "remove the line and run 'smgen resolve --lock'"
    return Finding("SMG218", message, place, given=line.strip()[:80], expected=_FORM, fix=fix)
