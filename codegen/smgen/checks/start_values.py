"""The values of a start where the parameters are used: what AWS would refuse with them, and not without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from smgen.checks.context import CheckContext
from smgen.checks.engine import check_definition
from smgen.definition import Definition, parse_definition
from smgen.diagnostics import Finding, Severity
from smgen.documents import JsonValue


def start_findings(
    definition: Definition, values: Mapping[str, JsonValue], context: CheckContext | None = None
) -> tuple[Finding, ...]:
    """SMG240 for each error that a definition has when it is started with these values and not with its defaults."""
    if not values:
        return ()
    parameters: list[JsonValue] = []
    for parameter in definition.parameters:
        item: dict[str, JsonValue] = {"Name": parameter.name, "Type": parameter.type}
        if parameter.name in values or parameter.has_default:
            item["DefaultValue"] = values.get(parameter.name, parameter.default)
        parameters.append(item)
    started = parse_definition({**definition.document, "Parameters": parameters}, tolerant=True)
    known = {_cause(finding) for finding in check_definition(definition, context)}
    found = check_definition(started, replace(context or CheckContext(), is_start=True))
    return tuple(
        replace(finding, rule="SMG240", message=f"this start would fail: {finding.message}", given_at=None)
        for finding in found
        if finding.severity is Severity.ERROR and _cause(finding) not in known
    )


def _cause(finding: Finding) -> tuple[str, str | None, str | None]:
    return finding.rule, finding.place.pointer, finding.given
