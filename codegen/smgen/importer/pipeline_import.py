"""Turns the definitions of one pipeline, one for each environment, into contracts and a pipeline to be written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from smgen.aws import CLEANUP, CONDITION, FAIL, FOR_EACH
from smgen.contract_model import python_identifier
from smgen.definition import Branch, Definition, Parameter, Step
from smgen.diagnostics import Finding, sorted_findings
from smgen.documents import (
    HALF_CHARACTER,
    JsonObject,
    JsonValue,
    append_pointer,
    list_at,
    object_at,
    split_pointer,
    text_at,
    trail_pointer,
    walk,
)
from smgen.expressions import (
    Get,
    ParameterReference,
    Value,
    elements_at,
    members_at,
    members_from_json,
    references,
    target,
    value_at,
    value_from_json,
)
from smgen.importer.artifacts import DATASET, ancestors, artifact_types_document, common_type, family
from smgen.importer.code_order import code_order
from smgen.importer.conditions import StepConditions
from smgen.importer.contract_names import contract_names
from smgen.importer.contract_writing import ContractDraft, PlannedPort, document_of, write_contract
from smgen.importer.environment_values import Assigned, assign
from smgen.importer.grouping import grouped
from smgen.importer.imported_pipeline import (
    Authored,
    DeployedFacts,
    Guess,
    HiddenEdge,
    Imported,
    ImportedCleanup,
    ImportedCondition,
    ImportedFail,
    ImportedLoop,
    ImportedParameter,
    ImportedPipeline,
    ImportedRaw,
    ImportedRecord,
    ImportedStep,
    ProxyExpression,
    RawPart,
    Waiting,
    authored_json,
)
from smgen.importer.loop_items import is_record_text
from smgen.importer.outputs import OutputPlan, plan_outputs, steering_outputs
from smgen.importer.plain_types import PARAMETER_TYPES, ParameterType, PythonType, parameter_type
from smgen.importer.raw_parts import (
    RawParts,
    RawView,
    Reason,
    first_raw_parts,
    more_raw_parts,
    names_in_order,
    raw_members,
    raw_steps,
    raw_view,
    reasons_of,
)
from smgen.importer.shapes import is_expression, step_fields
from smgen.importer.step_reads import Reading, read, selected_by
from smgen.importer.step_treatment import settings_problems, waited
from smgen.importer.unifying import Unified, unify
from smgen.importer.value_writer import ValueWriter
from smgen.importer.walking import all_imported

_LITERALS: Final[Mapping[str, tuple[type, ...]]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (float, int),
    "Boolean": (bool,),
}


def import_pipeline(
    name: str,
    definitions: Mapping[str, Definition],
    deployed: Mapping[str, DeployedFacts] | None = None,
    raw: RawParts | None = None,
) -> ImportedPipeline:
    """One pipeline from its definitions in one or several environments, by the environments' names.

    ``deployed`` is what is known of the pipeline beside its definition, by environment.
    What differs between the environments, and what looks bound to an account, becomes a value of theirs; steps that
    differ only in values share a contract. What nothing typed can say comes in as it is, beside what of it is in
    ``raw`` already. Nothing is raised for what cannot be written at all: it is among ``findings``.
    Raises ValueError without a definition.
    """
    if not definitions:
        raise ValueError("a pipeline is imported from at least one definition")
    unwritable = tuple(finding for item in definitions.values() for finding in _half_characters(item))
    if unwritable:
        return ImportedPipeline(name, {}, {"types": {}}, (), (), (), None, findings=unwritable)
    whole = unify(definitions)
    parts = {**first_raw_parts(whole), **(raw or {})}
    told: dict[str, Finding] = {}
    while True:
        view = raw_view(whole, parts)
        assigned = assign(view.unified, deployed or {})
        reading = read(view.unified.definition, assigned, view.parts)
        pipeline = _Importer(name, view, whole, assigned, reading).pipeline()
        told |= assigned.findings
        reasons = [Reason(pointer, finding.message) for pointer, finding in assigned.findings.items()]
        reasons += reasons_of(finding for finding in pipeline.findings if finding.rule == "SMG134")
        more = more_raw_parts(whole.definition, reasons, parts)
        if not more:
            lost = tuple(item for item in told.values() if item not in pipeline.findings)
            return replace(pipeline, findings=sorted_findings((*pipeline.findings, *lost)))
        parts |= more


def _half_characters(definition: Definition) -> Iterator[Finding]:
    """SMG134 for texts and names with half of a character in them (a lone surrogate), which no file can hold."""
    for trail, value in walk(definition.document):
        if any(map(HALF_CHARACTER.search, [value] if isinstance(value, str) else object_at(value))):
            place = definition.place(trail_pointer(trail))
            yield Finding("SMG134", "a text has half of a character in it (a lone surrogate)", place)


@dataclass
class _Importer:
    name: str
    view: RawView
    #: The definition with those parts that come in as they are.
    unified: Unified
    assigned: Assigned
    reading: Reading
    guesses: list[Guess] = field(default_factory=list[Guess])

    def __post_init__(self) -> None:
        self.whole, self.definition = self.unified.definition, self.view.unified.definition
        self.raw = self.view.parts

    def pipeline(self) -> ImportedPipeline:
        definition = self.definition
        groups = grouped(self.reading, self.assigned)
        self.draft_contracts(groups)
        while (divided := self.by_family(groups)) != groups:
            groups = divided
            self.draft_contracts(groups)
        self.check_steps()
        read = set(_read_parameters(self.unified.definitions))
        parameters = tuple(replace(item, is_read=item.name in read) for item in self.parameters())
        experiment = self.pair(definition.experiment, "/PipelineExperimentConfig", ("ExperimentName", "TrialName"))
        if experiment is not None and experiment[1] is None:
            self.writer.finding("TrialName is missing", "/PipelineExperimentConfig", None)
        mlflow = self.pair(definition.mlflow, "/MlflowConfig", ("MlflowResourceArn", "MlflowExperimentName"))
        steps = self.steps(self.whole.steps)
        used = self.port_types()
        contracts = {draft.name: document_of(draft, self.writer.used) for draft in self.drafts}
        metadata = object_at(self.whole.document, "Metadata")
        findings = (*self.unified.findings, *self.assigned.findings.values(), *self.writer.findings)
        return ImportedPipeline(
            name=self.name,
            contracts=contracts,
            artifact_types=artifact_types_document(used),
            environments=self.assigned.environments,
            parameters=parameters,
            steps=steps,
            experiment=experiment,
            mlflow=mlflow,
            guesses=(*self.assigned.guesses, *self.guesses),
            findings=sorted_findings(findings),
            hidden_edges=tuple(self.hidden_edges()),
            listed=dict(self.listed(steps)),
            metadata={} if "/Metadata" in self.raw else metadata,
            raw_members=self.raw_object("", [part for part in self.raw if part.count("/") == 1]),
            raw_of_steps=dict(self.raw_of_steps()),
            raw_parts={self.shown(part): words for part, words in {**self.raw, **self.writer.raw}.items()},
        )

    # What comes in as it is -----------------------------------------------------------------------------------------

    def raw_of_steps(self) -> Iterator[tuple[str, RawPart]]:
        """What of each step comes in beside the call that adds it, or lies over what its contract says."""
        for step in self.definition.all_steps():
            begin = f"{step.pointer}/"
            members = [append_pointer(step.pointer, name) for name in raw_members(step, self.raw)]
            members += [part for part in self.view.laid_over if part.startswith(begin)]
            part = self.raw_object(step.pointer, members)
            if part is not None:
                yield step.name, part

    def raw_object(self, holder: str, parts: Sequence[str]) -> RawPart | None:
        """The parts of what stands at a pointer in one object; None for none."""
        found: dict[int, JsonValue] = {}
        for pointer in parts:
            way = split_pointer(pointer[len(holder) :])
            for number, value in self.unified.part(pointer).values.items():
                inner = object_at(found.setdefault(number, {}))
                for name in way[:-1]:
                    inner = object_at(inner.setdefault(name, {}))
                inner[way[-1]] = value
        if not found:
            return None
        names = range(len(self.unified.environments))
        return RawPart({number: found.get(number, {}) for number in names}, len(names))

    def listed(self, steps: Sequence[Imported]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The order of the steps in the definition of each environment in which it is not that of the code."""
        raw = {step.pointer for step in raw_steps(self.whole.steps, self.raw)}
        for number, definition in enumerate(self.unified.definitions):
            there = (self.unified.own_pointer(number, pointer) for pointer in raw)
            names = tuple(names_in_order(definition.steps, {pointer for pointer in there if pointer is not None}))
            added = (
                step.name
                for step in all_imported(steps)
                if not isinstance(step, ImportedRaw) or number in step.document.values
            )
            if tuple(added) != names:
                yield number, names

    def shown(self, part: str) -> str:
        """Where a part stands in the first definition that has it."""
        own = (self.unified.own_pointer(number, part) for number in range(len(self.unified.environments)))
        return next((pointer for pointer in own if pointer is not None), part)

    # Contracts ------------------------------------------------------------------------------------------------------

    def draft_contracts(self, groups: Sequence[tuple[Step, ...]]) -> None:
        """A contract for each group of steps, before the types of its ports are known."""
        self.guesses.clear()
        steps = self.definition.all_steps()
        plans: dict[str, OutputPlan] = {}
        for members in groups:
            plan = plan_outputs(members, self.reading, self.guesses)
            plans |= {step.name: plan for step in members}
        plans |= {step.name: steering_outputs(step.kind) for step in steps if step.kind.structural and step.kind.usual}
        self.writer = ValueWriter(self.view.unified, self.reading, self.assigned, plans)
        self.cleanups = dict(self.cleanup_steps())
        self.drafts = [
            write_contract(own, members, self.writer, self.name)
            for own, members in zip(contract_names(groups, self.name), groups, strict=True)
            if not all(step.name in self.cleanups for step in members)
        ]
        self.contract_of = {step.name: draft for draft in self.drafts for step in draft.members}

    def by_family(self, groups: Sequence[tuple[Step, ...]]) -> tuple[tuple[Step, ...], ...]:
        """The groups, in which no port is given artifacts of two families: no type would take both."""
        found: list[tuple[Step, ...]] = []
        for members in groups:
            draft = self.contract_of.get(members[0].name)
            parts: list[tuple[dict[str, str], list[Step]]] = []
            for step in members:
                own = {} if draft is None else dict(self.families(draft, step.name))
                fitting = [part for part in parts if all(part[0].get(port, kind) == kind for port, kind in own.items())]
                known, steps = fitting[0] if fitting else ({}, [])
                known.update(own)
                steps.append(step)
                parts += [] if fitting else [(known, steps)]
            found += (tuple(steps) for _, steps in parts)
        return tuple(found)

    def families(self, draft: ContractDraft, step: str) -> Iterator[tuple[str, str]]:
        """The family of the artifact that each port of a step is given, or reads where another step writes."""
        values = draft.steps[step]
        for port in draft.ports:
            kind = self.type_of(values.ports.get(port)) or self.hidden_type(draft, step, port)
            if kind is not None:
                yield port, family(kind)

    # The pipeline as a whole ----------------------------------------------------------------------------------------

    def check_steps(self) -> None:
        """SMG134 for what no code can say of a step beside its arguments, and for one that reads itself."""
        # What not every environment has cannot be waited for in code of all.
        raw = raw_steps(self.whole.steps, self.raw)
        steps = {step.name: step for step in raw if self.unified.part(step.pointer).is_everywhere}
        steps |= self.reading.steps
        for step in self.definition.all_steps():
            for at, words in settings_problems(step, steps):
                self.writer.finding(words, at, step.name)

    def parameters(self) -> Iterable[ImportedParameter]:
        readable = {parameter.pointer: parameter for parameter in self.definition.parameters}
        for number, document in enumerate(list_at(self.whole.document, "Parameters")):
            at = append_pointer("/Parameters", number)
            parameter = readable.get(at)
            if at in self.raw:
                kind = parameter_type(text_at(document, "Type") or "")
                name = "" if parameter is None else parameter.name
                yield ImportedParameter(name, kind or "String", raw=self.unified.part(at))
            elif parameter is not None:
                yield from self.parameter(parameter, object_at(document))

    def parameter(self, parameter: Parameter, document: JsonObject) -> Iterable[ImportedParameter]:
        kind = parameter_type(parameter.type)
        at = append_pointer(parameter.pointer, "DefaultValue")
        if kind is None:
            at = append_pointer(parameter.pointer, "Type")
            known = ", ".join(PARAMETER_TYPES)
            words = f"the parameter '{parameter.name}' has a type that there is not"
            self.writer.finding(words, at, None, given=parameter.type, expected=known)
            return
        if document.get("Type") is None:
            self.writer.finding("the parameter has no type, and is a text", parameter.pointer, None)
        default = self.default(parameter, kind, at)
        enum = tuple(item for item in parameter.enum or () if isinstance(item, str))
        if parameter.enum and (kind != "String" or len(enum) != len(parameter.enum)):
            words = f"only a String parameter lists its values, and '{parameter.name}' is another one"
            self.writer.finding(words, append_pointer(parameter.pointer, "EnumValues"), None)
        yield ImportedParameter(parameter.name, kind, default, enum)

    def default(self, parameter: Parameter, kind: ParameterType, at: str) -> Authored:
        """The default of a parameter in the code; None where it has none, or the environments say it."""
        given = parameter.default
        if given is None:
            return None
        default = self.writer.value(value_from_json(given), at, None)
        if not isinstance(given, _LITERALS[kind]) or (isinstance(given, bool) and kind != "Boolean"):
            words = f"the default of parameter '{parameter.name}' is no {kind}"
            self.writer.finding(words, at, None, given=repr(given), expected=kind)
        elif kind == "Float" and isinstance(default, int):
            try:
                default = float(default)
            except OverflowError:
                words = f"the default of parameter '{parameter.name}' has too many digits"
                self.writer.finding(words, at, None, expected=kind)
        return None if parameter.name in self.assigned.parameters else default

    def pair(self, value: JsonObject | None, at: str, names: tuple[str, str]) -> tuple[Authored, Authored] | None:
        """Two settings of the pipeline as a whole; None where it has none."""
        if value is None:
            return None
        members = members_from_json(value)
        first, second = (self.writer.value(members.get(name), append_pointer(at, name), None) for name in names)
        for name, item in zip(names, (first, second), strict=True):
            is_plain = isinstance(item, (bool, int, float, tuple, Mapping))
            if item is not None and (is_plain or self.writer.json_type(item) != "string"):
                self.writer.finding(f"{name} is a text", append_pointer(at, name), None)
        if first is None:
            self.writer.finding(f"{names[0]} is missing", at, None)
        for name in value:
            if name not in names:
                self.writer.finding(f"there is no setting '{name}' of a pipeline", append_pointer(at, name), None)
        return first, second

    # Steps ----------------------------------------------------------------------------------------------------------

    def steps(self, steps: Sequence[Step]) -> tuple[Imported, ...]:
        """The steps of one list of the whole definition."""
        ordered, circle = code_order(steps, self.raw)
        for step in circle:
            self.writer.finding("steps wait for each other", step.pointer, step.name)
        return tuple(found for step in ordered if (found := self.step_of(step)) is not None)

    @cached_property
    def typed(self) -> dict[str, Step]:
        """The steps that do not come in as they are, by their pointers."""
        return {step.pointer: step for step in self.definition.all_steps()}

    @cached_property
    def whole_branches(self) -> dict[str, Branch]:
        """The branches with all of their steps, by their pointers."""
        return {branch.pointer: branch for step in self.whole.all_steps() for branch in step.branches}

    def step_of(self, step: Step) -> Imported | None:
        if step.pointer in self.raw:
            return ImportedRaw(step.name, self.unified.part(step.pointer))
        return self.step(self.typed[step.pointer])

    def step(self, step: Step) -> Imported | None:
        after = waited(step)
        titles = self.titles(step)
        if step.kind is CONDITION:
            return self.condition(step, after, titles)
        if step.kind is FAIL:
            at = append_pointer(step.pointer, "Arguments", "ErrorMessage")
            message = self.writer.value(members_at(step.own, "Arguments").get("ErrorMessage", ""), at, step.name)
            self.only(step.arguments, ("ErrorMessage",), append_pointer(step.pointer, "Arguments"), step)
            return ImportedFail(step.name, message, after, *titles)
        if step.kind is FOR_EACH:
            return self.loop(step, after, titles)
        if step.name in self.cleanups:
            return ImportedCleanup(step.name, *self.cleanups[step.name], *titles)
        draft = self.contract_of.get(step.name)
        if draft is None or step.name not in draft.steps:
            return None
        values = draft.steps[step.name]
        return ImportedStep(
            step.name,
            draft.name,
            dict(values.config),
            {name: (value,) for name, value in values.ports.items()},
            dict(values.locations),
            after,
            step.cache,
            step.retry,
            *titles,
        )

    def cleanup_steps(self) -> Iterable[tuple[str, tuple[tuple[ProxyExpression, ...], tuple[Waiting, ...]]]]:
        """The cleanup steps that code can say as such: what they delete, and what they wait for beside that."""
        for step in self.definition.all_steps():
            if (
                step.kind is not CLEANUP
                or step_fields(step)
                or step.cache is not None
                or step.retry
                or step.property_files
            ):
                continue
            sources = self.cleanup_sources(step)
            after = None if sources is None else _waited_beside(step, [source.step for source in sources])
            if sources is not None and after is not None:
                yield step.name, (sources, after)

    def cleanup_sources(self, step: Step) -> tuple[ProxyExpression, ...] | None:
        """What a cleanup step deletes; None for what code cannot say, or a build would refuse."""
        at = append_pointer(step.pointer, "Arguments", "Resources", "S3")
        resources = members_at(step.own, "Arguments", "Resources")
        items = elements_at(resources, "S3")
        if len(resources) != 1 or len(step.arguments) != 1:
            return None
        found: list[ProxyExpression] = []
        for number, item in enumerate(items):
            name, members = value_at(item, "StepName"), members_at(item)
            source = self.reading.steps.get(name) if isinstance(name, str) else None
            if source is None or not {"StepName", "S3Uris"}.issuperset(members):
                return None
            written = self.deleted(step, source, members.get("S3Uris"), append_pointer(at, number, "S3Uris"))
            if not written:
                return None
            found += written
        return tuple(found) if items and len({source.step for source in found}) == len(items) else None

    def deleted(self, step: Step, source: Step, files: Value, at: str) -> list[ProxyExpression]:
        """What of a step is deleted; nothing where it is not what code can say."""
        if any("VpcConfig" in members_at(source.own, "Arguments", *way) for way in ((), ("NetworkConfig",))):
            return []
        if files is None and source.kind.found_by_cleanup:
            return [ProxyExpression(source.name, "")]
        listed = elements_at(files)
        if not all(map(is_expression, listed)):
            return []
        written = (
            self.writer.reference(uri, append_pointer(at, number), step.name) for number, uri in enumerate(listed)
        )
        found = [item for item in written if isinstance(item, ProxyExpression)]
        is_told = len(found) == len(listed) and all(item.step == source.name and item.below for item in found)
        return found if is_told else []

    def titles(self, step: Step) -> tuple[str | None, str | None]:
        texts = (step.fields.get("DisplayName"), step.fields.get("Description"))
        found = [text if isinstance(text, str) else None for text in texts]
        if step.kind.structural:
            self.only(step.fields, ("DisplayName", "Description"), step.pointer, step)
        return found[0], found[1]

    def only(self, value: JsonObject, names: Sequence[str], at: str, step: Step) -> None:
        """SMG134 for members that nothing can be written for."""
        for name, item in value.items():
            if name not in names and item is not None:
                words = f"a {step.type} step has no member '{name}'"
                self.writer.finding(words, append_pointer(at, name), step.name, given=name, expected=", ".join(names))

    def condition(self, step: Step, after: tuple[Waiting, ...], titles: tuple[str | None, str | None]) -> Imported:
        at = append_pointer(step.pointer, "Arguments")
        self.only(step.arguments, ("Conditions", "IfSteps", "ElseSteps"), at, step)
        conditions = StepConditions(self.writer, step)
        written = conditions.conditions()
        branches = {branch.name: self.branch(branch) for branch in step.branches}
        then, otherwise = branches.get("if", ()), branches.get("else", ())
        if not (list_at(step.arguments, "Conditions") and (then or otherwise)):
            self.writer.finding("the condition decides nothing", at, step.name)
        return ImportedCondition(step.name, written, conditions.operands, then, otherwise, after, *titles)

    def branch(self, branch: Branch) -> tuple[Imported, ...]:
        """The steps of a branch, those that come in as they are among them."""
        return self.steps(self.whole_branches[branch.pointer].steps)

    def loop(self, step: Step, after: tuple[Waiting, ...], titles: tuple[str | None, str | None]) -> Imported:
        at = append_pointer(step.pointer, "Arguments")
        self.only(step.arguments, ("IterableItems", "MaxConcurrency", "Selector", "ForEachBody"), at, step)
        of = self.reading.items[step.name]
        items = self.items(step, append_pointer(at, "IterableItems"), of)
        concurrency = step.arguments.get("MaxConcurrency")
        if not isinstance(concurrency, int) or isinstance(concurrency, bool):
            words = "a loop says how many of its steps run at once"
            self.writer.finding(words, append_pointer(at, "MaxConcurrency"), step.name, expected="a whole number")
        chosen = self.chosen(step, append_pointer(at, "Selector"))
        arguments: JsonObject = {"MaxConcurrency": concurrency}
        body = tuple(item for branch in step.branches for item in self.branch(branch))
        return ImportedLoop(step.name, items, arguments, of, chosen, body, after, *titles)

    def chosen(self, step: Step, at: str) -> tuple[str, ProxyExpression] | None:
        """How a loop picks an iteration, and by which output of its body; None where it picks none."""
        selector, picked = value_at(step.own, "Arguments", "Selector"), selected_by(step)
        if not isinstance(selector, dict):
            return None
        plan = None if picked is None else self.writer.plans.get(picked[0])
        name = None if plan is None or picked is None else plan.by_path.get(picked[1])
        pick = selector.get("Pick")
        if picked is None or name is None or pick not in ("MaxBy", "MinBy"):
            words = "the loop picks an iteration by something that no step of its body has"
            self.writer.finding(words, at, step.name)
            return None
        self.writer.used.add((picked[0], python_identifier(name)))
        return str(pick), ProxyExpression(picked[0], python_identifier(name))

    def items(self, step: Step, at: str, of: PythonType | ImportedRecord) -> Authored:
        """What a loop goes through; texts of records that code writes in the same letters become records."""
        given = value_at(step.own, "Arguments", "IterableItems")
        if not isinstance(given, list):
            return self.writer.value(given, at, step.name)
        items: list[Authored] = []
        for number, item in enumerate(given):
            here = append_pointer(at, number)
            record = isinstance(item, str) and isinstance(of, ImportedRecord) and is_record_text(item)
            if record and here not in self.assigned.values:
                items.append(authored_json(json.loads(str(item))))
            else:
                items.append(self.writer.value(item, here, step.name))
        return tuple(items)

    # Types ----------------------------------------------------------------------------------------------------------

    def port_types(self) -> list[str]:
        """Gives every port a type that takes all that is given to it, and tells the types that are in use."""
        used: list[str] = []
        for draft in self.drafts:
            for name, port in draft.ports.items():
                given = [self.type_of(values.ports[name]) for values in draft.steps.values() if name in values.ports]
                hidden = [self.hidden_type(draft, step, name) for step in draft.steps]
                port.type = _port_type(port, [item for item in (*given, *hidden) if item is not None])
                used.append(port.type)
                if not port.wanted.certain and port.type == DATASET:
                    words = f"nothing says what it takes; a {DATASET} was guessed"
                    self.guesses.append(Guess(f"{draft.name}.{name}", words, contract=draft.name))
            for output in draft.plan.outputs.values():
                used += [output.type] if output.is_artifact else []
                used += [file.type for file in output.files.values() if file.type is not None]
        return used

    def type_of(self, value: Authored) -> str | None:
        """The artifact type of what is given to a port; None for what comes from outside."""
        if not isinstance(value, ProxyExpression) or value.location:
            return None
        for name, output in self.writer.plans[value.step].outputs.items():
            if value.attribute in (python_identifier(name), *map(python_identifier, output.files)):
                file = next(
                    (item for own, item in output.files.items() if python_identifier(own) == value.attribute), None
                )
                kind = output.type if file is None or file.type is None else file.type
                return kind if output.is_artifact else None
        return None

    def hidden_type(self, draft: ContractDraft, step: str, port: str) -> str | None:
        edge = self.edge(draft, step, port)
        return None if edge is None else self.type_of(edge)

    def edge(self, draft: ContractDraft, step: str, port: str) -> ProxyExpression | None:
        """What a port would take where it is given a place that another step writes."""
        found = self.reading.hidden.get(draft.places.get((step, port), ""))
        if found is None or isinstance(draft.steps[step].ports.get(port), ProxyExpression):
            return None
        plan = self.writer.plans.get(found.write.step.name)
        if plan is None:
            return None
        path = next(iter(found.write.properties), "")
        own = plan.by_path.get(path)
        if own is None and found.write.output is not None:
            own = next((name for name, item in plan.outputs.items() if item.aws_name == found.write.output), None)
        if own is None or not plan.outputs[own].is_artifact:
            return None
        report = next((name for name, item in plan.outputs[own].files.items() if item.path == found.rest), None)
        if report is not None:
            return ProxyExpression(found.write.step.name, python_identifier(report))
        rest = found.rest if found.write.is_location else ""
        return ProxyExpression(found.write.step.name, python_identifier(own), below=rest)

    def hidden_edges(self) -> Iterable[HiddenEdge]:
        for draft in self.drafts:
            for step, port in draft.places:
                edge = self.edge(draft, step, port)
                if edge is not None:
                    yield HiddenEdge(step, port, edge)


def _read_parameters(definitions: Iterable[Definition]) -> Iterator[str]:
    """The parameters that are read somewhere, also where no typed code says it."""
    for definition in definitions:
        for _, expression in references(definition.document):
            found = target(expression) if isinstance(expression, Get) else None
            if isinstance(found, ParameterReference):
                yield found.name


def _port_type(port: PlannedPort, given: Sequence[str]) -> str:
    """The type of a port: what its place says if that takes everything that is given, else what does."""
    common = common_type(given)
    if common is None or (port.wanted.certain and port.wanted.type in ancestors(common)):
        return port.wanted.type
    return common


def _waited_beside(step: Step, sources: Sequence[str]) -> tuple[Waiting, ...] | None:
    """What a cleanup step waits for beside its sources, which a build adds; None where it does not wait for them."""
    given = step.depends_on
    for length in range(len(given), -1, -1):
        first, rest = given[: len(given) - length], given[len(given) - length :]
        known = {item.step for item in first}
        added = [name for name in dict.fromkeys(sources) if name not in known]
        if [item.step for item in rest] == added and all(item.trigger in (None, "Completed") for item in rest):
            return waited(step)[: len(first)]
    return None
