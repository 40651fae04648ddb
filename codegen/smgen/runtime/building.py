"""Makes the definition of a pipeline from what was added to it, or reports everything that is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from smgen.assets import Asset, read_asset
from smgen.aws import STEP_KINDS, retry_policy_problems
from smgen.contracts import StepContract, ValueSchema, python_identifier
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
from smgen.documents import JsonObject, JsonValue, append_pointer
from smgen.expressions import Get, JsonGet, PropertyFileReference, references, target, to_json
from smgen.runtime.bindings import bound_references
from smgen.runtime.content import (
    Added,
    AddedCondition,
    AddedFail,
    AddedStep,
    Branch,
    MlflowSettings,
    ParameterDeclaration,
    PipelineContent,
)
from smgen.runtime.environment import ParameterValue
from smgen.runtime.field_values import ParameterDefault, field_schemas, value_findings
from smgen.runtime.filling import StepFiller
from smgen.runtime.loading import contracts_folder
from smgen.runtime.misuse import short, shown, unchecked
from smgen.runtime.origins import Origin, Scope
from smgen.runtime.references import External, Output
from smgen.runtime.variables import VARIABLE_TYPES, StringVariable, Variable, is_number, is_variable, plain_literal

#: Shorter names are near to each other by chance.
_SHORTEST_SLIP: Final = 5
_HALF_CHARACTER: Final = re.compile("[\ud800-\udfff]")


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
        #: The outputs that something reads, by step and output.
        self.read: set[tuple[str, str | None]] = set()
        #: The schemas of the values of each contract, by its identity.
        self.schemas: dict[int, Mapping[str, ValueSchema]] = {}

    def pipeline(self) -> CompiledPipeline:
        parameters: list[JsonValue] = [self.parameter(item) for item in self.content.parameters.values()]
        self.check_environment()
        steps = self.branch(self.root)
        self.declare_property_files(steps)
        self.check_consumption()
        document: JsonObject = {
            "Version": DEFINITION_VERSION,
            "Metadata": {},
            "Parameters": parameters,
            "PipelineExperimentConfig": self.experiment(),
        }
        if self.content.mlflow is not None:
            document["MlflowConfig"] = self.mlflow(self.content.mlflow)
        document["Steps"] = [*steps]
        self.check_texts(document)
        if self.findings:
            raise FindingsError(_once_per_value(self.findings))
        provenance = Provenance(tuple(self.provenance))
        return CompiledPipeline(self.content.name, parse_definition(document), provenance, tuple(self.assets.values()))

    # Parameters and settings of the pipeline ---------------------------------------------------------------------

    def parameter(self, declared: ParameterDeclaration) -> JsonObject:
        """One item of ``Parameters``, with the environment's default where it has one."""
        document: JsonObject = {"Name": declared.name, "Type": declared.type}
        default, given_at = self.default(declared)
        if default is not None:
            self.findings += _default_problems(declared, default, given_at)
            document["DefaultValue"] = _default_value(declared, default)
        if declared.enum:
            document["EnumValues"] = list(declared.enum)
        return document

    def default(self, declared: ParameterDeclaration) -> tuple[ParameterValue | None, Place]:
        """The default of a parameter and where it is written: in the environment, or else in the code."""
        if declared.name in self.environment.parameters:
            return self.environment.parameters[declared.name], self.environment.parameter_place(declared.name)
        return declared.default, declared.place

    def default_of(self, variable: Variable[object]) -> ParameterDefault | None:
        """The default of a variable that is a parameter of this pipeline; None where it has none, or a wrong one."""
        origin = next(iter(variable.__smgen_origins__), None)
        if origin is None or origin.kind != "parameter" or not isinstance(variable.__smgen_expression__, Get):
            return None
        declared = self.content.parameters.get(origin.name)
        if declared is None or declared.place is not origin.place:
            return None
        default, place = self.default(declared)
        return ParameterDefault(declared.name, _default_value(declared, default), place)

    def check_environment(self) -> None:
        """SMG130 for a default in the environment whose name is that of a parameter but for a slip.

        Any other one may be that of another pipeline.
        """
        given = self.environment.parameters
        missing = [name for name in self.content.parameters if name not in given]
        for name in given:
            nearest = nearest_name(name, missing)
            if name not in self.content.parameters and nearest is not None and _is_slip(name, nearest):
                which = f'pipeline "{self.content.name}" does not declare'
                self.findings.append(self.environment.undeclared(name, missing, which))

    def experiment(self) -> JsonValue:
        experiment = self.content.experiment
        if experiment is None:
            return None
        return {
            "ExperimentName": self.setting("the experiment's name", experiment.experiment, experiment.place),
            "TrialName": self.setting("the trial's name", experiment.trial, experiment.place),
        }

    def mlflow(self, mlflow: MlflowSettings) -> JsonObject:
        document: JsonObject = {
            "MlflowResourceArn": self.setting("the MLflow resource", mlflow.resource_arn, mlflow.place)
        }
        if mlflow.experiment is not None:
            name = self.setting("the MLflow experiment's name", mlflow.experiment, mlflow.place)
            document["MlflowExperimentName"] = name
        return document

    def setting(self, what: str, value: str | StringVariable, place: Place) -> JsonValue:
        """A text of the pipeline as a whole, which is known before its first step runs."""
        if isinstance(value, Variable):
            for origin in value.__smgen_origins__:
                if origin.kind == "step":
                    message = f"{what} is needed before any step runs, and {origin.title} is known only afterwards"
                    fix = "use a parameter, an execution variable or a text"
                    self.findings.append(Finding("SMG208", message, place, given_at=origin.place, fix=fix))
        return self.text(what, value, self.root.scope, place)

    def text(self, what: str, value: str | StringVariable, scope: Scope, place: Place) -> JsonValue:
        """A text or a String variable that ``scope`` may read."""
        if isinstance(value, Variable) and value.__smgen_type__ == "String":
            self.check_origins(value.__smgen_origins__, scope, place)
            return to_json(value.__smgen_expression__)
        given = unchecked(value)
        if isinstance(given, str):
            return plain_literal(given)
        fix = 'write join("", …) around it' if is_variable(given) else "write a text"
        self.findings.append(Finding("SMG207", f"{what} is a text", place, given=shown(given), fix=fix))
        return None

    # Steps -------------------------------------------------------------------------------------------------------

    def branch(self, branch: Branch) -> list[JsonObject]:
        """The step documents of one branch, in the order in which they were added."""
        return [self.step(added) for added in branch.steps]

    def step(self, added: Added) -> JsonObject:
        if isinstance(added, AddedCondition):
            return self.condition(added)
        if isinstance(added, AddedFail):
            message = self.text("the message of a failure", added.message, added.scope, added.place)
            document: JsonObject = {"Name": added.name, "Type": "Fail", "Arguments": {"ErrorMessage": message}}
            document |= self.depends_on(added.after, added.scope, added.place)
            return document | _titles(added.display_name, added.description)
        return self.contract_step(added)

    def condition(self, added: AddedCondition) -> JsonObject:
        conditions: list[JsonValue] = []
        for condition in added.conditions:
            self.check_origins(condition.__smgen_origins__, added.scope, added.place)
            conditions += [to_json(part) for part in condition.__smgen_all__]
        if not added.then.steps and not added.otherwise.steps:
            message = f"the condition '{added.name}' decides nothing: there is no step in either branch"
            fix = "add a step to .then or .otherwise, or leave the condition out"
            self.findings.append(Finding("SMG215", message, added.place, fix=fix))
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
            handle.path_name,
        )
        document: JsonObject = {"Name": handle.name, "Type": contract.kind, "Arguments": filler.request()}
        fields = filler.step_fields()
        self.findings += filler.findings
        if id(contract) not in self.schemas:
            self.schemas[id(contract)] = field_schemas(contract)
        schemas = self.schemas[id(contract)]
        self.findings += value_findings(builder.__smgen_config__, contract, schemas, self.default_of, handle.place)
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
        for origin in after:
            if any(around.condition is origin.place for around in scope.outward()):
                message = f"the step waits for {origin.title}, in a branch of which it stands"
                fix = "leave it out of after=: a step in a branch always runs after the condition"
                self.findings.append(Finding("SMG213", message, place, given_at=origin.place, fix=fix))
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
        try:
            path = contracts_folder(handle.contract) / relative
        except FindingsError as error:
            self.findings += error.findings
            return None
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
            self.read.add((origin.name, origin.output))
            if origin.scope.pipeline is not scope.pipeline:
                self.findings.append(
                    Finding(
                        "SMG202",
                        f"{origin.title} belongs to another pipeline",
                        place,
                        given=f'{origin.title} of pipeline "{origin.scope.pipeline.name}"',
                        given_at=origin.place,
                        expected=f'something of pipeline "{scope.pipeline.name}"',
                        fix="declare the parameter in this pipeline"
                        if origin.kind == "parameter"
                        else "add the step to this pipeline, or pass what it wrote as External(location)",
                    )
                )
            elif not scope.sees(origin.scope):
                self.findings.append(
                    Finding(
                        "SMG203",
                        f"{origin.title} stands in {origin.scope.title}, which may not have run",
                        place,
                        given_at=origin.place,
                        expected=f"something of {scope.title}, or of what it stands in"
                        if scope.parent is not None
                        else "something that stands outside of every branch",
                        fix="move this step into that branch, or the other one out of it",
                    )
                )

    def check_texts(self, document: JsonObject) -> None:
        """SMG207 for half characters, which no UTF-8 file can hold."""
        for pointer, text in _texts(document):
            if _HALF_CHARACTER.search(text):
                message = "a text of the pipeline has half of a character in it (a lone surrogate)"
                fix = "read the text with the encoding that it was written in"
                place = replace(self.content.place, pointer=pointer)
                self.findings.append(Finding("SMG207", message, place, given=text, fix=fix))

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
                # What the contract declares by itself stays as it is.
                written = document.get("PropertyFiles")
                declared = list(written) if isinstance(written, list) else []
                known = [item.get("PropertyFileName") for item in declared if isinstance(item, dict)]
                wanted = [file for file in read[name] if file not in known]
                document["PropertyFiles"] = [*declared, *_property_files(contracts[name], wanted)]

    def check_consumption(self) -> None:
        """SMG214 for an output that must be consumed and that nothing of the pipeline reads."""
        for added in self.steps:
            handle = added.handle
            for name, port in handle.contract.output_ports.items():
                if port.output_spec.must_be_consumed and (handle.name, name) not in self.read:
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


def _texts(value: JsonValue, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a JSON value, keys included, with the pointer of what holds it."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, append_pointer(pointer, index))
    elif isinstance(value, dict):
        for key, member in value.items():
            yield pointer, key
            yield from _texts(member, append_pointer(pointer, key))


def _property_files(contract: StepContract, names: Sequence[str]) -> Iterator[JsonObject]:
    for port in contract.output_ports.values():
        spec = port.output_spec
        for file in spec.files:
            if file.property_file in names:
                yield {
                    "PropertyFileName": file.property_file,
                    "OutputName": spec.aws_name or spec.logical_name,
                    "FilePath": file.path,
                }


def _titles(display_name: str | None, description: str | None) -> JsonObject:
    titles: JsonObject = {}
    if display_name is not None:
        titles["DisplayName"] = display_name
    if description is not None:
        titles["Description"] = description
    return titles


def _default_value(declared: ParameterDeclaration, default: object) -> JsonValue:
    """The default as JSON; a whole number in a Float parameter as a float. None for what no parameter takes."""
    literal = plain_literal(default)
    if literal is None:
        return None
    given = VARIABLE_TYPES[type(literal)]
    if declared.type == "Float" and given == "Integer":
        try:
            return float(literal)
        except OverflowError:
            return math.inf
    return literal if given == declared.type else None


def _default_problems(declared: ParameterDeclaration, default: ParameterValue, place: Place) -> Iterator[Finding]:
    value = _default_value(declared, default)
    declared_at = None if place is declared.place else declared.place
    if value is None:
        yield Finding(
            "SMG207",
            f"the default of parameter '{declared.name}' is no {declared.type}",
            place,
            given=shown(default),
            expected=declared.type,
            expected_at=declared_at,
            fix=_default_fix(declared, default),
        )
    elif isinstance(value, float) and not math.isfinite(value):
        message = f"the default of parameter '{declared.name}' is no finite number"
        yield Finding("SMG207", message, place, given=short(default))
    elif declared.enum and value not in declared.enum:
        yield Finding(
            "SMG207",
            f"the default of parameter '{declared.name}' is not among its values",
            place,
            given=short(default),
            expected=", ".join(declared.enum),
            expected_at=declared_at,
            nearest=nearest_name(str(value), declared.enum),
        )


def _default_fix(declared: ParameterDeclaration, default: object) -> str:
    if declared.type in ("Integer", "Float") and isinstance(default, str) and is_number(default):
        return "write the number without quotes"
    if declared.type == "String" and plain_literal(default) is not None:
        return "write it in quotes"
    return f"give a default of type {declared.type}, or declare a parameter of another type"


def _is_slip(name: str, meant: str) -> bool:
    """Whether two names differ by one typing mistake; names that differ by a number are mostly meant to."""
    from rapidfuzz.distance import OSA

    left, right = (re.sub(r"[_-]", "", text.casefold()) for text in (name, meant))
    if re.findall("[0-9]+", left) != re.findall("[0-9]+", right):
        return False
    return left == right or (min(len(left), len(right)) >= _SHORTEST_SLIP and OSA.distance(left, right) == 1)


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
    if isinstance(reference, External):
        reference = reference.__smgen_location__
    if isinstance(reference, Variable):
        for origin in reference.__smgen_origins__:
            if origin.kind == "step" and origin.output is not None:
                return ReferenceBinding(origin.name, origin.output)
    return ExternalBinding()
