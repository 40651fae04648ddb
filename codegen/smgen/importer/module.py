"""Writes the module of an imported pipeline, as a careful engineer would have written it by hand."""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal, TypeVar

from smgen.contract_model import (
    CONFIG_ATTRIBUTES,
    PORT_ATTRIBUTES,
    SCALAR_TYPES,
    ValueSchema,
    contract_from_document,
    is_scalar,
    module_name,
    python_identifier,
    setting_schemas,
)
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue, json_at, list_at, object_at, text_at
from smgen.expressions import Comparison, Condition, Get, In, Join, JsonGet, Not, Operand
from smgen.generate import docstring, format_sources, string_literal
from smgen.importer.code_names import free, words_of
from smgen.importer.imported_pipeline import (
    Authored,
    EnvironmentReference,
    EnvironmentText,
    ExecutionInCode,
    FileValue,
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
    JoinedText,
    LoopItem,
    ParameterInCode,
    ProxyExpression,
    RawPart,
    RawValue,
    Waiting,
    authored_json,
)
from smgen.importer.walking import all_imported, authored_values, contract_steps, leaves, step_values

T = TypeVar("T")
_METHODS: Final = {"String": "string", "Integer": "integer", "Float": "float", "Boolean": "boolean"}
_EXPERIMENT: Final = {"ExperimentName": "NAME", "TrialName": "TRIAL"}
_ATTEMPTS: Final = 5
_OPERATORS: Final = {
    "GreaterThan": ">",
    "GreaterThanOrEqualTo": ">=",
    "LessThan": "<",
    "LessThanOrEqualTo": "<=",
}
_ACCESSORS: Final[Mapping[type, str]] = {bool: "flag", int: "integer", float: "number", str: "text"}
_DAYS: Final = re.compile(r"P([1-9][0-9]*)D")
_HOURS: Final = re.compile(r"PT([1-9][0-9]*)H")
_S3: Final = "s3://"
_FILE: Final = "pipeline.py"
#: In characters: longer texts are written in several lines, and once where several steps have them.
_LONG: Final = 80
#: As many steps say the same of a setting before it is said once in front of them.
_OFTEN: Final = 3
#: Names that a module has already, beside the modules of its steps.
_TAKEN: Final = frozenset(
    (
        *("p", "env", "join", "Cache", "Environment", "Execution", "External", "FluentPipelineBuilder", "Ran", "Retry"),
        *("json_value", "raw_value", "raw_condition", "Item", "ItemRecord", "PipelineExperiment"),
    )
)
_DEFAULT_EXPERIMENT: Final = (ExecutionInCode("PipelineName"), ExecutionInCode("PipelineExecutionId"))


def pipeline_module(pipeline: ImportedPipeline, package: str, function: str, about: str) -> str:
    """The module: ``function`` takes a builder and an environment; steps come from ``package``.

    ``about`` is the first sentence of its docstring. The text is formatted, and clean under both type checkers.
    """
    writer = _Writer(pipeline, function)
    body = "\n".join(writer.function())
    if any(isinstance(step.of, ImportedRecord) for step in writer.all_loops()):
        writer.used |= {"Item", "ItemRecord"}
    imports = "\n".join(writer.imports(package))
    records = "".join(f"{record}\n\n\n" for record in writer.records())
    source = f"{docstring(about, 0)}\n\nfrom __future__ import annotations\n\n{imports}\n\n\n{records}{body}\n"
    return format_sources({_FILE: source})[_FILE]


def hidden_edge_edits(pipeline: ImportedPipeline, function: str) -> tuple[tuple[HiddenEdge, str, str], ...]:
    """Each hidden edge with the argument of its step as the module writes it, and as it is with the edge."""
    writer = _Writer(pipeline, function)
    steps = {step.name: step for step in contract_steps(pipeline)}
    found: list[tuple[HiddenEdge, str, str]] = []
    for edge in pipeline.hidden_edges:
        bound = steps[edge.step].ports.get(edge.port, ()) if edge.step in steps else ()
        if bound:
            port = python_identifier(edge.port, PORT_ATTRIBUTES)
            several = _is_many(pipeline.contracts[steps[edge.step].contract], edge.port)
            before = writer.port(steps[edge.step], edge.port, bound)
            after = f"[{writer.reference(edge.edge)}]" if several else writer.reference(edge.edge)
            found.append((edge, f"{port}={before}", f"{port}={after}"))
    return tuple(found)


@dataclass
class _Writer:
    """One module while it is written; ``used`` are the names of ``smgen.runtime`` that it needs."""

    pipeline: ImportedPipeline
    name: str
    used: set[str] = field(default_factory=lambda: {"Environment", "FluentPipelineBuilder"})
    names: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    #: The variables of the loops around what is written now, outermost first.
    loops: list[str] = field(default_factory=list[str])
    #: What the settings of contracts take, for those of which an environment says the value.
    schemas: dict[str, Mapping[str, ValueSchema]] = field(default_factory=dict[str, "Mapping[str, ValueSchema]"])

    def __post_init__(self) -> None:
        self.modules = self._modules()
        self.contracts = {step.name: step.contract for step in contract_steps(self.pipeline)}
        self.read = set(_read_steps(self.pipeline.steps))
        taken = {*_TAKEN, *self.modules.values(), self.name, *dir(builtins)}
        for parameter in self.pipeline.parameters:
            self._name("parameter", parameter.name, taken, "parameter")
        self.shared = dict(self._shared(taken))
        for step in all_imported(self.pipeline.steps):
            self._name("step", step.name, taken, "step")

    def _modules(self) -> dict[str, str]:
        """What the module of each contract is called here: by its own name, if nothing else is called so."""
        own = {name: module_name(name) for name in self.pipeline.contracts}
        taken = {*_TAKEN, self.name, *own.values()}
        for contract, module in own.items():
            if module in _TAKEN or module == self.name or hasattr(builtins, module):
                own[contract] = self._free(f"{module}_step", taken)
        return own

    def _shared(self, taken: set[str]) -> Iterator[tuple[str, str]]:
        """Variables for what several steps say of caching or retries, by its text."""
        steps = list(contract_steps(self.pipeline))
        for text in _repeated(_cache(step.cache) for step in steps if step.cache is not None):
            yield text, self._free("cache", taken)
        for text in _repeated(_retries(step.retries) for step in steps if step.retries):
            yield text, self._free("retry", taken)
        fields = [item for step in steps for item in step.config.items()]
        for name, value in _repeated((name, item) for name, item in fields if isinstance(item, str)):
            if len(value) > _LONG:
                yield self.value(value), self._free(_variable(name), taken)
        for name, text in self._said_often(fields):
            yield text, self._free(_variable(name), taken)
        locations = (value for step in steps for value in step.locations.values())
        for text in _repeated(self.value(value) for value in locations if _is_early(value)):
            yield text, self._free("location", taken)

    def _said_often(self, fields: Iterable[tuple[str, Authored]]) -> list[tuple[str, str]]:
        """What each step of a family says again, as those of the SDK's @step do: the setting, and its value as text."""
        said = Counter((name, self.value(item)) for name, item in fields if isinstance(item, EnvironmentText))
        return [item for item, count in said.items() if count >= _OFTEN]

    def _free(self, own: str, taken: set[str]) -> str:
        name = free(own, taken.__contains__)
        taken.add(name)
        return name

    def _name(self, kind: str, name: str, taken: set[str], suffix: str) -> None:
        own = _variable(name)
        if own in taken:
            # What is called a step already is not called one twice.
            more = "outputs" if own.endswith(f"_{suffix}") else suffix
            own = f"{own.rstrip('_')}_{more}"
        self.names[kind, name] = self._free(own, taken)

    def all_loops(self) -> Iterator[ImportedLoop]:
        """The loops of the pipeline."""
        return (step for step in all_imported(self.pipeline.steps) if isinstance(step, ImportedLoop))

    def records(self) -> Iterator[str]:
        """The classes of the items of loops, inner ones first."""
        for loop in self.all_loops():
            if isinstance(loop.of, ImportedRecord):
                yield from self._record_class(loop.of, f"An item of the loop {loop.name}.")

    def _record_class(self, record: ImportedRecord, about: str) -> Iterator[str]:
        for name, member in record.members.items():
            if isinstance(member, ImportedRecord):
                yield from self._record_class(member, f"The member {name} of such an item.")
        keys = {python_identifier(name): name for name in record.members}
        other = {own: name for own, name in keys.items() if own != name}
        texts = ", ".join(f"{string_literal(own)}: {string_literal(name)}" for own, name in other.items())
        base = f"ItemRecord, keys={{{texts}}}" if other else "ItemRecord"
        lines = [f"class {record.name}({base}):", f"    {docstring(about, 4)}", ""]
        for own, name in keys.items():
            member = record.members[name]
            kind = member.name if isinstance(member, ImportedRecord) else f"Item[{member}]"
            lines.append(f"    {own}: {kind}")
        yield "\n".join(lines)

    # The module -----------------------------------------------------------------------------------------------------

    def imports(self, package: str) -> Iterator[str]:
        runtime = sorted(self.used, key=lambda name: (name[0].islower(), name))
        lines = [("smgen.runtime", runtime)]
        contracts = sorted({step.contract for step in contract_steps(self.pipeline)}, key=module_name)
        modules = {module_name(contract): self.modules[contract] for contract in contracts}
        if modules:
            lines.append((package, [name if name == own else f"{name} as {own}" for name, own in modules.items()]))
        for module, names in sorted(lines):
            yield f"from {module} import {', '.join(names)}"

    def function(self) -> Iterator[str]:
        yield f"def {self.name}(p: FluentPipelineBuilder, env: Environment) -> None:"
        yield '    """Adds the parameters and steps for one environment."""'
        for line in (*self._top(), *self._steps(self.pipeline.steps, "p"), *self._order()):
            yield f"    {line}" if line else ""

    def _top(self) -> Iterator[str]:
        for parameter in self.pipeline.parameters:
            mark = "" if parameter.is_read else "  # Nothing reads it."
            yield from self._there(parameter.raw, f"{self._parameter(parameter)}{mark}")
        if self.pipeline.metadata:
            yield f"p.metadata({self.json(self.pipeline.metadata)})"
        if self.pipeline.raw_members is not None:
            yield f"p.raw_members({self.raw(self.pipeline.raw_members)})"
        yield from self._experiment()
        if self.pipeline.mlflow is not None:
            given = [self.value(item) for item in self.pipeline.mlflow if item is not None]
            yield f"p.mlflow({', '.join(given)})"
        for text, name in self.shared.items():
            yield f"{name} = {text}"

    def _experiment(self) -> Iterator[str]:
        """Under what the executions are filed, where that is not the usual and does not come in as it is."""
        raw, experiment = self.pipeline.raw_members, self.pipeline.experiment
        if raw is not None and all("PipelineExperimentConfig" in object_at(item) for item in raw.values.values()):
            return
        if experiment is None:
            yield "p.no_experiment()"
        elif experiment != _DEFAULT_EXPERIMENT:
            yield f"p.experiment({', '.join(map(self.value, experiment))})"

    def _order(self) -> Iterator[str]:
        """The order of the definition, where code has to add the steps in another one."""
        if self.pipeline.listed:
            yield ""
            yield "# The definition lists its steps in another order than the one in which they can be added."
        orders: dict[tuple[str, ...], dict[int, JsonValue]] = {}
        for number, names in self.pipeline.listed.items():
            orders.setdefault(names, {})[number] = None
        for names, numbers in orders.items():
            call = f"p.list_steps({', '.join(map(string_literal, names))})"
            yield from self._there(RawPart(numbers, len(self.pipeline.environments)), call)

    def _parameter(self, parameter: ImportedParameter) -> str:
        arguments = [string_literal(parameter.name)]
        if parameter.default is not None:
            arguments.append(f"default={self.value(parameter.default)}")
        if parameter.enum:
            arguments.append(f"enum={self.value(parameter.enum)}")
        call = f"p.{_METHODS[parameter.type]}({', '.join(arguments)})"
        if parameter.raw is not None:
            call = f"p.raw_parameter({self.raw(parameter.raw)}, {SCALAR_TYPES[parameter.type]})"
        return f"{self.names['parameter', parameter.name]} = {call}" if self._is_read(parameter.name) else call

    def _is_read(self, parameter: str) -> bool:
        return parameter in _read_parameters(self.pipeline)

    # Steps ----------------------------------------------------------------------------------------------------------

    def _steps(self, steps: Sequence[Imported], holder: str) -> Iterator[str]:
        for step in steps:
            yield ""
            if isinstance(step, ImportedStep):
                yield from self._step(step, holder)
            elif isinstance(step, ImportedCondition):
                yield from self._condition(step, holder)
            elif isinstance(step, ImportedFail):
                arguments = [string_literal(step.name), self.value(step.message), *self._common(step)]
                yield self._assigned(step.name, f"{holder}.fail({', '.join(arguments)})")
            elif isinstance(step, ImportedCleanup):
                arguments = [string_literal(step.name), *map(self._proxy, step.sources), *self._common(step)]
                yield self._assigned(step.name, f"{holder}.cleanup({', '.join(arguments)})")
            elif isinstance(step, ImportedRaw):
                call = self._assigned(step.name, f"{holder}.raw_step({self.raw(step.document)})")
                yield from self._there(step.document, call)
            else:
                yield from self._loop(step, holder)

    def _step(self, step: ImportedStep, holder: str) -> Iterator[str]:
        module = self.modules[step.contract]
        arguments: list[str] = []
        config = {name: value for name, value in step.config.items() if value is not None}
        if config:
            fields = [
                (python_identifier(name, CONFIG_ATTRIBUTES), self._setting(step.contract, name, value))
                for name, value in config.items()
            ]
            written = ", ".join(f"{name}={self.shared.get(item, item)}" for name, item in fields)
            arguments.append(f"{module}.Config({written})")
        for name, references in step.ports.items():
            identifier = python_identifier(name, PORT_ATTRIBUTES)
            arguments.append(f"{identifier}={self.port(step, name, references)}")
        builder = f"{module}.StepBuilder({', '.join(arguments)})"
        if step.locations:
            placed = [(name, self.value(item)) for name, item in _arguments(step.locations, ())]
            located = ", ".join(f"{name}={self.shared.get(text, text)}" for name, text in placed)
            builder = f"{builder}.with_output_locations({located})"
        call = ", ".join([string_literal(step.name), builder, *self._common(step), *self._behaviour(step)])
        yield self._assigned(step.name, f"{holder}.add_step({call})")

    def _setting(self, contract: str, name: str, value: Authored) -> str:
        """A value of a config; where only certain texts are allowed, one of the environment says which it may be."""
        if isinstance(value, EnvironmentReference) and value.kind == "value":
            schema = self._schemas(contract).get(name)
            if schema is not None and schema.enum is not None:
                given = [item.values.get(value.name) for item in self.pipeline.environments]
                texts = dict.fromkeys(item for item in given if isinstance(item, str))
                return f"env.choice({', '.join(map(string_literal, (value.name, *texts)))})"
        return self.value(value)

    def _schemas(self, contract: str) -> Mapping[str, ValueSchema]:
        """What the settings of a contract take; nothing of one that is refused when it is read."""
        if contract not in self.schemas:
            try:
                found = setting_schemas(contract_from_document(self.pipeline.contracts[contract]))
            except FindingsError:
                found = {}
            self.schemas[contract] = found
        return self.schemas[contract]

    def port(self, step: ImportedStep, name: str, references: Sequence[Authored]) -> str:
        scalar = _is_scalar(self.pipeline.contracts[step.contract], name)
        written = [self.value(item) if scalar else self.reference(item) for item in references]
        return f"[{', '.join(written)}]" if _is_many(self.pipeline.contracts[step.contract], name) else written[0]

    def reference(self, reference: Authored) -> str:
        if isinstance(reference, ProxyExpression) and not reference.location and self._is_artifact(reference):
            return self.value(reference)
        self.used.add("External")
        return f"External({self.value(reference)})"

    def _is_artifact(self, reference: ProxyExpression) -> bool:
        """Whether an output is a reference to an artifact, and no plain value; a report file is one as well."""
        document = self.pipeline.contracts.get(self.contracts.get(reference.step, ""), {})
        for name, output in object_at(document, "outputs").items():
            if python_identifier(name) == reference.attribute:
                return not is_scalar(text_at(output, "type") or "")
        return reference.step in self.contracts and not reference.members

    def _condition(self, step: ImportedCondition, holder: str) -> Iterator[str]:
        conditions = [
            self._raw_condition(item) if isinstance(item, RawPart) else self.condition(item, step)
            for item in step.conditions
        ]
        call = ", ".join([string_literal(step.name), *conditions, *self._common(step)])
        name = self.names["step", step.name]
        inside = step.then or step.otherwise or step.name in self.read
        yield f"{name} = {holder}.condition({call})" if inside else f"{holder}.condition({call})"
        yield from self._steps(step.then, f"{name}.then")
        yield from self._steps(step.otherwise, f"{name}.otherwise")

    def _loop(self, step: ImportedLoop, holder: str) -> Iterator[str]:
        name = self.names["step", step.name]
        concurrency = step.arguments.get("MaxConcurrency")
        given = [string_literal(step.name), f"items={self._items(step)}"]
        if not isinstance(step.items, tuple) or self._holds_texts(step):
            given.append(f"of={step.of.name if isinstance(step.of, ImportedRecord) else step.of}")
        given += [f"max_concurrency={concurrency}", *self._common(step)]
        yield f"{name} = {holder}.for_each({', '.join(given)})"
        self.loops.append(name)
        yield from self._steps(step.body, f"{name}.body")
        self.loops.pop()
        if step.selector is not None:
            pick, output = step.selector
            method = "max_by" if pick == "MaxBy" else "min_by"
            call = f"{name}.{method}({self.names['step', output.step]}, {self._proxy(output)})"
            picked = any(
                isinstance(leaf, ProxyExpression) and leaf.loop == step.name and leaf.iteration is None
                for other in all_imported(self.pipeline.steps)
                for value in step_values(other)
                for leaf in leaves(value)
            )
            yield f"{name}_picked = {call}" if picked else call

    def _holds_texts(self, step: ImportedLoop) -> bool:
        """Whether items with members are given as texts that hold them."""
        items = step.items if isinstance(step.items, tuple) else ()
        return isinstance(step.of, ImportedRecord) and not all(isinstance(item, Mapping) for item in items)

    def _items(self, step: ImportedLoop) -> str:
        of, items = step.of, step.items
        if isinstance(of, ImportedRecord) and isinstance(items, tuple):
            return f"[{', '.join(self._record(item, of) for item in items)}]"
        return self.value(items)

    def _record(self, value: Authored, of: ImportedRecord) -> str:
        if not isinstance(value, Mapping):
            return self.value(value)
        written: list[str] = []
        for name, item in value.items():
            inner = of.members.get(name)
            text = self._record(item, inner) if isinstance(inner, ImportedRecord) else self.value(item)
            written.append(f"{python_identifier(name)}={text}")
        return f"{of.name}({', '.join(written)})"

    def _assigned(self, name: str, call: str) -> str:
        return f"{self.names['step', name]} = {call}" if name in self.read else call

    def _common(self, step: Imported) -> Iterator[str]:
        if step.after:
            yield f"after=[{', '.join(self._waited(item) for item in step.after)}]"
        if step.display_name is not None:
            yield f"display_name={string_literal(step.display_name)}"
        if step.description is not None:
            yield f"description={string_literal(step.description)}"
        raw = self.pipeline.raw_of_steps.get(step.name)
        if raw is not None:
            yield f"raw={self.raw(raw)}"

    def _waited(self, waiting: Waiting) -> str:
        name = self.names["step", waiting.step]
        if waiting.trigger is None:
            return name
        self.used.add("Ran")
        return f"Ran.{waiting.trigger.lower()}({name})"

    def _behaviour(self, step: ImportedStep) -> Iterator[str]:
        if step.cache is not None:
            self.used.add("Cache")
            text = _cache(step.cache)
            yield f"cache={self.shared.get(text, text)}"
        if step.retries:
            self.used.add("Retry")
            text = _retries(step.retries)
            yield f"retry={self.shared.get(text, text)}"

    # Values ---------------------------------------------------------------------------------------------------------

    def value(self, value: Authored) -> str:
        """A value as a Python expression."""
        return self._forms[type(value)](self, value)

    def _number(self, value: float | None) -> str:
        return repr(value)

    def _long_text(self, value: str) -> str:
        return _text(value)

    def _parameter_name(self, value: ParameterInCode) -> str:
        return self.names["parameter", value.name]

    def _execution(self, value: ExecutionInCode) -> str:
        holder, name = "Execution", _upper_snake(value.name)
        if value.name in _EXPERIMENT:
            holder, name = "PipelineExperiment", _EXPERIMENT[value.name]
        self.used.add(holder)
        return f"{holder}.{name}"

    def _joined(self, value: JoinedText) -> str:
        self.used.add("join")
        return f"join({string_literal(value.on)}, {', '.join(map(self.value, value.values))})"

    def _file_value(self, value: FileValue) -> str:
        self.used.add("json_value")
        kind = SCALAR_TYPES[value.type]
        return f"json_value({self.value(value.location)}, {string_literal(value.path)}, {kind})"

    def _raw(self, value: RawValue) -> str:
        self.used.add("raw_value")
        return f"raw_value({self.raw(value.expression)}, {SCALAR_TYPES.get(value.type, 'str')})"

    def _raw_condition(self, condition: RawPart) -> str:
        self.used.add("raw_condition")
        return f"raw_condition({self.raw(condition)})"

    def raw(self, part: RawPart) -> str:
        """What comes in as it is, by the name of the environment where that decides."""
        if part.is_alike or len(part.values) == 1:
            return self.json(part.of_all())
        names = [environment.name for environment in self.pipeline.environments]
        return f"env.raw({self.json({names[number]: value for number, value in part.values.items()})})"

    def _there(self, part: RawPart | None, statement: str) -> Iterator[str]:
        """A statement, under a condition where not every environment has the part that it is for."""
        if part is None or part.is_everywhere:
            yield statement
            return
        names = [string_literal(self.pipeline.environments[number].name) for number in part.values]
        yield f"if env.name == {names[0]}:" if len(names) == 1 else f"if env.name in ({', '.join(names)}):"
        yield f"    {statement}"

    def json(self, value: JsonValue) -> str:
        """JSON as it stands in the definition."""
        return self.value(authored_json(value))

    def _list(self, value: tuple[Authored, ...]) -> str:
        return f"[{', '.join(map(self.value, value))}]"

    def _mapping(self, value: Mapping[str, Authored]) -> str:
        pairs = [f"{string_literal(name)}: {self.value(item)}" for name, item in value.items()]
        return f"{{{', '.join(pairs)}}}"

    def _environment(self, reference: EnvironmentReference, quote: Literal['"', "'"] = '"') -> str:
        if reference.kind == "bucket":
            return "env.uri()"
        # Names of the importer's own: letters, digits, underscores and hyphens.
        name = f"{quote}{reference.name}{quote}"
        if reference.kind != "value":
            return f"env.{reference.kind}({name})"
        values = [item.values[reference.name] for item in self.pipeline.environments if reference.name in item.values]
        kinds = {type(item) for item in values}
        kind = float if kinds == {int, float} else next(iter(kinds), str)
        return f"env.{_ACCESSORS[kind]}({name})"

    def _environment_text(self, text: EnvironmentText) -> str:
        parts = text.parts
        if parts[:2] == (_S3, EnvironmentReference("bucket")):
            # env.uri() is the bucket with its scheme.
            parts = parts[1:]
            path = parts[1] if len(parts) == 2 else ""
            if isinstance(path, str) and path[:1] == "/" and path[1:]:
                return f"env.uri({string_literal(path[1:])})"
        if len(parts) == 1 and isinstance(parts[0], EnvironmentReference):
            return self._environment(parts[0])
        if any(isinstance(part, str) and re.search(r"[\\\"{}]|[^ -~]", part) for part in parts):
            written = [string_literal(part) if isinstance(part, str) else self._environment(part) for part in parts]
            return f"({' + '.join(written)})"
        inside = [part if isinstance(part, str) else f"{{{self._environment(part, _SINGLE)}}}" for part in parts]
        return f'f"{"".join(inside)}"'

    def _proxy(self, value: ProxyExpression) -> str:
        holder = self.names["step", value.step]
        if value.loop:
            loop = self.names["step", value.loop]
            holder = f"{loop}_picked" if value.iteration is None else f"{loop}.outputs[{value.iteration}][{holder}]"
        text = f"{holder}.{value.attribute}" if value.attribute else holder
        for member in value.members:
            text += f"[{member}]" if isinstance(member, int) else f".{member}"
        if value.below:
            text = f"{text} / {string_literal(value.below)}"
            return f"({text}).location" if value.location else text
        return f"{text}.location" if value.location else text

    def _item(self, item: LoopItem) -> str:
        return ".".join([self.loops[-1], "item", *map(python_identifier, item.members)])

    # Conditions -----------------------------------------------------------------------------------------------------

    def condition(self, condition: Condition, step: ImportedCondition, *, inner: bool = False) -> str:
        """A condition as a Python expression, in the definition's order of operands; ``inner`` stands in another."""
        if isinstance(condition, Comparison):
            left, right = self._operand(condition.left, step), self._operand(condition.right, step)
            if condition.type == "Equals":
                return f"{left}.equals({right})"
            comparison = f"{left} {_OPERATORS[condition.type]} {right}"
            return f"({comparison})" if inner else comparison
        if isinstance(condition, In):
            values = ", ".join(self._operand(value, step) for value in condition.values)
            return f"{self._operand(condition.query, step)}.is_in([{values}])"
        if isinstance(condition, Not):
            return f"~{self.condition(condition.condition, step, inner=True)}"
        return f"({' | '.join(self.condition(item, step, inner=True) for item in condition.conditions)})"

    def _operand(self, operand: Operand, step: ImportedCondition) -> str:
        return self.value(step.operands[operand] if isinstance(operand, (Get, Join, JsonGet)) else operand)

    #: How each form of value is written.
    _forms: ClassVar[Mapping[type, Callable[..., str]]] = {
        **dict.fromkeys((type(None), bool, int, float), _number),
        str: _long_text,
        ParameterInCode: _parameter_name,
        ExecutionInCode: _execution,
        EnvironmentReference: _environment,
        EnvironmentText: _environment_text,
        ProxyExpression: _proxy,
        JoinedText: _joined,
        FileValue: _file_value,
        LoopItem: _item,
        RawValue: _raw,
        tuple: _list,
        dict: _mapping,
    }


_SINGLE: Final = "'"


def _text(text: str) -> str:
    """A text as a literal, or as several that fit into lines: ends of lines, and of words, end one."""
    if len(string_literal(text)) <= _LONG:
        return string_literal(text)
    parts: list[str] = []
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        parts += re.findall(rf".{{1,{_LONG}}}(?:\s|\Z)|.{{1,{_LONG}}}", line, re.DOTALL)
    # A word of any length is one part.
    return string_literal(text) if len(parts) == 1 else f"({' '.join(map(string_literal, parts))})"


def _repeated(items: Iterable[T]) -> list[T]:
    """What is there more than once, in the order in which it is first there."""
    return [item for item, count in Counter(items).items() if count > 1]


def _is_early(value: Authored) -> bool:
    """Whether a value is put together of what is known before the first step."""
    late = (ProxyExpression, LoopItem)
    return isinstance(value, JoinedText) and not any(isinstance(leaf, late) for leaf in leaves(value))


def _variable(name: str) -> str:
    """A variable for a name; words at the end that are said twice, as the SDK does, are said once."""
    words = words_of(name)
    for length in range(len(words) // 2, 0, -1):
        if words[-length:] == words[-2 * length : -length]:
            words = words[:-length]
            break
    return python_identifier("_".join(words))


def _arguments(values: Mapping[str, Authored], reserved: Collection[str]) -> list[tuple[str, Authored]]:
    return [(python_identifier(name, reserved), value) for name, value in values.items()]


def _is_many(contract: JsonObject, port: str) -> bool:
    return json_at(contract, "inputs", port, "many") is True


def _is_scalar(contract: JsonObject, port: str) -> bool:
    return is_scalar(text_at(contract, "inputs", port, "type") or "")


def _cache(document: JsonObject) -> str:
    expire, enabled = document.get("ExpireAfter"), document.get("Enabled")
    arguments: list[str] = []
    if isinstance(expire, str):
        days, hours = _DAYS.fullmatch(expire), _HOURS.fullmatch(expire)
        if enabled is True and (days or hours):
            return f"Cache.days({days[1]})" if days else f"Cache.hours({hours[1]})" if hours else ""
        arguments.append(string_literal(expire))
    if enabled is not True:
        arguments.append("enabled=False")
    return f"Cache({', '.join(arguments)})"


def _retries(policies: Sequence[JsonObject]) -> str:
    retries = [_retry(policy) for policy in policies]
    return retries[0] if len(retries) == 1 else f"[{', '.join(retries)}]"


def _retry(policy: JsonObject) -> str:
    listed = list_at(policy, "ExceptionType")
    names = ", ".join(string_literal(name) for name in listed if isinstance(name, str))
    arguments = [f"({names},)"]
    if policy.get("MaxAttempts") is None and policy.get("ExpireAfterMin") is None:
        # What SageMaker does where neither is said.
        arguments.append(f"max_attempts={_ATTEMPTS}")
    for member, argument, default in (
        ("MaxAttempts", "max_attempts", None),
        ("ExpireAfterMin", "expire_after_minutes", None),
        ("IntervalSeconds", "interval_seconds", 1),
        ("BackoffRate", "backoff_rate", 2.0),
    ):
        value = policy.get(member)
        if value is not None and repr(value) != repr(default):
            arguments.append(f"{argument}={value!r}")
    return f"Retry({', '.join(arguments)})"


def _upper_snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper().replace("DATE_TIME", "DATETIME")


def _read_steps(steps: Sequence[Imported]) -> Iterator[str]:
    for step in all_imported(steps):
        yield from (item.step for item in step.after)
        for value in step_values(step):
            for leaf in leaves(value):
                if isinstance(leaf, ProxyExpression):
                    yield from (leaf.step, leaf.loop)


def _read_parameters(pipeline: ImportedPipeline) -> set[str]:
    values = authored_values(pipeline)
    return {leaf.name for value in values for leaf in leaves(value) if isinstance(leaf, ParameterInCode)}
