"""What an output of a step is in the definition: a property, or what the contract composes of several."""

from __future__ import annotations

import re

from smgen.authoring.references import Artifact, Output, file_below
from smgen.authoring.reports import ReportPath
from smgen.authoring.step_handles import StepHandle
from smgen.contract_model import ReportFile
from smgen.expressions import Expression, Get, Join, JsonGet, Operand, property_file, step_property


def report_path(step: StepHandle, folder: Output[Artifact], output: str, file: ReportFile) -> ReportPath:
    """The root of a report that a step writes below an output; ``folder`` is the reference to that output."""
    source: Get | Join
    # The property file of an iteration cannot be named from outside of its loop, but the file itself can be read.
    if step.contract.step_kind.has_property_files and step.iteration is None:
        source = property_file(step.path_name, file.property_file)
    else:
        source = file_below(folder.__smgen_expression__, file.path)
    return ReportPath(source, step.origin(output))


def output_expression(step: StepHandle, output: str) -> Expression:
    """The expression of an output in the definition: a property, or what the contract composes of several."""
    expression = _own_expression(step, output)
    return expression if step.iteration is None else _moved(expression, step.path_name, step.iteration.root)


def _own_expression(step: StepHandle, output: str) -> Expression:
    spec = step.contract.output_ports[output].output_spec
    if spec.property_path is not None:
        return step_property(step.path_name, spec.property_path)
    operand = None if spec.value is None else step.composed(spec.value)
    if operand is None or isinstance(operand, (str, int, float)):
        # A text of which every part is known, or of which one is missing; that is reported by build().
        return Join("", () if operand is None else (operand,))
    return operand


def _moved(expression: Expression, step: str, root: str) -> Expression:
    """The expression with the properties of a step read at another root."""
    if isinstance(expression, Get):
        own = re.match(rf"Steps\.{re.escape(step)}(?=[.\[])", expression.path)
        return expression if own is None else Get(root + expression.path[own.end() :])
    if isinstance(expression, JsonGet):
        # No contract composes one of its own: there is no hole for it.
        return expression
    return Join(expression.on, tuple(_moved_operand(value, step, root) for value in expression.values))


def _moved_operand(value: Operand, step: str, root: str) -> Operand:
    return _moved(value, step, root) if isinstance(value, (Get, Join, JsonGet)) else value
