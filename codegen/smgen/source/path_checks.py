"""The places that a script names, held against the folders that its contract mounts and the channels that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from smgen.contract_model import CODE_FOLDER, ItemHole, JoinHole, LiteralValue, ObjectValue, StepContract, Value, walk
from smgen.diagnostics import Finding, nearest_name
from smgen.source.script_paths import ROOT, PathUse, ScriptPaths
from smgen.source.script_sending import Sent

_PROCESSING: Final = "/opt/ml/processing"
_CHANNELS: Final = "/opt/ml/input/data"
#: What a training job has below /opt/ml, and what of it a processing job has not.
_OF_TRAINING: Final = ("checkpoints", "code", "config", "input", "model", "output")
_OF_TRAINING_ONLY: Final = (_CHANNELS, "/opt/ml/model", "/opt/ml/output/data")
#: Where the code itself comes, which is no folder of the script.
_CODE_FOLDERS: Final = (CODE_FOLDER, f"{_CHANNELS}/code")


def path_findings(contract: StepContract, sent: Sent, paths: ScriptPaths) -> Iterator[Finding]:
    """SMG277 for folders of a job that nothing is brought to and nothing is taken from."""
    mounted: Sequence[str] | None = None
    roots = [_CHANNELS]
    if contract.step_kind.is_processing_job:
        mounted, roots = _mounted(contract), [_PROCESSING, *_OF_TRAINING_ONLY]
    elif contract.step_kind.is_training_job:
        mounted = None if sent.channels is None else [f"{_CHANNELS}/{name}" for name in sent.channels]
        yield from _misspelt(_mounted(contract), paths)
    if mounted is not None:
        below = [use for use in paths.used if use.path != roots[0] and any(_holds(root, use.path) for root in roots)]
        for use in _outermost([use for use in below if not _is_served(use.path, mounted)]):
            yield from _unserved(contract, use, mounted, paths, roots[0])


def _outermost(uses: Sequence[PathUse]) -> list[PathUse]:
    """The paths without those that lie below another: they are the same mistake."""
    paths = {use.path for use in uses}
    return [use for use in uses if not any(str(outer) in paths for outer in PurePosixPath(use.path).parents)]


def _misspelt(told: Sequence[str] | None, paths: ScriptPaths) -> Iterator[Finding]:
    """Folders of a training job that are called a little otherwise than those that it has, or is ``told`` to have."""
    for use in () if told is None else _outermost([use for use in paths.used if not _is_served(use.path, told)]):
        first = use.path.removeprefix(ROOT).partition("/")[0]
        made = any(_holds(folder, use.path) or _holds(use.path, folder) for folder in paths.made)
        nearest = None if first in _OF_TRAINING or made else nearest_name(first, _OF_TRAINING)
        if nearest is not None:
            meant = f"{ROOT}{nearest}{use.path.removeprefix(ROOT + first)}"
            yield Finding(
                "SMG277",
                f"the script names {use.path}, and a training job has no such folder",
                use.place,
                given=use.path,
                expected=", ".join(f"{ROOT}{name}" for name in _OF_TRAINING),
                nearest=meant,
                fix=f"write {meant}",
            )


def _mounted(contract: StepContract) -> list[str] | None:
    """Where a request says that inputs, outputs and checkpoints lie; None where it does not say it as a constant."""
    found = [
        value
        for part in walk(contract.request)
        if isinstance(part, ObjectValue)
        for name, value in part.members
        if name == "LocalPath"
    ]
    texts = [folder.rstrip("/") for item in found if (folder := _folder(item)) is not None]
    return texts if len(texts) == len(found) else None


def _folder(value: Value) -> str | None:
    """The folder that a constant says; before the number of an item, as ports with many have it, that of all items."""
    if isinstance(value, JoinHole) and len(value.values) == 2 and isinstance(value.values[1], ItemHole):
        value = value.values[0]
    return value.value if isinstance(value, LiteralValue) and isinstance(value.value, str) else None


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
    """The path that was probably meant: with the mounted folder below ``root`` that its beginning is like."""
    below = {folder[len(root) + 1 :]: folder for folder in mounted if folder.startswith(f"{root}/")}
    parts = path[len(root) + 1 :].split("/")
    for count in range(1, len(parts) + 1):
        nearest = nearest_name("/".join(parts[:count]), list(below))
        if nearest is not None:
            return "/".join((below[nearest], *parts[count:]))
    return None
