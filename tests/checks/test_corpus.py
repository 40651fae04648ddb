"""Lint of eight recorded pipelines: what is known to be wrong with them is found, and every finding is true."""

from dataclasses import dataclass

import pytest

from smgen.checks import check_definition
from smgen.definition import Definition
from smgen.diagnostics import Finding
from smgen.documents import JsonValue
from tests.checks.definitions import CORPUS, as_definition, corpus_document, corpus_file

NUMBERS = tuple(path.name[:2] for path in CORPUS)

# FIELD.md and the issue name these; the recorded facts do not.
KNOWN_UNREAD = {
    "02": ("ModelApprovalStatus",),
    "03": ("ModelApprovalStatus",),
    "05": ("InputSource", "OutputBaselineUrl"),
    "07": ("InputData",),
    "08": ("ProcessingInstanceType", "ProcessingInstanceCount"),
}

# What is found beyond what is known, each looked at: rule, pointer, and why it is true.
OTHERS: dict[str, dict[tuple[str, str], str]] = {
    "04": {
        ("SMG312", "/Steps/0/Arguments/ProcessingOutputConfig/Outputs/1/S3Output/S3Uri"): (
            "the outputs train, validation and test have one location: the tuning job trains on all files in both "
            "channels, and the model is evaluated on data that it was trained on"
        ),
    },
}


@dataclass(frozen=True)
class Lint:
    definition: Definition
    findings: tuple[Finding, ...]

    def pointers(self, rule: str) -> set[str | None]:
        return {finding.place.pointer for finding in self.findings if finding.rule == rule}


def lint(number: str) -> Lint:
    definition = as_definition(corpus_document(number))
    return Lint(definition, check_definition(definition))


def hidden_edges(number: str, definition: Definition) -> set[tuple[str, str]]:
    """The implicit edges of the recorded facts, as rule and pointer."""
    edges = corpus_file(number)["implicit_edges"]
    assert isinstance(edges, list)
    return {("SMG311", pointer_of(definition, edge)) for edge in edges}


def pointer_of(definition: Definition, edge: JsonValue) -> str:
    assert isinstance(edge, dict)
    consumer = definition.step(str(edge["consumer"]))
    assert consumer is not None
    return f"{consumer.pointer}/Arguments/{str(edge['at']).replace('.', '/')}"


def known(number: str, definition: Definition) -> set[tuple[str, str]]:
    unread = {
        ("SMG302", f"{parameter.pointer}/Name")
        for parameter in definition.parameters
        if parameter.name in KNOWN_UNREAD.get(number, ())
    }
    return unread | hidden_edges(number, definition)


@pytest.mark.parametrize("number", NUMBERS)
def test_findings_are_the_known_ones_and_the_judged_ones(number: str) -> None:
    result = lint(number)
    found = {(finding.rule, finding.place.pointer or "") for finding in result.findings}
    assert found == known(number, result.definition) | set(OTHERS.get(number, {}))


def test_precision_and_recall() -> None:
    results = {number: lint(number) for number in NUMBERS}
    true_ones = {
        (number, rule, pointer)
        for number, result in results.items()
        for rule, pointer in known(number, result.definition) | set(OTHERS.get(number, {}))
    }
    known_ones = {
        (number, rule, pointer)
        for number, result in results.items()
        for rule, pointer in known(number, result.definition)
    }
    found = {
        (number, finding.rule, finding.place.pointer)
        for number, result in results.items()
        for finding in result.findings
    }
    precision = len(found & true_ones) / len(found)
    recall = len(found & known_ones) / len(known_ones)
    print(f"{len(found)} findings, precision {precision:.2f}; {len(known_ones)} known, recall {recall:.2f}")
    assert (len(found), len(known_ones), precision, recall) == (10, 9, 1.0, 1.0)


def test_the_hidden_edge_of_the_best_known_sample() -> None:
    (found,) = lint("01").findings
    assert found.message == (
        "AbaloneRegisterModel-RegisterModel reads a place that AbaloneEval writes (its output evaluation), without a "
        "reference to it: AbaloneRegisterModel-RegisterModel waits for AbaloneEval only through other steps, and all "
        "executions share this one place"
    )
    assert found.fix == (
        'write {"Std:Join":{"On":"/","Values":[{"Get":"Steps.AbaloneEval.ProcessingOutputConfig.'
        'Outputs[\'evaluation\'].S3Output.S3Uri"},"evaluation.json"]}}'
    )
    assert found.expected_at is not None
    assert found.expected_at.pointer == "/Steps/2/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri"
