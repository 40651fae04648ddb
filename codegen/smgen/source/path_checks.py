"""The places that a script names, held against the folders that its contract mounts and the channels that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from smgen.contracts import CODE_FOLDER, LiteralValue, ObjectValue, StepContract, walk
from smgen.diagnostics import Finding, nearest_name
from smgen.source.script_paths import PathUse, ScriptPaths
from smgen.source.script_sending import Sent

_PROCESSING: Final = "/opt/ml/processing"
_CHANNELS: Final = "/opt/ml/input/data"
#: Where the code itself comes, which is no folder of the script.
_CODE_FOLDERS: Final = (CODE_FOLDER, f"{_CHANNELS}/code")


def path_findings(contract: StepContract, sent: Sent, paths: ScriptPaths) -> Iterator[Finding]:
    """SMG277 for folders of a job that nothing is brought to and nothing is taken from."""
    if contract.step_kind.is_processing_job:
        mounted, root = _mounted(contract), _PROCESSING
    elif contract.step_kind.is_training_job:
        mounted = None if sent.channels is None else [f"{_CHANNELS}/{name}" for name in sent.channels]
        root = _CHANNELS
    else:
        return
    if mounted is None:
        return
    unserved = [use for use in paths.used if use.path.startswith(f"{root}/") and not _is_served(use.path, mounted)]
    for use in unserved:
        # What lies below another of them is the same mistake.
        if not any(use.path.startswith(f"{other.path}/") for other in unserved):
            yield from _unserved(contract, use, mounted, paths, root)


def _mounted(contract: StepContract) -> list[str] | None:
    """Where the inputs and outputs of a processing job lie; None where one of them is not written in the contract."""
    found = [
        value
        for part in walk(contract.request)
        if isinstance(part, ObjectValue)
        for name, value in part.members
        if name == "LocalPath"
    ]
    texts = [item.value.rstrip("/") for item in found if isinstance(item, LiteralValue) and isinstance(item.value, str)]
    return texts if len(texts) == len(found) else None


def _is_served(path: str, mounted: Sequence[str]) -> bool:
    """Whether a path lies in a mounted folder, or holds one."""
    return any(_holds(folder, path) or _holds(path, folder) for folder in mounted)


def _holds(folder: str, path: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _unserved(
    contract: StepContract, use: PathUse, mounted: Sequence[str], paths: ScriptPaths, root: str
) -> Iterator[Finding]:
    nearest = _nearest(use.path, mounted, root)
    own = paths.makes_any or any(_holds(made, use.path) or _holds(use.path, made) for made in paths.made)
    if own and nearest is None:
        # A folder that the script makes for itself.
        return
    training = contract.step_kind.is_training_job
    yield Finding(
        "SMG277",
        f"the script names {use.path}, and its contract has no {'channel' if training else 'input or output'} there",
        use.place,
        given=use.path,
        expected=", ".join(folder for folder in mounted if folder not in _CODE_FOLDERS) or "no folder",
        expected_at=contract.place("/inputs"),
        nearest=nearest,
        fix=f"write {nearest}" if nearest else None,
    )


def _nearest(path: str, mounted: Sequence[str], root: str) -> str | None:
    """The mounted folder below ``root`` that was probably meant by the beginning of a path."""
    below = {folder[len(root) + 1 :]: folder for folder in mounted if folder.startswith(f"{root}/")}
    parts = path[len(root) + 1 :].split("/")
    for count in range(1, len(parts) + 1):
        nearest = nearest_name("/".join(parts[:count]), list(below))
        if nearest is not None:
            return below[nearest]
    return None
