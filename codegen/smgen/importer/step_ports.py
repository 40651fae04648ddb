"""Places in requests that take a location or a resource of another step, places that say where a step writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from smgen.aws import way
from smgen.definition import Step
from smgen.importer.artifacts import Inferred, inferred, last_segment
from smgen.importer.code_names import snake
from smgen.importer.properties import check_artifact
from smgen.importer.shapes import StepLeaf

#: Channels and inputs that bring code.
_CODE: Final = (
    "code",
    "entrypoint",
    "sm_drivers",
    "sagemaker_remote_function_bootstrap",
    "pre_exec_script_and_dependencies",
)
_CODE_FOLDER: Final = "/opt/ml/processing/input/code"
#: A time that a tool hung behind a name: 2024-05-06-07-08-09-123, or seconds or milliseconds since 1970.
_TIME: Final = re.compile(r"[-_]?(\d{4}([-_]\d{2}){2,5}([-_]\d{3})?|1\d{9}(\d{3})?)\Z")
_SDK_INPUT: Final = re.compile(r"input-\d+")


@dataclass(frozen=True, slots=True)
class Port:
    """An input port: its name, and the artifact type that it takes as far as its place says it."""

    name: str
    wanted: Inferred


def port_at(step: Step, leaf: StepLeaf, folder: str) -> Port | None:
    """The port at a place that takes what another step makes; None for any other place, and for code.

    ``folder`` is where a processing input lies.
    """
    here = (leaf.beside, way(leaf.parts))
    read = next((row for row in step.kind.reads if (row.beside, row.path) == here), None)
    if read is None or read.port is None or leaf.item in _CODE or folder.rstrip("/") == _CODE_FOLDER:
        return None
    name = read.port or _name_of_input(leaf.item, folder)
    if read.artifact is not None:
        return Port(name, Inferred(check_artifact(step, read.artifact), True))
    if name.endswith("_config"):
        return Port(name, Inferred("AnalysisConfig", True))
    last = last_segment(folder)
    return Port(name, inferred(last) if _SDK_INPUT.fullmatch(leaf.item) else inferred(leaf.item, last))


def _name_of_input(item: str, folder: str) -> str:
    """The name of a channel or input; where the SDK made it that of the folder that it lies in."""
    if item and not _SDK_INPUT.fullmatch(item):
        return snake(_TIME.sub("", item) or item)
    last = snake(_TIME.sub("", last_segment(folder)))
    return last if last not in ("x", "input", "processing") else "data"


def location_output(step: Step, leaf: StepLeaf) -> str | None:
    """The output whose location a place says: AWS's name of a processing output, else the contract's name."""
    here = None if leaf.beside else way(leaf.parts)
    found = next((row.output for row in step.kind.writes if row.path == here), None)
    return leaf.item if found == "" else found
