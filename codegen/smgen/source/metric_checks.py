"""The expressions with which SageMaker finds metrics, held against the lines that a script prints."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from smgen.contract_model import MetricSpec, StepContract, pattern_matcher, pattern_problem
from smgen.diagnostics import Finding, nearest_name
from smgen.documents import append_pointer
from smgen.source.script_prints import PrintedLine

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,}")
#: Classes such as ``\d`` and ``[0-9a-zA-Z]``, which are no words.
_NO_WORDS: Final = re.compile(r"\\.|\[[^]]*\]|\(\?[^)]*\)")
#: Libraries whose training prints metrics of its own, or that write what is logged in their own way.
_PRINT_THEMSELVES: Final = frozenset(
    [
        "catboost",
        "fastai",
        "keras",
        "lightgbm",
        "lightning",
        "pytorch_lightning",
        "pythonjsonlogger",
        "sagemaker",
        "structlog",
        "tensorflow",
        "transformers",
        "trl",
        "xgboost",
    ]
)


def metric_findings(
    contract: StepContract, lines: Sequence[PrintedLine], imported: Collection[str]
) -> Iterator[Finding]:
    """SMG279 for a metric that is not found in what the script prints, though something very like it is printed.

    Other lines of the job are not known: what is like nothing is left alone, and so is a script with one of the
    libraries that print metrics themselves among its ``imported`` modules, or with a line that may be any.
    """
    if not (_PRINT_THEMSELVES.isdisjoint(imported) and all(line.whole for line in lines)):
        return
    for metric in contract.metrics.values():
        if metric.regex is not None:
            yield from _of_metric(contract, metric, metric.regex, lines)


def _of_metric(
    contract: StepContract, metric: MetricSpec, written: str, lines: Sequence[PrintedLine]
) -> Iterator[Finding]:
    # The word before the value names it.
    before = written.partition("(")[0]
    words = _WORD.findall(_NO_WORDS.sub(" ", before))
    if not words:
        return
    # What stands before that word may come from the format of a log.
    logged = [sample for line in lines if line.logged for sample in line.samples]
    if _finds(written, [sample for line in lines for sample in line.samples]) or _finds(
        written[before.rindex(words[-1]) :], logged
    ):
        return
    found = [(line.samples[0], near) for line in lines if (near := _like(words[-1], line.samples[0])) is not None]
    if found:
        line, near = min(found, key=lambda item: item[1] != words[-1])
        yield Finding(
            "SMG279",
            f"the expression of the metric '{metric.name}' does not find it in what the script prints",
            contract.place(append_pointer(metric.pointer, "regex")),
            given=written,
            expected=f"one that finds a value in: {line.strip()}",
            nearest=None if near == words[-1] else near,
        )


def _finds(written: str, lines: Sequence[str]) -> bool:
    """Whether an expression finds something in one of the lines; one that is none may, and is another check's.

    So may one for which going back is needed: that could take longer than anybody waits.
    """
    finds = None if pattern_problem(written) is not None else pattern_matcher(written)
    return finds is None or any(map(finds, lines))


def _like(name: str, line: str) -> str | None:
    """The word of a line that is probably the metric: a value has to follow it."""
    valued = [word for word in _WORD.findall(line) if re.search(rf"\b{re.escape(word)}\b\W{{0,4}}[0-9]", line)]
    parts = next((word for word in valued if name in word.split("_")), None)
    return name if name in valued else parts or nearest_name(name, valued)
