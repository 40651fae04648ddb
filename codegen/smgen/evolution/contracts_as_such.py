"""What changed of a contract as a whole: its kind, its family, its script, its metrics, what can be tuned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.contract_model import MetricSpec, SourceSpec, is_tunable
from smgen.contract_model.holes import written
from smgen.documents import compact_json
from smgen.evolution.asked_of_aws import is_in_cache_key
from smgen.evolution.changes import ContractChange, Pair

SCRIPT_CHANGED: Final = "SMG642"


def whole_changes(pair: Pair) -> Iterator[ContractChange]:
    """The changes that are of no port, field or request member."""
    old, new = pair.old, pair.new
    if (old.kind, old.raw) != (new.kind, new.raw):
        was, now = (f"{item.kind}{', raw' if item.raw else ''}" for item in (old, new))
        yield pair.change("SMG602", "kind", "is of another kind", was="/kind", now="/kind", before=was, after=now)
    if (old.step_type, old.job_type) != (new.step_type, new.job_type):
        was, now = (f"{item.step_type} {item.job_type or ''}".rstrip() for item in (old, new))
        message = "is called otherwise in lists of sources"
        yield pair.change("SMG603", "family", message, was="/name", now="/name", before=was, after=now)
    if new.deprecated is not None and new.deprecated != old.deprecated:
        message = "is deprecated" if old.deprecated is None else "is deprecated for another reason"
        yield pair.change(
            "SMG604", "deprecated", message, now="/deprecated", before=old.deprecated, after=new.deprecated
        )
    if is_tunable(old) and not is_tunable(new):
        yield pair.change("SMG645", "tuning", "can be tuned no more", was="/request", now="/request")


def source_changes(pair: Pair) -> Iterator[ContractChange]:
    """SMG642: what is packed, and how it is started."""
    old, new = pair.old.source, pair.new.source
    if old is None or new is None:
        if (old is None) != (new is None):
            was, now = (None if item is None else item.entry for item in (old, new))
            message = "has a script" if old is None else "has no script any more"
            at = {"was": "/source"} if new is None else {"now": "/source"}
            yield pair.change(SCRIPT_CHANGED, "source", message, **at, before=was, after=now)
        return
    before, after = _facts(old), _facts(new)
    for name, was in before.items():
        if was != after[name]:
            message = f"starts its script otherwise: {name.replace('_', ' ')}"
            member = f"/source/{name}"
            yield pair.change(SCRIPT_CHANGED, "source", message, was=member, now=member, before=was, after=after[name])


def _facts(source: SourceSpec) -> dict[str, str]:
    """What a contract says of its script, by its members, in words."""
    distribution = source.distribution
    options = () if distribution is None else (distribution.processes_per_host, distribution.custom_mpi_options)
    said = [compact_json(written(option)) for option in options if option is not None]
    return {
        "entry": source.entry_path,
        "directory": source.directory,
        "launch": str(source.launch),
        "whole_folder": str(source.whole_folder),
        "dependencies": ", ".join(source.dependencies),
        "requirements": source.requirements or "none",
        "distribution": "none" if distribution is None else ", ".join([distribution.type, *said]),
        "log_level": str(source.log_level),
        "by_channel": str(source.by_channel),
    }


def metric_changes(pair: Pair) -> Iterator[ContractChange]:
    """What a tuning maximises or minimises, and what SageMaker looks for in the log."""
    old, new = pair.old.metrics, pair.new.metrics
    for name, metric in old.items():
        if name not in new:
            message = f"the metric '{name}' is gone"
            yield pair.change("SMG643", f"metric {name}", message, was=metric.pointer, before=_shown(metric))
        else:
            yield from _metric_changed(pair, metric, new[name])
    path = pair.new.step_kind.metrics
    for name, metric in new.items():
        if name in old:
            continue
        again = path is not None and metric.regex is not None and is_in_cache_key(pair.new, path)
        message = f"the metric '{name}' is new{'; cached steps run again' if again else ''}"
        rule = "SMG641" if again else "SMG648"
        yield pair.change(rule, f"metric {name}", message, now=metric.pointer, after=_shown(metric))


def _metric_changed(pair: Pair, old: MetricSpec, new: MetricSpec) -> Iterator[ContractChange]:
    def change(rule: str, what: str) -> ContractChange:
        message = f"the metric '{new.name}' {what}"
        before, after = _shown(old), _shown(new)
        was, now = old.pointer, new.pointer
        return pair.change(rule, f"metric {new.name}", message, was=was, now=now, before=before, after=after)

    if old.goal != new.goal:
        # A metric without a goal may be maximised and minimised.
        rule, what = (
            ("SMG648", "may be minimised, too") if new.goal is None else ("SMG643", f"is there to {new.goal} only")
        )
        yield change(rule, what.replace("minimised", "maximised") if old.goal == "minimize" else what)
    if old.regex != new.regex:
        yield change("SMG644", "is found otherwise in the log")


def _shown(metric: MetricSpec) -> str:
    goal = f", {metric.goal}" if metric.goal else ""
    return f"{metric.regex or 'built in'}{goal}"
