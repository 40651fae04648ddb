"""The expressions with which SageMaker finds metrics, held against the lines that a script prints."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from smgen.contracts import MetricSpec, StepContract
from smgen.diagnostics import Finding, nearest_name
from smgen.documents import append_pointer

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,}")
#: Classes such as ``\d`` and ``[0-9a-zA-Z]``, which are no words.
_NO_WORDS: Final = re.compile(r"\\.|\[[^]]*\]|\(\?[^)]*\)")
#: Expressions that may take forever over a line.
_ENDLESS: Final = re.compile(r"[+*}]\)?[+*{]")


#: Libraries whose training prints metrics of its own.
_PRINT_THEMSELVES: Final = frozenset(
    [
        "catboost",
        "fastai",
        "keras",
        "lightgbm",
        "lightning",
        "pytorch_lightning",
        "sagemaker",
        "tensorflow",
        "transformers",
        "trl",
        "xgboost",
    ]
)


def metric_findings(
    contract: StepContract, lines: Sequence[Sequence[str]], imported: Collection[str]
) -> Iterator[Finding]:
    """SMG279 for a metric that is not found in what the script prints, though something very like it is printed.

    Other lines of the job are not known: what is like nothing is left alone, and so is a script with one of the
    libraries that print metrics themselves among its ``imported`` modules.
    """
    if not _PRINT_THEMSELVES.isdisjoint(imported):
        return
    for metric in contract.metrics.values():
        if metric.regex is not None and not _ENDLESS.search(metric.regex):
            yield from _of_metric(contract, metric, metric.regex, lines)


def _of_metric(
    contract: StepContract, metric: MetricSpec, written: str, lines: Sequence[Sequence[str]]
) -> Iterator[Finding]:
    try:
        regex = re.compile(written)
    except (re.error, OverflowError, RecursionError):
        # The contract's own checks say so.
        return
    # The word before the value names it.
    words = _WORD.findall(_NO_WORDS.sub(" ", written.partition("(")[0]))
    if not words or any(regex.search(line) for samples in lines for line in samples):
        return
    found = [(samples[0], near) for samples in lines if (near := _like(words[-1], samples[0])) is not None]
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


def _like(name: str, line: str) -> str | None:
    """The word of a line that is probably the metric: a value has to follow it."""
    valued = [word for word in _WORD.findall(line) if re.search(rf"\b{re.escape(word)}\b\W{{0,4}}[0-9]", line)]
    parts = next((word for word in valued if name in word.split("_")), None)
    return name if name in valued else parts or nearest_name(name, valued)
