"""The docstrings of generated code: what a contract says of its ports and outputs, with units and types."""

from __future__ import annotations

from smgen.aws import Leaf, property_leaf
from smgen.contracts import (
    PORT_ATTRIBUTES,
    DependencySpec,
    OutputSpec,
    ReportFile,
    ReportNode,
    StepContract,
    is_scalar,
    python_identifier,
)


def builder_text(contract: StepContract) -> str:
    """The docstring of a builder: what the step does, and a line per port."""
    step = f"{'An' if contract.kind[:1] in 'AEIOU' else 'A'} {contract.kind} step"
    owner = one_line(contract.owner)
    owned = f", owned by {owner}" if owner else ""
    paragraphs = [contract.description.strip() or f"{step}."]
    paragraphs.append(f"{step} of the contract {contract.name} {contract.version}{owned}.")
    if contract.input_ports:
        ports = (port_text(port.dependency_spec) for port in contract.input_ports.values())
        paragraphs.append("\n".join(f"- {text}" for text in ports))
    return "\n\n".join(paragraphs)


def port_text(spec: DependencySpec) -> str:
    """One line about an input port: its argument, its type, whether it may be left out, and what the contract says."""
    many = "several of " if spec.many else ""
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


def one_line(text: str) -> str:
    """A text without line breaks, as a part of a sentence."""
    return " ".join(text.split())
