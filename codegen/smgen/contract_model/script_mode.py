"""Script mode written out: what a contract's ``source`` stands for in the request, by its launch convention.

``processing`` and ``channel`` bring the code as an input of the job and say the command; ``toolkit`` tells the training
toolkit of SageMaker's framework containers by hyperparameters, ``inference`` the serving toolkit by environment
variables. What the contract writes itself stays as it is.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Final, get_args

from smgen.aws import EACH, STEP_KINDS, LaunchConvention, step_kind
from smgen.contract_model.holes import (
    AssetHole,
    DefaultHole,
    HyperparametersHole,
    InputHole,
    JsonHole,
    ListValue,
    LiteralValue,
    MergeHole,
    ObjectValue,
    Value,
    walk,
    written,
)
from smgen.contract_model.model import Distribution, SourceSpec
from smgen.contract_model.request_editing import Misplaced, appended, member, object_value, with_member
from smgen.contract_model.short_forms import CHANNEL, LOCATION, PROCESSING_INPUT, ShortForm

#: The name of the asset that ``source`` packs, and of the input or channel that carries it.
CODE_ASSET: Final = "code"

#: Where a processing container finds its script, and unpacks an archive.
CODE_FOLDER: Final = "/opt/ml/processing/input/code"

#: Where a training container finds the channel with its script, and unpacks an archive: a channel may be read-only.
CODE_CHANNEL_FOLDER: Final = "/opt/ml/input/data/code"
TRAINING_CODE_FOLDER: Final = "/opt/ml/code"

#: Where the code lies in a model archive once it is unpacked for serving.
SERVING_CODE_FOLDER: Final = "/opt/ml/model/code"

#: The kinds of step that each launch convention is for.
LAUNCH_KINDS: Final[Mapping[LaunchConvention, tuple[str, ...]]] = {
    launch: tuple(kind for kind, row in STEP_KINDS.items() if launch in row.launches)
    for launch in get_args(LaunchConvention)
}

#: Hyperparameters that begin like this belong to the toolkits.
RESERVED_PREFIX: Final = "sagemaker_"

#: Python's number of the log level INFO, the toolkits' default.
INFO_LEVEL: Final = 20

#: The hyperparameter that starts each distributed launcher.
_LAUNCHERS: Final = {
    "mpi": "sagemaker_mpi_enabled",
    "smdataparallel": "sagemaker_distributed_dataparallel_enabled",
    "torch_distributed": "sagemaker_torch_distributed_enabled",
    "parameter_server": "sagemaker_parameter_server_enabled",
    "multi_worker_mirrored_strategy": "sagemaker_multi_worker_mirrored_strategy_enabled",
}
#: Launchers that are told the instance type, and the hyperparameter of those that take options of MPI.
_TOLD_INSTANCE_TYPE: Final = ("smdataparallel", "torch_distributed")
_MPI_OPTIONS: Final = {
    "mpi": "sagemaker_mpi_custom_mpi_options",
    "smdataparallel": "sagemaker_distributed_dataparallel_custom_mpi_options",
}


def launch_convention(wanted: str | None, kind: str) -> LaunchConvention | None:
    """The launch convention of a source that says ``wanted``; None where the kind has none unasked."""
    if wanted is None:
        only = step_kind(kind).launches
        return only[0] if len(only) == 1 else None
    return next((known for known in LAUNCH_KINDS if known == wanted), None)


def names_code(request: Value) -> bool:
    """Whether the contract says itself where its code goes."""
    return any(isinstance(value, AssetHole) and value.asset == CODE_ASSET for value in walk(request))


def with_script(
    kind: str, request: Value, source: SourceSpec, *, hyperparameters: bool, misplaced: list[Misplaced]
) -> Value:
    """The request with all that launches the script; ``hyperparameters`` says whether the contract declares any."""
    if source.launch is None or kind not in LAUNCH_KINDS[source.launch] or names_code(request):
        return request
    if source.launch == "processing":
        return _processing(request, source, misplaced)
    if source.launch == "channel":
        return _channel(request, source, misplaced)
    if source.launch == "toolkit":
        return _toolkit(request, source, hyperparameters, misplaced)
    return _inference(kind, request, source, misplaced)


def without_script(kind: str, request: Value, source: SourceSpec, *, hyperparameters: bool) -> Value | None:
    """The request that :func:`with_script` makes this one of; None where what it adds does not stand there exactly.

    The order of members says nothing. What is added to something that the contract writes, the variables of a serving
    container say, is not taken away again.
    """
    added = with_script(kind, ObjectValue(()), source, hyperparameters=hyperparameters, misplaced=[])
    rest = _less(request, added) or ObjectValue((), request.pointer)
    again = with_script(kind, rest, source, hyperparameters=hyperparameters, misplaced=[])
    return rest if rest != request and _told(again) == _told(request) else None


def _less(value: Value, added: Value) -> Value | None:
    """A value without as much at its end as was added; None where nothing is left."""
    if isinstance(value, ObjectValue) and isinstance(added, ObjectValue):
        less = dict(added.members)
        rest = ((name, _less(item, less[name]) if name in less else item) for name, item in value.members)
        members = tuple((name, item) for name, item in rest if item is not None)
        return ObjectValue(members, value.pointer) if members else None
    if isinstance(value, ListValue) and isinstance(added, ListValue):
        items = value.items[: max(len(value.items) - len(added.items), 0)]
        return ListValue(items, value.pointer) if items else None
    return None


def _told(value: Value) -> str:
    return json.dumps(written(value), sort_keys=True)


def serving_container(kind: str, request: Value) -> Value | None:
    """The one container of a request that creates or registers a model; None where there is none or are several."""
    for path in step_kind(kind).containers:
        found = member(request, *path[:-1]) if EACH not in path[:-1] else None
        if path[-1] == EACH and isinstance(found, ListValue):
            return found.items[0] if len(found.items) == 1 else None
    alone = [path for path in step_kind(kind).containers if EACH not in path]
    return member(request, *alone[0]) if alone else None


def model_ports(kind: str, request: Value) -> tuple[str, ...]:
    """The input ports that give a serving container its model."""
    container = serving_container(kind, request)
    data = [member(container, name) for name in ("ModelDataUrl", "ModelDataSource")] if container is not None else []
    holes = [value for part in data if part is not None for value in walk(part)]
    return tuple(dict.fromkeys(value.port for value in holes if isinstance(value, InputHole)))


# Jobs that are told a command -------------------------------------------------------------------------------------


def _processing(request: Value, source: SourceSpec, misplaced: list[Misplaced]) -> Value:
    request = _with_code(request, PROCESSING_INPUT, {"local_path": CODE_FOLDER}, source, misplaced)
    return _with_command(request, "AppSpecification", _command(source, CODE_FOLDER, CODE_FOLDER), source, misplaced)


def _channel(request: Value, source: SourceSpec, misplaced: list[Misplaced]) -> Value:
    request = _with_code(request, CHANNEL, _CODE_CHANNEL, source, misplaced)
    command = _command(source, CODE_CHANNEL_FOLDER, TRAINING_CODE_FOLDER)
    return _with_command(request, "AlgorithmSpecification", command, source, misplaced)


#: Whatever the mode of the data: a script is copied before it is run.
_CODE_CHANNEL: Final = {"input_mode": "File"}


def _with_code(
    request: Value, form: ShortForm, said: Mapping[str, str], source: SourceSpec, misplaced: list[Misplaced]
) -> Value:
    """The request with the item that brings the code, in the form of the other inputs."""
    location = AssetHole(CODE_ASSET, pointer=source.pointer)
    item = form.written({**said, form.name: CODE_ASSET, LOCATION: location}, source.pointer)
    return appended(request, form.path, [item], misplaced)


def _command(source: SourceSpec, arrives: str, unpacked: str) -> list[str]:
    """The container's entry point; the job's arguments follow behind it.

    A plain file is run where it arrives. An archive is unpacked by a line of shell, so that nothing but the archive
    has to be uploaded and the request says all that happens.
    """
    interpreter = "bash" if source.entry.endswith(".sh") else "python3"
    if not source.is_archive:
        return [interpreter, f"{arrives}/{source.file}"]
    steps = [f"mkdir -p {unpacked}", f"cd {unpacked}"] if unpacked != arrives else [f"cd {unpacked}"]
    steps.append(f"tar -xzf {shlex.quote(source.file if unpacked == arrives else f'{arrives}/{source.file}')}")
    if source.requirements is not None:
        steps.append("python3 -m pip install -r requirements.txt")
    steps.append(f'exec {interpreter} "$0" "$@"')
    return ["/bin/sh", "-c", " && ".join(steps), source.entry_path]


def _with_command(
    request: Value, where: str, command: list[str], source: SourceSpec, misplaced: list[Misplaced]
) -> Value:
    """The request with the command that runs the script, unless the contract wrote its own."""
    if not isinstance(request, ObjectValue):
        return request
    specification = member(request, where) or ObjectValue((), source.pointer)
    if not isinstance(specification, ObjectValue):
        message = "this is no object, so the script's entry point cannot be added"
        misplaced.append(Misplaced(specification.pointer, message))
        return request
    if member(specification, "ContainerEntrypoint") is not None:
        return request
    words = ListValue(tuple(LiteralValue(word, source.pointer) for word in command), source.pointer)
    return with_member(request, where, with_member(specification, "ContainerEntrypoint", words))


# Containers with a toolkit ----------------------------------------------------------------------------------------


def _toolkit(request: Value, source: SourceSpec, hyperparameters: bool, misplaced: list[Misplaced]) -> Value:
    pointer = source.pointer
    directory: Value = AssetHole(CODE_ASSET, pointer=pointer)
    if source.by_channel:
        request = _with_code(request, CHANNEL, _CODE_CHANNEL, source, misplaced)
        directory = LiteralValue(f"{CODE_CHANNEL_FOLDER}/{source.file}", pointer)
    values: dict[str, Value] = {
        "sagemaker_submit_directory": directory,
        "sagemaker_program": LiteralValue(source.entry_path, pointer),
        "sagemaker_container_log_level": LiteralValue(source.log_level, pointer),
        "sagemaker_region": DefaultHole("region", pointer),
    }
    if source.distribution is not None:
        values |= _distribution(source.distribution, member(request, "ResourceConfig", "InstanceType"), pointer)
    encoded = {
        name: LiteralValue(json.dumps(value.value), pointer)
        if isinstance(value, LiteralValue)
        else JsonHole(value, pointer)
        for name, value in values.items()
    }
    own: Value | None = HyperparametersHole("json", pointer) if hyperparameters else None
    return _with_map(request, ("HyperParameters",), encoded, source, own, misplaced)


def _distribution(distribution: Distribution, instance_type: Value | None, pointer: str) -> dict[str, Value]:
    """The values that start a distributed launcher, by hyperparameter, as the SDK's estimators send them."""
    kind = distribution.type
    values: dict[str, Value] = {_LAUNCHERS[kind]: LiteralValue(True, pointer)}
    if kind in _TOLD_INSTANCE_TYPE and instance_type is not None:
        values["sagemaker_instance_type"] = instance_type
    if distribution.processes_per_host is not None:
        values["sagemaker_mpi_num_of_processes_per_host"] = distribution.processes_per_host
    if kind in _MPI_OPTIONS:
        values[_MPI_OPTIONS[kind]] = distribution.custom_mpi_options or LiteralValue("", pointer)
    return values


def _inference(kind: str, request: Value, source: SourceSpec, misplaced: list[Misplaced]) -> Value:
    pointer = source.pointer
    values: dict[str, Value] = {
        "SAGEMAKER_PROGRAM": LiteralValue(source.entry_path, pointer),
        "SAGEMAKER_SUBMIT_DIRECTORY": LiteralValue(SERVING_CODE_FOLDER, pointer),
        "SAGEMAKER_CONTAINER_LOG_LEVEL": LiteralValue(str(source.log_level), pointer),
        "SAGEMAKER_REGION": DefaultHole("region", pointer),
    }
    container = serving_container(kind, request)
    if not isinstance(container, ObjectValue):
        message = "the code of 'source' is served by one container, and the request does not have exactly one"
        misplaced.append(Misplaced(pointer, message))
        return request
    return _replaced(request, container, _with_map(container, ("Environment",), values, source, None, misplaced))


def _with_map(
    value: Value,
    path: tuple[str],
    additions: Mapping[str, Value],
    source: SourceSpec,
    own: Value | None,
    misplaced: list[Misplaced],
) -> Value:
    """``value`` with a map at a member that has ``additions``, but for names that the contract writes there itself.

    ``own`` is what stands there where the contract writes nothing.
    """
    if not isinstance(value, ObjectValue):
        misplaced.append(Misplaced(value.pointer, f"this is no object, so '{path[0]}' cannot be added to it"))
        return value
    there = member(value, *path) or own
    parts = there.values if isinstance(there, MergeHole) else () if there is None else (there,)
    known = [name for part in parts if isinstance(part, ObjectValue) for name, _ in part.members]
    added = object_value({name: item for name, item in additions.items() if name not in known}, source.pointer)
    if there is None:
        return with_member(value, path[0], added)
    if isinstance(there, ObjectValue):
        return with_member(value, path[0], ObjectValue((*there.members, *added.members), there.pointer))
    return with_member(value, path[0], MergeHole((*parts, added), there.pointer))


def _replaced(value: Value, old: Value, new: Value) -> Value:
    """``value`` with the part that is ``old`` itself replaced."""
    return new if value is old else value.rebuilt(lambda part: _replaced(part, old, new))
