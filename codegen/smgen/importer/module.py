"""Writes the module of an imported pipeline, as a careful engineer would have written it by hand."""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from smgen.contracts import CONFIG_ATTRIBUTES, PORT_ATTRIBUTES, is_scalar, module_name, python_identifier
from smgen.documents import JsonObject
from smgen.expressions import Comparison, Condition, In, Not, Operand
from smgen.generate import docstring, format_sources, string_literal
from smgen.importer.model import (
    Authored,
    EnvironmentReference,
    EnvironmentText,
    ExecutionReference,
    HiddenEdge,
    Imported,
    ImportedCondition,
    ImportedFail,
    ImportedLoop,
    ImportedParameter,
    ImportedPipeline,
    ImportedStep,
    JoinedText,
    LoopItem,
    ParameterReference,
    ProxyExpression,
    Waiting,
)

_METHODS: Final = {"String": "string", "Integer": "integer", "Float": "float", "Boolean": "boolean"}
_OPERATORS: Final = {
    "GreaterThan": ">",
    "GreaterThanOrEqualTo": ">=",
    "LessThan": "<",
    "LessThanOrEqualTo": "<=",
}
_ACCESSORS: Final[Mapping[type, str]] = {bool: "flag", int: "integer", float: "number", str: "text"}
_DAYS: Final = re.compile(r"P([1-9][0-9]*)D")
_HOURS: Final = re.compile(r"PT([1-9][0-9]*)H")
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_S3: Final = "s3://"
_FILE: Final = "pipeline.py"
#: Names that a module has already, beside the modules of its steps.
_TAKEN: Final = frozenset(
    ("p", "env", "join", "Cache", "Environment", "Execution", "External", "FluentPipelineBuilder", "Ran", "Retry")
)
_DEFAULT_EXPERIMENT: Final = (ExecutionReference("PipelineName"), ExecutionReference("PipelineExecutionId"))


def pipeline_module(pipeline: ImportedPipeline, package: str, function: str, about: str) -> str:
    """The module: ``function`` takes a builder and an environment; steps come from ``package``.

    ``about`` is the first sentence of its docstring. The text is formatted, and clean under both type checkers.
    """
    writer = _Writer(pipeline, function)
    body = "\n".join(writer.function())
    imports = "\n".join(writer.imports(package))
    source = f"{docstring(about, 0)}\n\nfrom __future__ import annotations\n\n{imports}\n\n\n{body}\n"
    return format_sources({_FILE: source})[_FILE]


def hidden_edge_edits(pipeline: ImportedPipeline, function: str) -> tuple[tuple[HiddenEdge, str, str], ...]:
    """Each hidden edge with the argument of its step as the module writes it, and as it is with the edge."""
    writer = _Writer(pipeline, function)
    steps = {step.name: step for step in _contract_steps(pipeline.steps)}
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

    def __post_init__(self) -> None:
        self.modules = {name: module_name(name) for name in self.pipeline.contracts}
        self.read = set(_read_steps(self.pipeline.steps))
        taken = {*_TAKEN, *self.modules.values(), self.name, *dir(builtins)}
        for parameter in self.pipeline.parameters:
            self._name("parameter", parameter.name, taken, "parameter")
        self.shared = dict(self._shared(taken))
        for step in _walk(self.pipeline.steps):
            self._name("step", step.name, taken, "step")

    def _shared(self, taken: set[str]) -> Iterator[tuple[str, str]]:
        """Variables for what several steps say of caching or retries, by its text."""
        steps = list(_contract_steps(self.pipeline.steps))
        for own, texts in (
            ("cache", [_cache(step.cache) for step in steps if step.cache is not None]),
            ("retry", [_retries(step.retries) for step in steps if step.retries]),
        ):
            for text in [text for text, count in Counter(texts).items() if count > 1]:
                name, number = own, 2
                while name in taken:
                    name, number = f"{own}_{number}", number + 1
                taken.add(name)
                yield text, name

    def _name(self, kind: str, name: str, taken: set[str], suffix: str) -> None:
        own = _variable(name)
        found = own if own not in taken else f"{own.rstrip('_')}_{suffix}"
        number = 2
        while found in taken:
            found = f"{own.rstrip('_')}_{suffix}_{number}"
            number += 1
        taken.add(found)
        self.names[kind, name] = found

    # The module -----------------------------------------------------------------------------------------------------

    def imports(self, package: str) -> Iterator[str]:
        runtime = sorted(self.used, key=lambda name: (name == "join", name))
        lines = [("smgen.runtime", runtime)]
        modules = sorted({self.modules[step.contract] for step in _contract_steps(self.pipeline.steps)})
        if modules:
            lines.append((package, modules))
        for module, names in sorted(lines):
            yield f"from {module} import {', '.join(names)}"

    def function(self) -> Iterator[str]:
        yield f"def {self.name}(p: FluentPipelineBuilder, env: Environment) -> None:"
        yield '    """Adds the parameters and steps for one environment."""'
        for line in (*self._top(), *self._steps(self.pipeline.steps, "p"), *self._order()):
            yield f"    {line}" if line else ""

    def _top(self) -> Iterator[str]:
        for parameter in self.pipeline.parameters:
            yield self._parameter(parameter)
        if self.pipeline.experiment is None:
            yield "p.no_experiment()"
        elif self.pipeline.experiment != _DEFAULT_EXPERIMENT:
            yield f"p.experiment({', '.join(map(self.value, self.pipeline.experiment))})"
        if self.pipeline.mlflow is not None:
            given = [self.value(item) for item in self.pipeline.mlflow if item is not None]
            yield f"p.mlflow({', '.join(given)})"
        for text, name in self.shared.items():
            yield f"{name} = {text}"

    def _order(self) -> Iterator[str]:
        """The order of the definition, where code has to add the steps in another one."""
        if self.pipeline.listed:
            yield ""
            yield "# The definition lists its steps in another order than the one in which they can be added."
            yield f"p.list_steps({', '.join(map(string_literal, self.pipeline.listed))})"

    def _parameter(self, parameter: ImportedParameter) -> str:
        arguments = [string_literal(parameter.name)]
        if parameter.default is not None:
            arguments.append(f"default={self.value(parameter.default)}")
        if parameter.enum:
            arguments.append(f"enum={self.value(parameter.enum)}")
        call = f"p.{_METHODS[parameter.type]}({', '.join(arguments)})"
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
            else:
                yield from self._loop(step, holder)

    def _step(self, step: ImportedStep, holder: str) -> Iterator[str]:
        module = self.modules[step.contract]
        arguments: list[str] = []
        config = {name: value for name, value in step.config.items() if value is not None}
        if config:
            fields = _arguments(config, CONFIG_ATTRIBUTES)
            arguments.append(f"{module}.Config({', '.join(f'{name}={self.value(item)}' for name, item in fields)})")
        for name, references in step.ports.items():
            identifier = python_identifier(name, PORT_ATTRIBUTES)
            arguments.append(f"{identifier}={self.port(step, name, references)}")
        builder = f"{module}.StepBuilder({', '.join(arguments)})"
        if step.locations:
            located = ", ".join(f"{name}={self.value(item)}" for name, item in _arguments(step.locations, ()))
            builder = f"{builder}.with_output_locations({located})"
        call = ", ".join([string_literal(step.name), builder, *self._common(step), *self._behaviour(step)])
        yield self._assigned(step.name, f"{holder}.add_step({call})")

    def port(self, step: ImportedStep, name: str, references: Sequence[Authored]) -> str:
        scalar = _is_scalar(self.pipeline.contracts[step.contract], name)
        written = [self.value(item) if scalar else self.reference(item) for item in references]
        return f"[{', '.join(written)}]" if _is_many(self.pipeline.contracts[step.contract], name) else written[0]

    def reference(self, reference: Authored) -> str:
        if isinstance(reference, ProxyExpression) and not reference.location:
            return self.value(reference)
        self.used.add("External")
        return f"External({self.value(reference)})"

    def _condition(self, step: ImportedCondition, holder: str) -> Iterator[str]:
        conditions = [self.condition(condition, step) for condition in step.conditions]
        call = ", ".join([string_literal(step.name), *conditions, *self._common(step)])
        name = self.names["step", step.name]
        inside = step.then or step.otherwise
        yield f"{name} = {holder}.condition({call})" if inside else f"{holder}.condition({call})"
        yield from self._steps(step.then, f"{name}.then")
        yield from self._steps(step.otherwise, f"{name}.otherwise")

    def _loop(self, step: ImportedLoop, holder: str) -> Iterator[str]:
        name = self.names["step", step.name]
        concurrency = step.arguments.get("MaxConcurrency")
        given = [
            string_literal(step.name),
            f"items={self.value(step.items)}",
            f"max_concurrency={concurrency}",
            *self._common(step),
        ]
        yield f"{name} = {holder}.for_each({', '.join(given)})"
        self.loops.append(name)
        yield from self._steps(step.body, f"{name}.body")
        self.loops.pop()

    def _assigned(self, name: str, call: str) -> str:
        return f"{self.names['step', name]} = {call}" if name in self.read else call

    def _common(self, step: Imported) -> Iterator[str]:
        if step.after:
            yield f"after=[{', '.join(self._waited(item) for item in step.after)}]"
        if step.display_name is not None:
            yield f"display_name={string_literal(step.display_name)}"
        if step.description is not None:
            yield f"description={string_literal(step.description)}"

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
        if value is None or isinstance(value, (bool, int, float)):
            return repr(value)
        if isinstance(value, str):
            return string_literal(value)
        if isinstance(value, ParameterReference):
            return self.names["parameter", value.name]
        if isinstance(value, ExecutionReference):
            self.used.add("Execution")
            return f"Execution.{_upper_snake(value.name)}"
        if isinstance(value, EnvironmentReference):
            return self._environment(value, '"')
        if isinstance(value, EnvironmentText):
            return self._environment_text(value)
        if isinstance(value, ProxyExpression):
            return self._proxy(value)
        if isinstance(value, JoinedText):
            self.used.add("join")
            return f"join({string_literal(value.on)}, {', '.join(map(self.value, value.values))})"
        if isinstance(value, LoopItem):
            return self._item(value)
        if isinstance(value, tuple):
            return f"[{', '.join(map(self.value, value))}]"
        pairs = [f"{string_literal(name)}: {self.value(item)}" for name, item in value.items()]
        return f"{{{', '.join(pairs)}}}"

    def _environment(self, reference: EnvironmentReference, quote: Literal['"', "'"]) -> str:
        if reference.kind == "bucket":
            return "env.uri()"
        # Names of the importer's own: letters, digits, underscores and hyphens.
        name = f"{quote}{reference.name}{quote}"
        if reference.kind == "choice":
            given = [item.values.get(reference.name) for item in self.pipeline.environments]
            texts = dict.fromkeys(item for item in given if isinstance(item, str))
            return f"env.choice({', '.join((name, *map(string_literal, texts)))})"
        if reference.kind != "value":
            return f"env.{reference.kind}({name})"
        values = [item.values[reference.name] for item in self.pipeline.environments if reference.name in item.values]
        kinds = {type(item) for item in values}
        kind = float if kinds == {int, float} else next(iter(kinds), str)
        return f"env.{_ACCESSORS[kind]}({name})"

    def _environment_text(self, text: EnvironmentText) -> str:
        parts = list(text.parts)
        bucket = EnvironmentReference("bucket")
        if parts[:2] == [_S3, bucket]:
            rest = parts[2:]
            if not rest:
                return "env.uri()"
            if len(rest) == 1 and isinstance(rest[0], str) and rest[0].startswith("/") and len(rest[0]) > 1:
                return f"env.uri({string_literal(rest[0][1:])})"
            # env.uri() is the bucket with its scheme.
            parts = parts[1:]
        if len(parts) == 1 and isinstance(parts[0], EnvironmentReference):
            return self._environment(parts[0], '"')
        if any(isinstance(part, str) and re.search(r"[\\\"{}]|[^ -~]", part) for part in parts):
            written = [
                string_literal(part) if isinstance(part, str) else self._environment(part, '"') for part in parts
            ]
            return f"({' + '.join(written)})"
        inside = [part if isinstance(part, str) else f"{{{self._environment(part, _SINGLE)}}}" for part in parts]
        return f'f"{"".join(inside)}"'

    def _proxy(self, value: ProxyExpression) -> str:
        text = f"{self.names['step', value.step]}.{value.attribute}"
        for member in value.members:
            text += f"[{member}]" if isinstance(member, int) else f".{member}"
        if value.below:
            text = f"{text} / {string_literal(value.below)}"
            return f"({text}).location" if value.location else text
        return f"{text}.location" if value.location else text

    def _item(self, item: LoopItem) -> str:
        return ".".join([self.loops[-1], "item", *item.members])

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
        if operand is None or isinstance(operand, (bool, int, float, str)):
            return self.value(operand)
        return self.value(step.operands[operand])


_SINGLE: Final = "'"


def _variable(name: str) -> str:
    """A variable for a name; words at the end that are said twice, as the SDK does, are said once."""
    words = [word for word in re.split(r"[^A-Za-z0-9]+", _WORD.sub("_", name).lower()) if word]
    for length in range(len(words) // 2, 0, -1):
        if words[-length:] == words[-2 * length : -length]:
            words = words[:-length]
            break
    return python_identifier("_".join(words))


def _arguments(values: Mapping[str, Authored], reserved: Collection[str]) -> list[tuple[str, Authored]]:
    return [(python_identifier(name, reserved), value) for name, value in values.items()]


def _is_many(contract: JsonObject, port: str) -> bool:
    inputs = contract.get("inputs")
    declared = inputs.get(port) if isinstance(inputs, dict) else None
    return isinstance(declared, dict) and declared.get("many") is True


def _is_scalar(contract: JsonObject, port: str) -> bool:
    inputs = contract.get("inputs")
    declared = inputs.get(port) if isinstance(inputs, dict) else None
    return isinstance(declared, dict) and is_scalar(str(declared.get("type")))


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
    exceptions = policy.get("ExceptionType")
    listed = exceptions if isinstance(exceptions, list) else []
    names = ", ".join(string_literal(name) for name in listed if isinstance(name, str))
    arguments = [f"({names},)"]
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
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()


def _walk(steps: Sequence[Imported]) -> Iterator[Imported]:
    for step in steps:
        yield step
        if isinstance(step, ImportedCondition):
            yield from _walk(step.then)
            yield from _walk(step.otherwise)
        elif isinstance(step, ImportedLoop):
            yield from _walk(step.body)


def _contract_steps(steps: Sequence[Imported]) -> Iterator[ImportedStep]:
    return (step for step in _walk(steps) if isinstance(step, ImportedStep))


def _values(step: Imported) -> Iterator[Authored]:
    """Every value that a step is written with."""
    if isinstance(step, ImportedStep):
        yield from step.config.values()
        yield from (item for bound in step.ports.values() for item in bound)
        yield from step.locations.values()
    elif isinstance(step, ImportedCondition):
        yield from step.operands.values()
    elif isinstance(step, ImportedFail):
        yield step.message
    else:
        yield step.items


def _leaves(value: Authored) -> Iterator[Authored]:
    if isinstance(value, tuple):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, JoinedText):
        for item in value.values:
            yield from _leaves(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    else:
        yield value


def _read_steps(steps: Sequence[Imported]) -> Iterator[str]:
    for step in _walk(steps):
        yield from (item.step for item in step.after)
        for value in _values(step):
            yield from (leaf.step for leaf in _leaves(value) if isinstance(leaf, ProxyExpression))


def _read_parameters(pipeline: ImportedPipeline) -> set[str]:
    around: list[Authored] = [*(pipeline.experiment or ()), *(pipeline.mlflow or ())]
    values = [*around, *(value for step in _walk(pipeline.steps) for value in _values(step))]
    return {leaf.name for value in values for leaf in _leaves(value) if isinstance(leaf, ParameterReference)}
