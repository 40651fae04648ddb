"""Makes the definition of a pipeline from what was added to it, or reports everything that is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from smgen.assets import Asset, read_asset
from smgen.aws import STEP_KINDS, retry_policy_problems
from smgen.contracts import OutputPort, PropertyHole, StepContract, python_identifier, walk
from smgen.definition import (
    DEFINITION_VERSION,
    AssetProvenance,
    Definition,
    ExternalBinding,
    PortBinding,
    Provenance,
    ReferenceBinding,
    StepProvenance,
    parse_definition,
)
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.documents import JsonObject, JsonValue
from smgen.expressions import Get, JsonGet, PropertyFileReference, StepReference, references, target, to_json
from smgen.runtime.bindings import bound_references
from smgen.runtime.content import (
    Added,
    AddedCondition,
    AddedFail,
    AddedStep,
    Branch,
    ParameterDeclaration,
    PipelineContent,
)
from smgen.runtime.environment import ParameterValue
from smgen.runtime.filling import StepFiller
from smgen.runtime.loading import contracts_folder
from smgen.runtime.origins import Origin, Scope
from smgen.runtime.references import Output
from smgen.runtime.variables import StringVariable, Variable


@dataclass(frozen=True)
class CompiledPipeline:
    """A pipeline as it would be deployed: its name, its definition, where the parts come from, and its code."""

    name: str
    definition: Definition
    provenance: Provenance
    assets: tuple[Asset, ...]


def build_pipeline(content: PipelineContent, root: Branch) -> CompiledPipeline:
    """Builds the pipeline. Raises FindingsError with all that was found while it was written and built."""
    return _Build(content, root).pipeline()


class _Build:
    """One build: the steps as documents, and what they used."""

    def __init__(self, content: PipelineContent, root: Branch) -> None:
        self.content = content
        self.environment = content.environment
        self.root = root
        self.findings = list(content.findings)
        self.steps = [added for added in _all_steps(root) if isinstance(added, AddedStep)]
        self.provenance: list[StepProvenance] = []
        self.assets: dict[str, Asset] = {}

    def pipeline(self) -> CompiledPipeline:
        parameters: list[JsonValue] = [self.parameter(item) for item in self.content.parameters.values()]
        steps = self.branch(self.root)
        self.declare_property_files(steps)
        self.check_consumption(steps)
        document: JsonObject = {
            "Version": DEFINITION_VERSION,
            "Metadata": {},
            "Parameters": parameters,
            "PipelineExperimentConfig": self.experiment(),
        }
        if self.content.mlflow is not None:
            document["MlflowConfig"] = {
                "MlflowResourceArn": self.text(self.content.mlflow.resource_arn, self.root.scope, self.content.place),
                "MlflowExperimentName": self.optional_text(self.content.mlflow.experiment),
            }
        document["Steps"] = [*steps]
        if self.findings:
            raise FindingsError(_once_per_value(self.findings))
        provenance = Provenance(tuple(self.provenance))
        return CompiledPipeline(self.content.name, parse_definition(document), provenance, tuple(self.assets.values()))

    # Parameters and settings of the pipeline ---------------------------------------------------------------------

    def parameter(self, declared: ParameterDeclaration) -> JsonObject:
        """One item of ``Parameters``, with the environment's default where it has one."""
        document: JsonObject = {"Name": declared.name, "Type": declared.type}
        default = declared.default
        given_at = declared.place
        if declared.name in self.environment.parameters:
            default, given_at = self.environment.parameters[declared.name], self.environment.place
        if default is not None:
            self.findings += _default_problems(declared, default, given_at)
            document["DefaultValue"] = float(default) if _is_whole_float(declared, default) else default
        if declared.enum:
            document["EnumValues"] = list(declared.enum)
        return document

    def experiment(self) -> JsonValue:
        experiment = self.content.experiment
        if experiment is None:
            return None
        scope, place = self.root.scope, self.content.place
        return {
            "ExperimentName": self.text(experiment.experiment, scope, place),
            "TrialName": self.text(experiment.trial, scope, place),
        }

    def optional_text(self, value: str | StringVariable | None) -> JsonValue:
        return None if value is None else self.text(value, self.root.scope, self.content.place)

    def text(self, value: str | StringVariable, scope: Scope, place: Place) -> JsonValue:
        """A text or a variable that ``scope`` may read."""
        if isinstance(value, Variable):
            self.check_origins(value.__smgen_origins__, scope, place)
            return to_json(value.__smgen_expression__)
        return value

    # Steps -------------------------------------------------------------------------------------------------------

    def branch(self, branch: Branch) -> list[JsonObject]:
        """The step documents of one branch, in the order in which they were added."""
        return [self.step(added) for added in branch.steps]

    def step(self, added: Added) -> JsonObject:
        if isinstance(added, AddedCondition):
            return self.condition(added)
        if isinstance(added, AddedFail):
            message = self.text(added.message, added.scope, added.place)
            document: JsonObject = {"Name": added.name, "Type": "Fail", "Arguments": {"ErrorMessage": message}}
            return document | _titles(added.display_name, None)
        return self.contract_step(added)

    def condition(self, added: AddedCondition) -> JsonObject:
        conditions: list[JsonValue] = []
        for condition in added.conditions:
            self.check_origins(condition.__smgen_origins__, added.scope, added.place)
            conditions += [to_json(part) for part in condition.__smgen_all__]
        arguments: JsonObject = {
            "Conditions": conditions,
            "IfSteps": [*self.branch(added.then)],
            "ElseSteps": [*self.branch(added.otherwise)],
        }
        document: JsonObject = {"Name": added.name, "Type": "Condition", "Arguments": arguments}
        document |= self.depends_on(added.after, added.scope, added.place)
        return document | _titles(added.display_name, added.description)

    def contract_step(self, added: AddedStep) -> JsonObject:
        handle, builder = added.handle, added.builder
        contract = handle.contract
        bindings, findings = bound_references(handle, builder.__smgen_ports__, self.steps)
        self.findings += findings
        assets: dict[str, Asset] = {}
        filler = StepFiller(
            handle.name,
            self.content.name,
            contract,
            builder.__smgen_config__,
            bindings,
            builder.__smgen_locations__,
            self.environment,
            lambda name: self.asset(added, name, assets),
            handle.place,
        )
        document: JsonObject = {"Name": handle.name, "Type": contract.kind, "Arguments": filler.request()}
        fields = filler.step_fields()
        self.findings += filler.findings
        self.check_origins(filler.origins, handle.scope, handle.place)
        document |= self.depends_on(added.after, handle.scope, handle.place)
        document |= _titles(added.display_name, added.description)
        document |= self.retries(added)
        if added.cache is not None:
            if not STEP_KINDS[contract.kind].caches:
                message = f"a {contract.kind} step has no cache"
                self.findings.append(Finding("SMG403", message, handle.place, fix="leave out cache="))
            document["CacheConfig"] = added.cache.document()
        self.provenance.append(_provenance(added, bindings, assets))
        return document | fields

    def depends_on(self, after: Sequence[Origin], scope: Scope, place: Place) -> JsonObject:
        self.check_origins(after, scope, place)
        return {"DependsOn": list(dict.fromkeys(origin.name for origin in after))} if after else {}

    def retries(self, added: AddedStep) -> JsonObject:
        if not added.retries:
            return {}
        kind, place = added.handle.contract.kind, added.handle.place
        policies = [retry.document() for retry in added.retries]
        if STEP_KINDS[kind].retries:
            problems = [words for policy in policies for _, words in retry_policy_problems(kind, policy)]
        else:
            problems = [f"a {kind} step has no retries"]
        self.findings += [Finding("SMG404", problem, place, fix="change or leave out retry=") for problem in problems]
        return {"RetryPolicies": [*policies]}

    def asset(self, added: AddedStep, name: str, used: dict[str, Asset]) -> str | None:
        """The S3 location of the contract's source; None after a finding."""
        handle = added.handle
        source = handle.contract.source
        if source is None:
            return None
        folder_location = self.environment.asset_location
        if folder_location is None:
            if self.environment.bucket is None:
                what = "name of the bucket that code is uploaded to"
                self.findings.append(self.environment.missing("bucket", what, handle.place))
                return None
            folder_location = f"s3://{self.environment.bucket}/{self.content.name}/code"
        relative = Path(source.directory, source.entry).as_posix()
        path = contracts_folder(type(added.builder).__module__) / relative
        try:
            asset = read_asset(path, relative, folder_location)
        except OSError as error:
            self.findings.append(
                Finding(
                    "SMG119",
                    f"the script of contract {handle.contract.name} cannot be read",
                    handle.place,
                    given=f"{path.as_posix()}: {error.strerror or type(error).__name__}",
                    fix="put the script there, or change 'source' of the contract and run 'smgen generate'",
                )
            )
            return None
        used[name] = asset
        self.assets[asset.path] = asset
        return asset.location

    # Checks over the whole pipeline ------------------------------------------------------------------------------

    def check_origins(self, origins: Iterable[Origin], scope: Scope, place: Place) -> None:
        """SMG202 for what belongs to another pipeline, SMG203 for what stands in a branch that may not have run."""
        for origin in dict.fromkeys(origins):
            if origin.scope.pipeline is not scope.pipeline:
                self.findings.append(
                    Finding(
                        "SMG202",
                        f"{origin.title} belongs to another pipeline",
                        place,
                        given=f'{origin.title} of pipeline "{origin.scope.pipeline.name}"',
                        given_at=origin.place,
                        expected=f'something of pipeline "{scope.pipeline.name}"',
                        fix="add the step to this pipeline, or pass what it wrote as External(location)",
                    )
                )
            elif not scope.sees(origin.scope):
                self.findings.append(
                    Finding(
                        "SMG203",
                        f"{origin.title} stands in {origin.scope.title}, which may not have run",
                        place,
                        given_at=origin.place,
                        expected=f"something that has always run before {scope.title}",
                        fix="move this step into that branch, or the other one out of it",
                    )
                )

    def declare_property_files(self, steps: Sequence[JsonObject]) -> None:
        """Adds ``PropertyFiles`` to each step of which a report is read; only what is read is declared."""
        read: dict[str, list[str]] = {}
        for _, expression in references([*steps]):
            if isinstance(expression, JsonGet) and isinstance(expression.source, Get):
                file = target(expression.source)
                if isinstance(file, PropertyFileReference):
                    names = read.setdefault(file.step, [])
                    if file.property_file not in names:
                        names.append(file.property_file)
        contracts = {added.handle.name: added.handle.contract for added in self.steps}
        for document in _documents(steps):
            name = str(document["Name"])
            if name in read and name in contracts:
                document["PropertyFiles"] = [*_property_files(contracts[name], read[name])]

    def check_consumption(self, steps: Sequence[JsonObject]) -> None:
        """SMG214 for an output that must be consumed and that no step reads."""
        read: dict[str, set[str]] = {}
        for _, expression in references([*steps]):
            if isinstance(expression, Get):
                step = target(expression)
                if isinstance(step, StepReference):
                    read.setdefault(step.step, set()).add(step.path)
                elif isinstance(step, PropertyFileReference):
                    read.setdefault(step.step, set()).add(f"PropertyFiles.{step.property_file}")
        for added in self.steps:
            handle = added.handle
            paths = read.get(handle.name, set())
            for name, port in handle.contract.output_ports.items():
                if port.output_spec.must_be_consumed and not paths & _ways_to_read(port):
                    self.findings.append(
                        Finding(
                            "SMG214",
                            f"nothing reads the output '{name}' of step \"{handle.name}\"",
                            replace(handle.place, port=name),
                            expected=f"a step that takes it: contract {handle.contract.name} says must_be_consumed",
                            fix=f"pass .{python_identifier(name)} to the step that needs it, or leave the step out",
                        )
                    )


def _once_per_value(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings without the repetitions that come when several steps ask for one missing value."""
    asked: set[str] = set()
    for finding in findings:
        if finding.rule in ("SMG211", "SMG212"):
            if finding.message in asked:
                continue
            asked.add(finding.message)
        yield finding


def _all_steps(branch: Branch) -> Iterator[Added]:
    """Every step of a branch and of the branches inside it, in order."""
    for added in branch.steps:
        yield added
        if isinstance(added, AddedCondition):
            yield from _all_steps(added.then)
            yield from _all_steps(added.otherwise)


def _documents(steps: Sequence[JsonValue]) -> Iterator[JsonObject]:
    """Every step document of a list and of the branches inside it."""
    for step in steps:
        if isinstance(step, dict):
            yield step
            arguments = step["Arguments"]
            if step["Type"] == "Condition" and isinstance(arguments, dict):
                for branch in (arguments["IfSteps"], arguments["ElseSteps"]):
                    yield from _documents(branch if isinstance(branch, list) else [])


def _property_files(contract: StepContract, names: Sequence[str]) -> Iterator[JsonObject]:
    for port in contract.output_ports.values():
        spec = port.output_spec
        for file in spec.files:
            if file.property_file in names:
                yield {
                    "PropertyFileName": file.property_file,
                    "OutputName": spec.output_name or spec.logical_name,
                    "FilePath": file.path,
                }


def _ways_to_read(port: OutputPort) -> set[str]:
    """The paths behind ``Steps.<name>.`` by which an output is read."""
    spec = port.output_spec
    paths = {f"PropertyFiles.{file.property_file}" for file in spec.files}
    if spec.property_path is not None:
        paths.add(spec.property_path)
    if spec.value is not None:
        paths.update(hole.path for hole in walk(spec.value) if isinstance(hole, PropertyHole))
    return paths


def _titles(display_name: str | None, description: str | None) -> JsonObject:
    titles: JsonObject = {}
    if display_name is not None:
        titles["DisplayName"] = display_name
    if description is not None:
        titles["Description"] = description
    return titles


_PYTHON_TYPES = {"String": str, "Integer": int, "Float": float, "Boolean": bool}


def _is_whole_float(declared: ParameterDeclaration, default: ParameterValue) -> bool:
    """Whether an integer stands as the default of a Float parameter; the definition holds it as a float."""
    return declared.type == "Float" and type(default) is int


def _default_problems(declared: ParameterDeclaration, default: ParameterValue, place: Place) -> Iterator[Finding]:
    wanted = _PYTHON_TYPES[declared.type]
    if type(default) is not wanted and not _is_whole_float(declared, default):
        yield Finding(
            "SMG207",
            f"the default of parameter '{declared.name}' is no {declared.type}",
            place,
            given=f"{default!r} ({type(default).__name__})",
            expected=declared.type,
            expected_at=declared.place,
        )
    elif isinstance(default, float) and not math.isfinite(default):
        yield Finding(
            "SMG207", f"the default of parameter '{declared.name}' is no finite number", place, given=repr(default)
        )
    elif declared.enum and default not in declared.enum:
        yield Finding(
            "SMG207",
            f"the default of parameter '{declared.name}' is not among its values",
            place,
            given=repr(default),
            expected=", ".join(declared.enum),
            expected_at=declared.place,
            nearest=nearest_name(str(default), declared.enum),
        )


def _provenance(
    added: AddedStep, bindings: Mapping[str, Sequence[object]], assets: Mapping[str, Asset]
) -> StepProvenance:
    handle = added.handle
    outputs = {name: port.output_spec.output_type for name, port in handle.contract.output_ports.items()}
    return StepProvenance(
        step=handle.name,
        contract=handle.contract.name,
        contract_version=handle.contract.version,
        file=handle.place.file,
        line=handle.place.line,
        ports={name: tuple(_port_binding(item) for item in bound) for name, bound in bindings.items() if bound},
        outputs=outputs,
        assets={name: AssetProvenance(asset.source, asset.digest) for name, asset in assets.items()},
    )


def _port_binding(reference: object) -> PortBinding:
    if isinstance(reference, Output):
        origin: Origin = reference.__smgen_origin__
        return ReferenceBinding(origin.name, origin.output or "")
    if isinstance(reference, Variable):
        for origin in reference.__smgen_origins__:
            if origin.kind == "step" and origin.output is not None:
                return ReferenceBinding(origin.name, origin.output)
    return ExternalBinding()
