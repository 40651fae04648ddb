"""Lists deployed pipelines and reads their definitions, several at a time, in a stable order."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, cast

from smgen.definition import Definition, parse_definition
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import DEFINITION_LIMITS, parse_document
from smgen.emit.service import DEFAULT_WORKERS, SageMakerReader, ServiceError, called, no_answer, pages

_PAGE: Final = 100
_WILDCARDS: Final = re.compile(r"[*?\[]")
#: What SageMaker takes as the beginning of a name.
_PREFIX: Final = re.compile(r"[a-zA-Z0-9](?:-*[a-zA-Z0-9])*")


@dataclass(frozen=True, slots=True)
class DeployedPipeline:
    """A deployed pipeline: its definition, or the findings that say why there is none; its ARN and its role's."""

    name: str
    definition: Definition | None
    findings: tuple[Finding, ...] = ()
    arn: str | None = None
    role: str | None = None


def pipeline_names(client: SageMakerReader, pattern: str) -> tuple[str, ...]:
    """The names of the deployed pipelines that match a pattern of shells (``*``, ``?``, ``[ab]``), sorted.

    Case counts, as it does in SageMaker. Raises ServiceError where the listing fails.
    """
    prefix = _WILDCARDS.split(pattern, maxsplit=1)[0].rstrip("-")
    request: dict[str, str | int] = {"MaxResults": _PAGE}
    if _PREFIX.fullmatch(prefix):
        request["PipelineNamePrefix"] = prefix
    found = {name for page in pages(client.list_pipelines, "ListPipelines", request) for name in _names(page)}
    return tuple(sorted(name for name in found if fnmatch.fnmatchcase(name, pattern)))


def read_deployed(
    client: SageMakerReader,
    names: Sequence[str],
    *,
    workers: int = DEFAULT_WORKERS,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[DeployedPipeline, ...]:
    """The deployed pipelines of these names, in their order.

    One that cannot be read, or whose definition is none, has findings (SMG292, SMG300 and what reading a document
    reports) and does not end the others. ``progress`` is called with how many are done and how many there are, from
    this thread. Raises ServiceError where none at all could be read, unless they are just not there.
    """
    found: list[DeployedPipeline] = []
    failures: list[ServiceError] = []

    def read(name: str) -> DeployedPipeline | ServiceError:
        try:
            return _definition_of(client, name)
        except ServiceError as error:
            return error

    with ThreadPoolExecutor(max_workers=max(1, min(workers, len(names)))) as pool:
        # Where none of the first can be read, the others need not wait as long.
        for some in (names[:workers], names[workers:]):
            for name, result in zip(some, pool.map(read, some), strict=True):
                if isinstance(result, ServiceError):
                    failures.append(result)
                    found.append(DeployedPipeline(name, None, (_unreadable(name, result),)))
                else:
                    found.append(result)
                if progress is not None:
                    progress(len(found), len(names))
            unanswered = [failure for failure in failures if not failure.says_missing]
            if unanswered and len(failures) == len(found):
                # Something is wrong with the account, the permission or the connection, not with the pipelines.
                raise unanswered[0]
    return tuple(found)


def _definition_of(client: SageMakerReader, name: str) -> DeployedPipeline:
    described = called(lambda: client.describe_pipeline(PipelineName=name), "DescribePipeline")
    # An answer without this text is none.
    text = cast("str", described["PipelineDefinition"])
    file = f"sagemaker:{name}"
    try:
        value = parse_document(text.encode("utf-8", "surrogatepass"), file, DEFINITION_LIMITS).value
        # Without the text: lines and columns of a definition that nobody has as a file would say nothing.
        arn, role = described.get("PipelineArn"), described.get("RoleArn")
        return DeployedPipeline(
            name,
            parse_definition(value, file=file, tolerant=True),
            arn=arn if isinstance(arn, str) else None,
            role=role if isinstance(role, str) else None,
        )
    except FindingsError as error:
        if all(finding.rule == "SMG100" for finding in error.findings):
            return DeployedPipeline(name, None, (_no_json(error.findings[0]),))
        return DeployedPipeline(name, None, error.findings)


def _names(page: Mapping[str, object]) -> list[str]:
    found: list[str] = []
    # An answer without this list is none; it is JSON, so the list may hold anything, and objects have texts as keys.
    summaries = cast("list[object]", page["PipelineSummaries"])
    if len(summaries) > _PAGE:
        raise no_answer("ListPipelines", f"a page has {len(summaries):,} pipelines, and {_PAGE} were asked for at most")
    for summary in summaries:
        name = cast("Mapping[str, object]", summary).get("PipelineName") if isinstance(summary, Mapping) else None
        if not isinstance(name, str) or not name:
            raise no_answer("ListPipelines", "a pipeline has no name")
        found.append(name)
    return found


def _unreadable(name: str, error: ServiceError) -> Finding:
    return Finding(
        "SMG292",
        f"the deployed pipeline {name} cannot be read",
        Place(file=f"sagemaker:{name}"),
        given=f"{error.call}: {error.reason}",
        # What has no code of the service's never reached it; the other pipelines say that the account can be asked.
        fix=(error.fix if error.code else None) or "try again later",
    )


def _no_json(found: Finding) -> Finding:
    return Finding(
        "SMG300",
        "the definition of the deployed pipeline is no JSON",
        found.place,
        given=": ".join(filter(None, found.texts[:2])),
        expected="a SageMaker pipeline definition",
        fix="deploy the pipeline again from its source",
    )
