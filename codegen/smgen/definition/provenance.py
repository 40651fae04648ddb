"""What smgen knows about a definition that it made itself, as plain data that travels beside the definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import JsonObject, JsonValue, append_pointer

PROVENANCE_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ReferenceBinding:
    """A port that reads the output of a step because the author wrote so.

    `file` names a report file of the output that is read instead of the output itself.
    """

    step: str
    output: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class ExternalBinding:
    """A port that reads from outside the pipeline (`External`)."""


@dataclass(frozen=True, slots=True)
class AutoBinding:
    """A port that the author left to the resolver (`AUTO`), what it chose, and why, in plain phrases.

    `file` names a report file of the output that was chosen instead of the output itself.
    """

    step: str
    output: str
    file: str | None = None
    evidence: tuple[str, ...] = ()


PortBinding: TypeAlias = "ReferenceBinding | ExternalBinding | AutoBinding"


@dataclass(frozen=True, slots=True)
class AssetProvenance:
    """A folder or file that a step uses: its path in the project, and the SHA-256 of its content in hex digits."""

    path: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class StepProvenance:
    """Where one step of a definition comes from.

    `file` and `line` (from 1) are those of the add_step call. `ports` has the bindings of each bound port in order
    (several for a port that takes many), `outputs` the artifact type of each output, `assets` the contract's assets
    by name.
    """

    step: str
    contract: str
    contract_version: str
    file: str | None = None
    line: int | None = None
    ports: Mapping[str, tuple[PortBinding, ...]] = field(default_factory=dict[str, tuple[PortBinding, ...]])
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    assets: Mapping[str, AssetProvenance] = field(default_factory=dict[str, AssetProvenance])


@dataclass(frozen=True, slots=True)
class Provenance:
    """The provenance of the steps of one definition, in its order; steps that smgen did not make are not in it."""

    steps: tuple[StepProvenance, ...] = ()

    def step(self, name: str) -> StepProvenance | None:
        """The provenance of the step of that name, or None."""
        return next((step for step in self.steps if step.step == name), None)

    def to_json(self) -> JsonObject:
        """The JSON form, which from_json reads back to an equal value."""
        return {"version": PROVENANCE_VERSION, "steps": [_step_to_json(step) for step in self.steps]}

    @staticmethod
    def from_json(value: JsonValue, *, file: str | None = None) -> Provenance:
        """Read the JSON form. Raises FindingsError (SMG300) with everything that is wrong; nothing unknown is kept."""
        reader = _ProvenanceReader(file)
        top = reader.members(value, "", ("version", "steps"))
        version = top.get("version")
        if not (isinstance(version, int) and not isinstance(version, bool) and version == PROVENANCE_VERSION):
            reader.wrong("/version", f"the version {PROVENANCE_VERSION}")
        steps = tuple(reader.step(item, at) for at, item in reader.items(top.get("steps"), "/steps"))
        if reader.findings:
            raise FindingsError(reader.findings)
        return Provenance(steps)


def _step_to_json(step: StepProvenance) -> JsonObject:
    found: JsonObject = {
        "step": step.step,
        "contract": step.contract,
        "contract_version": step.contract_version,
        "file": step.file,
        "line": step.line,
        "ports": {name: [_binding_to_json(binding) for binding in bound] for name, bound in step.ports.items()},
        "outputs": dict(step.outputs),
        "assets": {
            name: {"path": asset.path, "content_hash": asset.content_hash} for name, asset in step.assets.items()
        },
    }
    return found


def _binding_to_json(binding: PortBinding) -> JsonObject:
    if isinstance(binding, ReferenceBinding):
        reference: JsonObject = {"kind": "reference", "step": binding.step, "output": binding.output}
        return reference if binding.file is None else {**reference, "file": binding.file}
    if isinstance(binding, AutoBinding):
        return {
            "kind": "auto",
            "step": binding.step,
            "output": binding.output,
            "file": binding.file,
            "evidence": list(binding.evidence),
        }
    return {"kind": "external"}


_T = TypeVar("_T")
_STEP: Final = ("step", "contract", "contract_version", "file", "line", "ports", "outputs", "assets")
_BINDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "reference": ("kind", "step", "output", "file"),
    "external": ("kind",),
    "auto": ("kind", "step", "output", "file", "evidence"),
}


@dataclass(slots=True)
class _ProvenanceReader:
    """Collects findings; what it makes is used only when there are none."""

    file: str | None
    findings: list[Finding] = field(default_factory=list[Finding])

    def step(self, value: JsonValue, at: str) -> StepProvenance:
        members = self.members(value, at, _STEP)
        file, line = members.get("file"), members.get("line")
        if line is not None and (not isinstance(line, int) or isinstance(line, bool)):
            self.wrong(append_pointer(at, "line"), "a whole number, or null")
            line = None
        return StepProvenance(
            step=self.text(members.get("step"), append_pointer(at, "step")),
            contract=self.text(members.get("contract"), append_pointer(at, "contract")),
            contract_version=self.text(members.get("contract_version"), append_pointer(at, "contract_version")),
            file=None if file is None else self.text(file, append_pointer(at, "file")),
            line=line,
            ports=self.named(members.get("ports"), append_pointer(at, "ports"), self.bindings),
            outputs=self.named(members.get("outputs"), append_pointer(at, "outputs"), self.text),
            assets=self.named(members.get("assets"), append_pointer(at, "assets"), self.asset),
        )

    def bindings(self, value: JsonValue, at: str) -> tuple[PortBinding, ...]:
        return tuple(self.binding(item, here) for here, item in self.items(value, at))

    def binding(self, value: JsonValue, at: str) -> PortBinding:
        kind = value.get("kind") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in _BINDINGS:
            self.wrong(append_pointer(at, "kind"), " or ".join(_BINDINGS))
            return ExternalBinding()
        members = self.members(value, at, _BINDINGS[kind])
        if kind == "external":
            return ExternalBinding()
        step = self.text(members.get("step"), append_pointer(at, "step"))
        output = self.text(members.get("output"), append_pointer(at, "output"))
        file = members.get("file")
        named = None if file is None else self.text(file, append_pointer(at, "file"))
        if kind == "reference":
            return ReferenceBinding(step, output, named)
        evidence = self.items(members.get("evidence"), append_pointer(at, "evidence"))
        return AutoBinding(step, output, named, tuple(self.text(item, here) for here, item in evidence))

    def asset(self, value: JsonValue, at: str) -> AssetProvenance:
        members = self.members(value, at, ("path", "content_hash"))
        return AssetProvenance(
            path=self.text(members.get("path"), append_pointer(at, "path")),
            content_hash=self.text(members.get("content_hash"), append_pointer(at, "content_hash")),
        )

    def members(self, value: JsonValue, at: str, names: tuple[str, ...]) -> JsonObject:
        """An object with exactly these members."""
        if not isinstance(value, dict):
            self.wrong(at, "an object")
            return {}
        for name in value:
            if name not in names:
                self.wrong(append_pointer(at, name), f"one of the members {', '.join(names)}")
        return value

    def named(self, value: JsonValue, at: str, read: Callable[[JsonValue, str], _T]) -> dict[str, _T]:
        if not isinstance(value, dict):
            self.wrong(at, "an object")
            return {}
        return {name: read(item, append_pointer(at, name)) for name, item in value.items()}

    def items(self, value: JsonValue, at: str) -> list[tuple[str, JsonValue]]:
        if not isinstance(value, list):
            self.wrong(at, "a list")
            return []
        return [(append_pointer(at, index), item) for index, item in enumerate(value)]

    def text(self, value: JsonValue, at: str) -> str:
        if not isinstance(value, str):
            self.wrong(at, "a string")
            return ""
        return value

    def wrong(self, at: str, expected: str) -> None:
        place = Place(file=self.file, pointer=at)
        self.findings.append(Finding("SMG300", "the provenance is not what smgen writes", place, expected=expected))
