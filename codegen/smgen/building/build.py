"""Makes the definition of a pipeline from what was added to it, or reports everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from smgen.authoring.builders import Reference
from smgen.authoring.missing_values import once_per_value
from smgen.authoring.misuse import short, shown, unchecked
from smgen.authoring.origins import Dependency, Origin, Scope
from smgen.authoring.raw import lay_over
from smgen.authoring.request_filler import ParameterDefault
from smgen.authoring.variables import StringVariable, Variable, is_variable, plain_literal
from smgen.aws import CLEANUP, CONDITION, FAIL, FOR_EACH, STEP_KINDS, retry_policy_problems
from smgen.building.auto_connecting import connect
from smgen.building.bindings import bound_references
from smgen.building.connecting import circle_findings
from smgen.building.connections import Connections, lock_findings
from smgen.building.content import (
    Added,
    AddedCleanup,
    AddedCondition,
    AddedFail,
    AddedForEach,
    AddedRaw,
    AddedStep,
    AdoptedRequest,
    Branch,
    MlflowSettings,
    ParameterDeclaration,
    PipelineContent,
    all_steps,
    placed,
)
from smgen.building.contract_code import ContractCode
from smgen.building.environment import ParameterValue
from smgen.building.field_values import field_schemas, value_findings
from smgen.building.filling import StepFiller
from smgen.building.output_types import output_types
from smgen.building.parameter_defaults import default_problems, default_value
from smgen.building.rules import CHECKS
from smgen.building.step_documents import declare_property_files, step_documents, texts_of
from smgen.building.step_provenance import step_provenance
from smgen.building.written import WrittenPipeline
from smgen.contract_model import StepContract, ValueSchema, python_identifier
from smgen.definition import (
    DEFINITION_VERSION,
    Definition,
    Provenance,
    StepProvenance,
    parse_definition,
)
from smgen.diagnostics import Finding, FindingsError, Place, counted, is_slip, nearest_name
from smgen.documents import HALF_CHARACTER, JsonObject, JsonValue
from smgen.expressions import Get, to_json

if TYPE_CHECKING:
    from smgen.assets import Asset

#: The name of an iteration of a step in the body of a loop (for_each_step.py of the SDK).
_ITERATION: Final = re.compile("(.+)-[0-9]+")


@dataclass(frozen=True)
class CompiledPipeline:
    """A pipeline as it would be deployed: its name, its definition, where the parts come from, and its code.

    ``connections`` says what became of its AUTO ports; ``description`` is the pipeline's own, which SageMaker keeps
    beside the definition; ``contracts`` are those of its steps, by the step's name.
    """

    name: str
    definition: Definition
    provenance: Provenance
    assets: tuple[Asset, ...]
    connections: Connections = field(default_factory=Connections, compare=False)
    description: str | None = None
    contracts: Mapping[str, StepContract] = field(default_factory=dict[str, StepContract], compare=False, repr=False)

    def __repr__(self) -> str:
        counts = [
            counted(len(self.definition.all_steps()), "step"),
            counted(len(self.definition.parameters), "parameter"),
            counted(len(self.assets), "asset"),
        ]
        return f'<the compiled pipeline "{self.name}": {", ".join(counts)}>'


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
        self.added = list(all_steps(root))
        self.steps = [added for added in self.added if isinstance(added, AddedStep)]
        self.contracts = {added.handle.name: added.handle.contract for added in self.steps}
        adopted = [added.adopted for added in self.steps if added.adopted is not None]
        self.parameters: Mapping[str, ParameterDeclaration] = content.parameters
        if adopted:
            from smgen.building.adopted_references import merged_parameters

            self.parameters, repeated = merged_parameters(content.parameters, adopted)
            self.findings += repeated
        self.loops = {added.body.scope: added.items for added in self.added if isinstance(added, AddedForEach)}
        self.connections = connect(content, self.added)
        self.provenance: list[StepProvenance] = []
        self.code = ContractCode(self.environment, content.name)
        #: What is bound to each port of a step, by the step's name.
        self.bindings: dict[str, Mapping[str, Sequence[Reference]]] = {}
        #: The outputs that something reads, by step and output.
        self.read: set[tuple[str, str | None]] = set()
        #: The schemas of the values of each contract, by its identity.
        self.schemas: dict[int, Mapping[str, ValueSchema]] = {}

    def pipeline(self) -> CompiledPipeline:
        parameters: list[JsonValue] = [self.parameter(item) for item in self.parameters.values()]
        self.check_environment()
        if self.content.locked:
            self.findings += lock_findings(self.connections, self.content.pins)
        steps = self.branch(self.root)
        self.findings += circle_findings(self.added)
        declare_property_files(steps, self.contracts)
        self.check_consumption()
        self.check_rules(steps)
        self.check_names_of_iterations()
        self.check_listed()
        self.check_cleanups(steps)
        for before, raw in self.content.raw_parameters:
            parameters.insert(before, deepcopy(raw))
        document: JsonObject = {
            "Version": DEFINITION_VERSION,
            "Metadata": {},
            "Parameters": parameters,
            "PipelineExperimentConfig": self.experiment(),
        }
        if self.content.mlflow is not None:
            document["MlflowConfig"] = self.mlflow(self.content.mlflow)
        document["Steps"] = [*steps]
        document |= deepcopy(self.content.raw_members)
        self.check_texts(document)
        if self.findings:
            raise FindingsError(once_per_value(self.findings))
        provenance = Provenance(tuple(self.provenance))
        return CompiledPipeline(
            self.content.name,
            # What was given as it is may be anything that AWS would refuse.
            parse_definition(document, tolerant=True),
            provenance,
            tuple(self.code.assets.values()),
            self.connections,
            self.content.description,
            self.contracts,
        )

    # Parameters and settings of the pipeline ---------------------------------------------------------------------

    def parameter(self, declared: ParameterDeclaration) -> JsonObject:
        """One item of ``Parameters``, with the environment's default where it has one."""
        document: JsonObject = {"Name": declared.name, "Type": declared.type}
        default, given_at = self.default(declared)
        if default is not None:
            self.findings += default_problems(declared, default, given_at)
            document["DefaultValue"] = default_value(declared, default)
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
        declared = self.parameters.get(origin.name)
        if declared is None or declared.place is not origin.place:
            return None
        default, place = self.default(declared)
        return ParameterDefault(declared.name, default_value(declared, default), place)

    def check_environment(self) -> None:
        """SMG130 for a default in the environment whose name is that of a parameter but for a slip.

        Any other one may be that of another pipeline, unless it is given for this one only.
        """
        given = self.environment.parameters
        own = self.environment.parameters_of_pipeline
        missing = [name for name in self.parameters if name not in given]
        for name in given:
            nearest = nearest_name(name, missing)
            slip = nearest is not None and is_slip(name, nearest)
            if name not in self.parameters and (slip or name in own):
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
        """The step documents of one branch, in the order in which they were added or are listed."""
        documents = [self.step(added) for added in branch.steps]
        if not self.content.listed:
            return documents
        order = {name: number for number, name in enumerate(self.content.listed)}
        return sorted(documents, key=lambda document: order.get(str(document["Name"]), len(order)))

    def step(self, added: Added) -> JsonObject:
        if isinstance(added, AddedRaw):
            return deepcopy(added.document)
        document = self.typed_step(added)
        lay_over(document, self.content.raw_of_steps.get(placed(added)[1], {}))
        return document

    def typed_step(self, added: AddedStep | AddedCondition | AddedFail | AddedForEach | AddedCleanup) -> JsonObject:
        if isinstance(added, AddedCondition):
            return self.condition(added)
        if isinstance(added, AddedForEach):
            return self.for_each(added)
        if isinstance(added, AddedCleanup):
            return self.cleanup(added)
        if isinstance(added, AddedStep) and added.adopted is not None:
            return self.adopted_step(added, added.adopted)
        if isinstance(added, AddedFail):
            message = self.text("the message of a failure", added.message, added.scope, added.place)
            return self.structural_step(added, FAIL.type, {"ErrorMessage": message}, added.after)
        return self.contract_step(added)

    def structural_step(
        self,
        added: AddedCondition | AddedFail | AddedForEach | AddedCleanup,
        kind: str,
        arguments: JsonObject,
        after: Sequence[Dependency],
    ) -> JsonObject:
        """The document of a step without a contract."""
        document: JsonObject = {"Name": added.name, "Type": kind, "Arguments": arguments}
        document |= self.depends_on(after, added.scope, added.place)
        return document | _titles(added.display_name, added.description)

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
        return self.structural_step(added, CONDITION.type, arguments, added.after)

    def for_each(self, added: AddedForEach) -> JsonObject:
        self.check_origins(added.items.origins, added.scope, added.place)
        if not added.body.steps:
            message = f"the loop '{added.name}' has no step in its body"
            self.findings.append(Finding("SMG222", message, added.place, fix="add one: loop.body.add_step(…)"))
        arguments: JsonObject = {"IterableItems": added.items.document, "MaxConcurrency": added.max_concurrency}
        if added.selector is not None:
            origin = added.selector.origin
            self.read.add((origin.name, origin.output))
            arguments["Selector"] = {"Pick": added.selector.pick, "Field": to_json(added.selector.field)}
        arguments["ForEachBody"] = [*self.branch(added.body)]
        return self.structural_step(added, FOR_EACH.type, arguments, added.after)

    def cleanup(self, added: AddedCleanup) -> JsonObject:
        from smgen.building.cleanup import cleanup_arguments, waiting_for

        after = waiting_for(added.sources, added.after)
        return self.structural_step(added, CLEANUP.type, cleanup_arguments(added), after)

    def contract_step(self, added: AddedStep) -> JsonObject:
        handle, builder = added.handle, added.builder
        contract = handle.contract
        bindings, findings = bound_references(handle, builder.__smgen_ports__, self.steps, self.connections)
        self.findings += findings
        self.bindings[handle.name] = bindings
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
            default_of=self.default_of,
            loop=self.loops.get(handle.scope),
        )
        arguments = builder.__smgen_arguments__(filler, self.default_of)
        document: JsonObject = {"Name": handle.name, "Type": contract.kind, "Arguments": arguments}
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
            # What a raw kind has nobody knows.
            if not (contract.raw or STEP_KINDS[contract.kind].caches):
                message = f"a {contract.kind} step has no cache"
                self.findings.append(Finding("SMG403", message, handle.place, fix="leave out cache="))
            document["CacheConfig"] = added.cache.document()
        connected = self.connections.bound.get(handle, {})
        self.provenance.append(step_provenance(added, bindings, connected, assets, self.contracts))
        return document | fields

    def adopted_step(self, added: AddedStep, request: AdoptedRequest) -> JsonObject:
        """The document of a step that was made with the SDK, once everything that it names was found."""
        from smgen.building.adopted_references import adopted_references

        handle = added.handle
        known = {placed(one)[1]: one for one in self.added}
        places = {name: _origin_of(one) for name, one in known.items()}
        contracts = {one.handle.name: one.handle.contract for one in self.steps}
        found = adopted_references(request.document, handle, places, contracts, self.parameters)
        self.check_origins(found.origins, handle.scope, handle.place)
        self.findings += found.findings
        self.provenance.append(step_provenance(added, {}, {}, {}, self.contracts))
        return deepcopy(request.document)

    def depends_on(self, after: Sequence[Dependency], scope: Scope, place: Place) -> JsonObject:
        """``DependsOn``, in which a step stands once; SMG321 where one is waited for in two ways."""
        self.check_origins([dependency.origin for dependency in after], scope, place)
        found: dict[str, Dependency] = {}
        for dependency in after:
            origin = dependency.origin
            first = found.setdefault(origin.name, dependency)
            if first.trigger != dependency.trigger:
                message = f"the step waits for {origin.title} in two ways"
                given = " and ".join(each.trigger or "Completed" for each in (first, dependency))
                fix = "say one: Ran.any(step) runs the step however the other one ended"
                self.findings.append(
                    Finding(
                        "SMG321", message, place, given=given, given_at=origin.place, expected="one of them", fix=fix
                    )
                )
            if any(around.condition is origin.place for around in scope.outward()):
                message = f"the step waits for {origin.title}, in a branch of which it stands"
                fix = "leave it out of after=: a step in a branch always runs after the condition"
                self.findings.append(Finding("SMG213", message, place, given_at=origin.place, fix=fix))
        items: list[JsonValue] = [_dependency(dependency) for dependency in found.values()]
        return {"DependsOn": items} if items else {}

    def retries(self, added: AddedStep) -> JsonObject:
        if not added.retries:
            return {}
        kind, place = added.handle.contract.kind, added.handle.place
        policies = [retry.document() for retry in added.retries]
        if added.handle.contract.raw:
            problems: list[str] = []
        elif STEP_KINDS[kind].retries:
            problems = [words for policy in policies for _, words in retry_policy_problems(kind, policy)]
        else:
            problems = [f"a {kind} step has no retries"]
        self.findings += [Finding("SMG404", problem, place, fix="change or leave out retry=") for problem in problems]
        return {"RetryPolicies": [*policies]}

    def asset(self, added: AddedStep, named: str | StepContract, used: dict[str, Asset]) -> str | None:
        """The S3 location of the code of the step's own contract, or of another one's; None after a finding."""
        handle = added.handle
        contract, name = (named, named.name) if isinstance(named, StepContract) else (handle.contract, named)
        asset, findings = self.code.pack(contract, handle.place)
        self.findings += findings
        if asset is None:
            return None
        used[name] = asset
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
            elif (loop := _loop_around(scope, origin)) is not None:
                message = f"{origin.title} is there when the loop has ended, and the step stands in its body"
                fix = "read the step of the body itself, or move this step out of the loop"
                self.findings.append(Finding("SMG213", message, place, given_at=loop, fix=fix))
            elif (hidden := scope.hidden(origin.scope)) is not None and hidden.loop is not None:
                self.findings.append(_out_of_loop(origin, hidden, place))
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
        places = {name: place for _, name, place in map(placed, self.added)}
        for pointer, text, step in texts_of(document):
            if HALF_CHARACTER.search(text):
                message = "a text of the pipeline has half of a character in it (a lone surrogate)"
                fix = "read the text with the encoding that it was written in"
                place = replace(places.get(step, self.content.place), pointer=pointer)
                self.findings.append(Finding("SMG207", message, place, given=text, fix=fix))

    def check_rules(self, documents: Sequence[JsonObject]) -> None:
        """The rules that are a module each."""
        written = WrittenPipeline(
            self.content, self.added, self.steps, self.connections, self.bindings, self.read, documents
        )
        self.findings += (finding for check in CHECKS.values() for finding in check(written))

    def check_consumption(self) -> None:
        """SMG214 for an output that must be consumed and that nothing of the pipeline reads.

        Not where a required AUTO port that found no producer may be the one that reads it: that is told already.
        """
        open_types = {
            added.handle.contract.input_ports[port].dependency_spec.dependency_type
            for added in self.steps
            for port in self.connections.unbound.get(added.handle, ())
            if added.handle.contract.input_ports[port].dependency_spec.required
        }
        for added in self.steps:
            handle = added.handle
            for name, port in handle.contract.output_ports.items():
                if port.output_spec.must_be_consumed and (handle.name, name) not in self.read:
                    if open_types and open_types & set(output_types(added, name)):
                        continue
                    self.findings.append(
                        Finding(
                            "SMG214",
                            f"nothing reads the output '{name}' of step \"{handle.name}\"",
                            replace(handle.place, port=name),
                            expected=f"a step that takes it: contract {handle.contract.name} says must_be_consumed",
                            fix=f"pass .{python_identifier(name)} to the step that needs it, or leave the step out",
                        )
                    )

    def check_names_of_iterations(self) -> None:
        """SMG200 for a step named as SageMaker names an iteration of a step in a loop: ``Train-0``."""
        bodies = {added.handle.name: added.handle.place for added in self.steps if added.handle.scope.loop is not None}
        for added in self.added:
            scope, name, place = placed(added)
            body = _ITERATION.fullmatch(name)
            if body is None or scope.loop is not None or body[1] not in bodies:
                continue
            message = f"the step '{name}' is named as an iteration of step '{body[1]}' of a loop"
            fix = "give one of them another name"
            finding = Finding("SMG200", message, place, expected_at=bodies[body[1]], fix=fix)
            self.findings.append(finding)

    def check_listed(self) -> None:
        """SMG207 for a name in the order of the steps that no step has."""
        names = [placed(added)[1] for added in self.added]
        for name in self.content.listed:
            if name not in names:
                message = f"the order of the steps names {short(name)}, and there is no such step"
                nearest = nearest_name(str(unchecked(name)), names)
                fix = f"write {nearest}" if nearest else "leave it out"
                place, expected = self.content.listed_at, "the name of a step"
                finding = Finding("SMG207", message, place, given=name, expected=expected, nearest=nearest, fix=fix)
                self.findings.append(finding)

    def check_cleanups(self, steps: Sequence[JsonObject]) -> None:
        """SMG223 for steps of which a cleanup step cannot delete what it is asked to."""
        cleanups = [added for added in self.added if isinstance(added, AddedCleanup)]
        if not cleanups:
            return
        from smgen.building.cleanup import source_finding

        documents = {str(document["Name"]): document for document in step_documents(steps)}
        for added in cleanups:
            for source in added.sources:
                contract = self.contracts.get(source.step.name)
                if contract is not None:
                    finding = source_finding(source, contract, documents[source.step.name], added.place)
                    self.findings += () if finding is None else (finding,)


def _origin_of(added: Added) -> Origin:
    scope, name, place = placed(added)
    return Origin("step", name, scope, place)


def _dependency(dependency: Dependency) -> JsonValue:
    """One item of ``DependsOn``."""
    if dependency.trigger is None:
        return dependency.origin.name
    return {"Step": dependency.origin.name, "Trigger": dependency.trigger}


def _loop_around(scope: Scope, origin: Origin) -> Place | None:
    """The place of the loop around ``scope`` of which something is read, or waited for; None where it is another."""
    loop = origin.place if origin.iteration is None else origin.iteration.loop.place
    return loop if any(around.loop is loop for around in scope.outward()) and origin.kind == "step" else None


def _out_of_loop(origin: Origin, body: Scope, place: Place) -> Finding:
    """SMG203 for something in the body of a loop that is read from outside of it."""
    if origin.kind == "item":
        what = f"{origin.title} is there in the body of the loop only"
        fix = "move this step into the body: loop.body.add_step(…)"
    elif origin.output is None:
        what = f"{origin.title} stands in {body.title}, which runs once for each item"
        fix = "name the loop instead of the step in its body"
    else:
        what = f"{origin.title} stands in {body.title}, which runs once for each item"
        fix = "read one iteration: loop.outputs[0][step], or loop.max_by(step, …)"
    return Finding("SMG203", what, place, given_at=origin.place, expected=f"something outside of {body.title}", fix=fix)


def _titles(display_name: str | None, description: str | None) -> JsonObject:
    titles: JsonObject = {}
    if display_name is not None:
        titles["DisplayName"] = display_name
    if description is not None:
        titles["Description"] = description
    return titles
