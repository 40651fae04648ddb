"""The docstrings of generated code: what a contract says of its ports and outputs, with units and types."""

from __future__ import annotations

from smgen.aws import Leaf, property_leaf
from smgen.contracts import DependencySpec, OutputSpec, StepContract, is_scalar, python_identifier


def builder_text(contract: StepContract) -> str:
    """The docstring of a builder: what the step does, and a line per port."""
    lines = [contract.description or f"A {contract.kind} step."]
    lines.append(f"Contract {contract.name} {contract.version}, owned by {contract.owner}; a {contract.kind} step.")
    if contract.input_ports:
        ports = (port_text(port.dependency_spec) for port in contract.input_ports.values())
        lines.append("\n".join(f"- {text}" for text in ports))
    return "\n\n".join(lines)


def port_text(spec: DependencySpec) -> str:
    """One line about an input port: its argument, its type, whether it may be left out, and what the contract says."""
    many = "several of " if spec.many else ""
    optional = "" if spec.required else ", optional"
    described = f": {spec.description}" if spec.description else ""
    return f"{python_identifier(spec.logical_name)} ({many}{spec.dependency_type}{optional}){described}"


def output_text(kind: str, spec: OutputSpec) -> str:
    """The docstring of an output: the contract's words, else AWS's, and where its value stands."""
    leaf = None if spec.property_path is None else property_leaf(kind, spec.property_path)
    documented = leaf.documentation if isinstance(leaf, Leaf) else ""
    text = spec.description or documented or f"The output {spec.logical_name}."
    lines = [text]
    if spec.property_path is not None:
        what = "Value" if is_scalar(spec.output_type) else "S3 location"
        lines.append(f"{what} of the step's property {spec.property_path}.")
    if spec.must_be_consumed:
        lines.append("Some step of the pipeline must read it.")
    return "\n\n".join(lines)
