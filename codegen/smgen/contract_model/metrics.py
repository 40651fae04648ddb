"""The metrics of a training container: how SageMaker finds them, and what is wrong with how a contract says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from smgen.aws import STEP_KINDS, step_kind
from smgen.contract_model.holes import ListValue, ObjectValue, Value
from smgen.contract_model.json_reading import text
from smgen.contract_model.model import MetricGoal, MetricSpec
from smgen.contract_model.request_editing import member, object_value, with_member
from smgen.contract_model.step_contract import StepContract
from smgen.diagnostics import Finding
from smgen.documents import JsonObject, JsonValue, append_pointer, object_at, text_at


def read_metrics(value: JsonValue) -> dict[str, MetricSpec]:
    """The metrics of a contract document by name, in written order."""
    return {name: _metric(name, object_at(declared)) for name, declared in object_at(value).items()}


def _metric(name: str, declared: JsonObject) -> MetricSpec:
    written = declared.get("goal")
    goals: tuple[MetricGoal, ...] = ("maximize", "minimize")
    return MetricSpec(
        name=name,
        regex=text_at(declared, "regex"),
        goal=next((goal for goal in goals if goal == written), None),
        description=text(declared.get("description")),
        pointer=append_pointer("/metrics", name),
    )


def expand_metrics(kind: str, request: Value, metrics: Mapping[str, MetricSpec]) -> Value:
    """The request with a ``MetricDefinitions`` of the metrics that have a regular expression.

    Metric definitions that the contract wrote itself stay as they are.
    """
    items = tuple(_definition(metric) for metric in metrics.values() if metric.regex is not None)
    path = step_kind(kind).metrics
    if path is None or not items or not isinstance(request, ObjectValue):
        return request
    specification = member(request, *path[:-1]) or ObjectValue((), "/metrics")
    if not isinstance(specification, ObjectValue) or member(specification, path[-1]) is not None:
        return request
    return with_member(request, path[0], with_member(specification, path[1], ListValue(items, "/metrics")))


def _definition(metric: MetricSpec) -> Value:
    return object_value({"Name": metric.name, "Regex": metric.regex}, metric.pointer)


def metric_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG129: metrics of a kind that reports none, and regular expressions that find no value."""
    if contract.metrics and contract.step_kind.metrics is None:
        kinds = [name for name, row in STEP_KINDS.items() if row.metrics]
        yield Finding(
            "SMG129",
            f"a {contract.kind} step reports no metrics",
            contract.place("/metrics", key=True),
            given=contract.kind,
            expected=f"a contract of kind {' or '.join(kinds)}",
            fix="remove 'metrics'",
        )
    for metric in contract.metrics.values():
        problem = None if metric.regex is None else _regex_problem(metric.regex)
        if problem is not None:
            yield Finding(
                "SMG129",
                f"the regular expression of the metric '{metric.name}' {problem}",
                contract.place(append_pointer(metric.pointer, "regex")),
                given=metric.regex,
                expected="a regular expression with the value in a group, such as auc: ([0-9.]+)",
            )


def _regex_problem(regex: str) -> str | None:
    try:
        groups = re.compile(regex).groups
    except (re.error, OverflowError, RecursionError) as error:
        return f"cannot be read: {error}"
    return None if groups else "has no group, so no value is found"
