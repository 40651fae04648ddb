"""The docstrings of generated code: what a contract says of its ports and outputs, with units and types."""

from __future__ import annotations

from smgen.aws import Leaf, property_leaf
from smgen.contract_model import (
    PORT_ATTRIBUTES,
    DependencySpec,
    OutputSpec,
    ReportFile,
    ReportNode,
    StepContract,
    ValueSchema,
    describe_schema,
    is_scalar,
    limits_in_words,
    python_identifier,
)
from smgen.generate.literals import string_literal


def builder_text(contract: StepContract) -> str:
    """The docstring of a builder: what the step does, and a line per port."""
    step = f"{'An' if contract.kind[:1] in 'AEIOU' else 'A'} {contract.kind} step"
    owner = one_line(contract.owner)
    owned = f", owned by {owner}" if owner else ""
    paragraphs = [contract.description.strip()] if contract.description.strip() else []
    paragraphs.append(f"{step} of the contract {contract.name} {contract.version}{owned}.")
    if contract.input_ports:
        ports = (port_text(port.dependency_spec) for port in contract.input_ports.values())
        paragraphs.append("\n".join(f"- {text}" for text in ports))
    return "\n\n".join(paragraphs)


def port_text(spec: DependencySpec) -> str:
    """One line about an input port: its argument, its type, whether it may be left out, and what the contract says."""
    many = "a list of " if spec.many else ""
    optional = "" if spec.required else ", optional"
    description = one_line(spec.description)
    described = f": {description}" if description else ""
    name = python_identifier(spec.logical_name, PORT_ATTRIBUTES)
    return f"{name} ({many}{spec.dependency_type}{optional}){described}"


def output_text(kind: str, spec: OutputSpec) -> str:
    """The docstring of an output: the contract's words, else AWS's, and where its value stands."""
    leaf = None if spec.property_path is None else property_leaf(kind, spec.property_path)
    documented = leaf.documentation if isinstance(leaf, Leaf) else ""
    paragraphs = [spec.description.strip() or documented or f"The output {spec.logical_name}."]
    if spec.property_path is not None:
        what = "Value" if is_scalar(spec.output_type) else "S3 location"
        paragraphs.append(f"{what} of the step's property {spec.property_path}.")
    if spec.must_be_consumed:
        paragraphs.append("Some step of the pipeline must read it.")
    return "\n\n".join(paragraphs)


def report_text(file: ReportFile, output: str) -> str:
    """The docstring of a report file."""
    return file.description.strip() or f"The report {one_line(file.path)} of the output {output}."


def member_text(key: str, node: ReportNode) -> str:
    """The docstring of a place in a report."""
    return node.description.strip() or f"The member {one_line(key)}."


def value_text(name: str, identifier: str, schema: ValueSchema, default: str) -> str:
    """The docstring of a value of a config: the contract's or AWS's words, then what its annotation does not say.

    ``default`` is what stands for a value that is not given, in words; '' where the class itself says it.
    """
    paragraphs = [schema.description.strip()]
    limits = limits_in_words(schema)
    if _has_limits(schema) and not (limits and paragraphs[0].lower().endswith(f"{limits.lower()}.")):
        paragraphs.append(f"Takes {one_line(describe_schema(schema))}.")
    if default:
        paragraphs.append(f"Default: {default}.")
    if identifier != name:
        paragraphs.append(f"The contract's name for it is {string_literal(name)}.")
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _has_limits(schema: ValueSchema) -> bool:
    """Whether a schema says more than a type and the values of a Literal."""
    shown = ("type", "enum", "items", "additionalProperties") if schema.type != "number" else ("type",)
    own = any(key not in shown for key in schema.json_schema())
    return own or (schema.element is not None and _has_limits(schema.element))


def one_line(text: str) -> str:
    """A text without line breaks, as a part of a sentence."""
    return " ".join(text.split())
