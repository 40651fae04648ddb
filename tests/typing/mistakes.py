"""Writes one mistake for every name and value of every generated class, each on a marked line, and the right use.

A mistake is a misspelling, an unrelated type, or an omission where something is required. The two type checkers must
report exactly the marked lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from smgen.contracts import (
    CONFIG_ATTRIBUTES,
    REPORT_ATTRIBUTES,
    SCALAR_TYPES,
    ConfigField,
    ContractRegistry,
    DependencySpec,
    ReportNode,
    StepContract,
    ValueSchema,
    config_fields,
    is_tunable,
    module_name,
    python_identifier,
    tunable_hyperparameters,
    tuned_outputs,
)

MARK = "# E"
_PYTHON = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_VALUE = {"string": '"text"', "integer": "7", "number": "0.5", "boolean": "True"}
#: A value of another type. A truth value for a number would be no mistake to a type checker.
_WRONG_VALUE = {"string": "7", "integer": '"7"', "number": '"0.5"', "boolean": '"yes"'}
#: A variable of another type.
_WRONG_VARIABLE = {"string": "number", "integer": "text", "number": "text", "boolean": "text"}
_WRONG_SCALAR = {"String": "int", "Integer": "str", "Float": "str", "Boolean": "str"}


@dataclass
class MistakeFile:
    """A module under construction: the lines of its one function, and how many mistakes of each sort it holds."""

    registry: ContractRegistry
    package: str
    lines: list[str] = field(default_factory=list[str])
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def right(self, line: str) -> None:
        self.lines.append(f"    {line}")

    def mistake(self, sort: str, line: str) -> None:
        self.lines.append(f"    {line}  {MARK}")
        self.counts[sort] = self.counts.get(sort, 0) + 1

    def source(self) -> str:
        types = sorted(self.registry.artifact_types)
        parameters = [f"{_reference(name)}: Output[{name}]" for name in types]
        modules = ", ".join(sorted(module_name(contract.name) for contract in self.registry.values()))
        return "\n".join(
            [
                "from typing_extensions import assert_type",
                "from smgen.runtime import Artifact, FluentPipelineBuilder, Output, Variable",
                f"from {self.package} import {modules}",
                f"from {self.package}.artifact_types import {', '.join(types)}",
                "",
                "class Unrelated(Artifact):",
                "    pass",
                "",
                "def use(",
                "    p: FluentPipelineBuilder, unrelated: Output[Unrelated],",
                "    text: Variable[str], number: Variable[float], whole: Variable[int], flag: Variable[bool],",
                *(f"    {parameter}," for parameter in parameters),
                ") -> None:",
                *self.lines,
                "",
            ]
        )


def mistake_file(registry: ContractRegistry, package: str) -> MistakeFile:
    """Right uses and mistakes for every contract."""
    file = MistakeFile(registry, package)
    for contract in registry.values():
        _write_contract(file, contract)
    return file


def _write_contract(file: MistakeFile, contract: StepContract) -> None:
    module = module_name(contract.name)
    fields = config_fields(contract)
    values = {item.name: _value(item.schema) for item in fields}
    variables = {item.name: _variable(item.schema) for item in fields}
    needed = {item.name: values[item.name] for item in fields if item.required}
    config = f"{module}.Config({_arguments(needed)})"
    specs = [port.dependency_spec for port in contract.input_ports.values()]
    ports = {python_identifier(spec.logical_name): _port_value(spec) for spec in specs}
    proxy = f"{module}_outputs"

    file.right(f"{module}.Config({_arguments(values)})")
    file.right(f"{module}.Config({_arguments(variables)})")
    file.right(f"{proxy} = p.add_step('{contract.name}', {module}.StepBuilder({config}, {_arguments(ports)}))")

    for item in fields:
        others = {name: value for name, value in needed.items() if name != item.name}
        _write_field(file, f"{module}.Config", item, others)
    if needed:
        file.mistake("omission", f"{module}.StepBuilder({_arguments(ports)})")
    for spec in specs:
        _write_port(file, f"{module}.StepBuilder({config}, ", spec, ports)
    _write_outputs(file, contract, proxy)
    if is_tunable(contract):
        _write_tuning(file, contract, f"{module}.StepBuilder({config}, {_arguments(ports)})")


def _write_tuning(file: MistakeFile, contract: StepContract, builder: str) -> None:
    """Every range of a tuning, misspelt and of another type; objectives; and the outputs of its best job."""
    ranges = f"{module_name(contract.name)}.Ranges"
    searched = {
        python_identifier(name, CONFIG_ATTRIBUTES): spec.schema
        for name, spec in tunable_hyperparameters(contract).items()
    }
    values = {name: _searched(schema) for name, schema in searched.items()}
    tuned = f"{module_name(contract.name)}_tuned"
    metric = next(iter(contract.metrics), "metric")
    goal = (contract.metrics[metric].goal if contract.metrics else None) or "maximize"
    right = {goal: repr(metric), "ranges": f"{ranges}({_arguments(values)})", "max_jobs": "3"}
    file.right(f"{tuned} = p.add_step('{contract.name}Tuning', {builder}.tune({_arguments(right)}))")
    for name, schema in searched.items():
        file.mistake("misspelling", f"{ranges}({_misspelt(name, searched)}={values[name]})")
        file.mistake("type", f"{ranges}({name}=[{_WRONG_VALUE[schema.type]}])")
        file.mistake("type", f"{ranges}({name}={_value(schema)})")
    for name in ("ranges", goal):
        others = {key: value for key, value in right.items() if key != name}
        if name == "ranges":
            file.mistake("omission", f"{builder}.tune({_arguments(others)})")
        elif contract.metrics:
            file.mistake("misspelling", f"{builder}.tune({_arguments({**others, goal: repr(f'{metric}s')})})")
        file.mistake("type", f"{builder}.tune({_arguments({**others, name: '7'})})")
    file.mistake("misspelling", f"{builder}.tune({_arguments({**right, 'max_job': '3'})})")
    for name, port in tuned_outputs(contract).items():
        attribute = python_identifier(name)
        kind = port.output_spec.output_type
        type_ = f"Variable[{SCALAR_TYPES[kind]}]" if kind in SCALAR_TYPES else f"Output[{kind}]"
        file.right(f"assert_type({tuned}.best.{attribute}, {type_})")
        file.mistake("misspelling", f"{tuned}.top(1).{_misspelt(attribute, tuned_outputs(contract))}")
        file.mistake("misspelling", f"{tuned}.{attribute}")


def _searched(schema: ValueSchema) -> str:
    """A range of a hyperparameter: from and to for numbers, the values to try of everything else."""
    if schema.type in ("integer", "number") and schema.enum is None:
        return f"({_VALUE[schema.type]}, {_VALUE[schema.type]})"
    return f"[{_value(schema)}, {_variable(schema)}]"


def _write_field(file: MistakeFile, config: str, item: ConfigField, others: Mapping[str, str]) -> None:
    kind = _scalar_of(item.schema).type
    wrong = _wrapped(item.schema, _WRONG_VALUE[kind])
    wrong_variable = _wrapped(item.schema, _WRONG_VARIABLE[kind])
    required = {item.name: _value(item.schema)} if item.required else {}
    misspelt = {_misspelt(item.name, ()): _value(item.schema)}
    file.mistake("misspelling", f"{config}({_arguments({**others, **required, **misspelt})})")
    file.mistake("type", f"{config}({_arguments({**others, item.name: wrong})})")
    file.mistake("type", f"{config}({_arguments({**others, item.name: wrong_variable})})")
    if item.required:
        file.mistake("omission", f"{config}({_arguments(others)})")


def _write_port(file: MistakeFile, call: str, spec: DependencySpec, ports: Mapping[str, str]) -> None:
    name = python_identifier(spec.logical_name)
    others = {other: value for other, value in ports.items() if other != name}
    file.mistake("misspelling", f"{call}{_arguments({**ports, _misspelt(name, ports): ports[name]})})")
    scalar = spec.dependency_type in SCALAR_TYPES
    wrong = _WRONG_VARIABLE[_json_type(spec.dependency_type)] if scalar else "unrelated"
    file.mistake("type", f"{call}{_arguments({**others, name: f'[{wrong}]' if spec.many else wrong})})")
    if spec.required:
        file.mistake("omission", f"{call}{_arguments(others)})")


def _write_outputs(file: MistakeFile, contract: StepContract, proxy: str) -> None:
    names = [python_identifier(name) for name in contract.output_ports]
    for port in contract.output_ports.values():
        spec = port.output_spec
        name = python_identifier(port.name)
        if spec.output_type in SCALAR_TYPES:
            right = f"Variable[{SCALAR_TYPES[spec.output_type]}]"
            wrong = f"Variable[{_WRONG_SCALAR[spec.output_type]}]"
        else:
            right, wrong = f"Output[{spec.output_type}]", "Output[Unrelated]"
        file.right(f"assert_type({proxy}.{name}, {right})")
        file.mistake("misspelling", f"{proxy}.{_misspelt(name, names)}")
        file.mistake("type", f"{proxy}_{name}: {wrong} = {proxy}.{name}")
        for report in spec.files:
            attribute = python_identifier(report.name)
            file.right(f"{proxy}_{attribute}: Output[{report.artifact_type}] = {proxy}.{attribute}")
            file.mistake("misspelling", f"{proxy}.{_misspelt(attribute, names)}")
            file.mistake("type", f"{proxy}_{attribute}_wrong: Output[Unrelated] = {proxy}.{attribute}")
            _write_report(file, f"{proxy}.{attribute}", report.schema, REPORT_ATTRIBUTES)


def _write_report(file: MistakeFile, path: str, node: ReportNode, reserved: Iterable[str] = ()) -> None:
    names = [python_identifier(key, frozenset(reserved)) for key, _ in node.members]
    for (_, member), name in zip(node.members, names, strict=True):
        file.mistake("misspelling", f"{path}.{_misspelt(name, names)}")
        here, inner = f"{path}.{name}", member
        if member.type == "array" and member.element is not None:
            here, inner = f"{here}[0]", member.element
        if inner.type == "object":
            _write_report(file, here, inner)
        elif inner.type != "array":
            file.right(f"assert_type({here}, Variable[{_PYTHON[inner.type]}])")
            wrong = "int" if inner.type == "string" else "str"
            file.mistake("type", f"wrong_{len(file.lines)}: Variable[{wrong}] = {here}")


def _value(schema: ValueSchema) -> str:
    scalar = _scalar_of(schema)
    value = repr(scalar.enum[0]) if scalar.enum is not None else _VALUE[scalar.type]
    return _wrapped(schema, value)


def _variable(schema: ValueSchema) -> str:
    variables = {"string": "text", "integer": "whole", "number": "number", "boolean": "flag"}
    return _wrapped(schema, variables[_scalar_of(schema).type])


def _scalar_of(schema: ValueSchema) -> ValueSchema:
    return schema if schema.element is None else _scalar_of(schema.element)


def _wrapped(schema: ValueSchema, value: str) -> str:
    """A scalar in the lists and maps that a schema has around it."""
    if schema.element is None:
        return value
    inner = _wrapped(schema.element, value)
    return f"{{'key': {inner}}}" if schema.type == "object" else f"[{inner}]"


def _port_value(spec: DependencySpec) -> str:
    if spec.dependency_type in SCALAR_TYPES:
        variables = {"String": "text", "Integer": "whole", "Float": "number", "Boolean": "flag"}
        value = variables[spec.dependency_type]
    else:
        value = _reference(spec.dependency_type)
    return f"[{value}]" if spec.many else value


def _json_type(scalar: str) -> str:
    return {"String": "string", "Integer": "integer", "Float": "number", "Boolean": "boolean"}[scalar]


def _reference(artifact: str) -> str:
    return f"a_{artifact}"


def _arguments(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _misspelt(name: str, taken: Iterable[str]) -> str:
    """The first near miss of a name that is no other name of its class."""
    for candidate in _near_misses(name):
        if candidate != name and candidate not in taken:
            return candidate
    raise AssertionError(name)


def _near_misses(name: str) -> Iterator[str]:
    if len(name) > 2:
        yield f"{name[:-2]}{name[-1]}{name[-2]}"
        yield f"{name[:1]}{name[2:]}"
    yield f"{name}s"
    yield f"{name}x"
