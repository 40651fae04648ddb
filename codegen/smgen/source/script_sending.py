"""What a contract sends to its script: arguments, hyperparameters, channels and environment variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from smgen.contract_model import (
    RESERVED_PREFIX,
    EachHole,
    EnvironmentHole,
    HyperparametersHole,
    InputHole,
    JoinHole,
    JsonHole,
    ListValue,
    LiteralValue,
    MergeHole,
    ObjectValue,
    ParameterSpec,
    Scalar,
    SettingHole,
    StepContract,
    Value,
    ValueSchema,
    WhenHole,
    member,
    setting_schemas,
    walk,
)
from smgen.diagnostics import Place

#: How a value becomes the text of an argument: by Python, as the training toolkit does it, or by the pipeline.
Writer: TypeAlias = Literal["toolkit", "request"]

_FLAG: Final = re.compile(r"--?[A-Za-z]")
#: The words of the command behind which a script's own arguments stand.
_SHELL: Final = ("/bin/sh", "-c")


@dataclass(frozen=True, slots=True)
class SentValue:
    """A value that is sent: a text that the contract writes, or any value of a schema; neither where it is unknown.

    ``default`` is what the contract sends where a step sets nothing else.
    """

    schema: ValueSchema | None = None
    text: str | None = None
    default: Scalar | None = None


@dataclass(frozen=True, slots=True)
class SentOption:
    """A flag that is sent with its values. ``name`` is what the contract calls it; every job gets it where ``always``.

    ``exact`` says that ``values`` are all that stand behind the flag.
    """

    flag: str
    name: str
    place: Place
    values: tuple[SentValue, ...] = ()
    always: bool = True
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Sent:
    """All that is sent. ``whole`` says that it can be nothing else; ``loose`` is how many values stand behind no flag,
    of which ``loose_sometimes`` are not in every job.

    ``first`` is the text that stands before all others, where that is no flag.
    ``hyperparameters`` and ``environment`` are the names, each with whether it is always there, None where there may be
    others; ``channels`` those of a training job.
    """

    options: tuple[SentOption, ...] = ()
    loose: int = 0
    loose_sometimes: int = 0
    first: str | None = None
    whole: bool = True
    written_by: Writer = "request"
    hyperparameters: Mapping[str, bool] | None = None
    environment: Mapping[str, bool] | None = field(default_factory=dict[str, bool])
    channels: Mapping[str, bool] | None = None


def sent_by(contract: StepContract) -> Sent:
    """What every job of a contract sends to its script."""
    request = contract.request
    hyperparameters = _hyperparameters(contract)
    environment = _environment(contract)
    channels = _channels(contract)
    known = None if hyperparameters is None else {item.name: item.always for item in hyperparameters if _is_own(item)}
    common = Sent(hyperparameters=known, environment=environment, channels=channels)
    if contract.source is not None and contract.source.launch == "toolkit":
        options = tuple(item for item in hyperparameters or () if _is_own(item))
        return replace(common, options=options, whole=hyperparameters is not None, written_by="toolkit")
    if not (contract.step_kind.is_processing_job or contract.step_kind.is_training_job):
        return replace(common, whole=False)
    specification = "AppSpecification" if contract.step_kind.is_processing_job else "AlgorithmSpecification"
    command = member(request, specification, "ContainerEntrypoint")
    own = _own_arguments(contract, command)
    arguments = member(request, specification, "ContainerArguments")
    if own is None or not isinstance(arguments, (ListValue, type(None))):
        return replace(common, whole=False)
    return _Arguments(contract).sent(common, (*own, *(arguments.items if arguments is not None else ())))


def _is_own(item: SentOption) -> bool:
    """Whether a hyperparameter is the script's and not the toolkit's."""
    return not item.name.startswith(RESERVED_PREFIX)


def _own_arguments(contract: StepContract, command: Value | None) -> Sequence[Value] | None:
    """What stands in the command behind the script; None where the script is not seen in it."""
    if not isinstance(command, ListValue) or contract.source is None:
        return None
    words = [item.value if isinstance(item, LiteralValue) else None for item in command.items]
    entry = contract.source.entry_path.rpartition("/")[2]
    if words[: len(_SHELL)] == list(_SHELL) and (len(words) < 3 or '"$@"' not in str(words[2])):
        return None
    for index, word in enumerate(words):
        if isinstance(word, str) and word.rpartition("/")[2] == entry:
            return command.items[index + 1 :]
    return None


class _Arguments:
    """Reads a list of arguments into flags and their values."""

    def __init__(self, contract: StepContract) -> None:
        self.contract = contract
        self.schemas = setting_schemas(contract)
        self.options: list[SentOption] = []
        self.loose = 0
        self.loose_sometimes = 0
        self.whole = True

    def sent(self, common: Sent, items: Sequence[Value]) -> Sent:
        self.read(items, always=True)
        flag, first, _ = self.word(items[0]) if items else (None, None, True)
        return replace(
            common,
            first=None if first is None or flag is not None else first.text,
            options=tuple(self.options),
            loose=self.loose,
            loose_sometimes=self.loose_sometimes,
            whole=self.whole,
        )

    def read(self, items: Sequence[Value], *, always: bool) -> None:
        """Reads arguments; the values behind a flag are all up to the next one."""
        open_flag = False
        for item in items:
            inner = _conditional(item)
            if inner is not None:
                if open_flag and not (inner and self.word(inner[0])[0]):
                    # It may be a value of the flag before it.
                    self.options[-1] = replace(self.options[-1], exact=False)
                self.read(inner, always=False)
                open_flag = False
                continue
            flag, value, exact = self.word(item)
            if flag == "--":
                self.whole = False
                return
            if flag is not None:
                values = () if value is None else (value,)
                place = self.contract.place(item.pointer)
                self.options.append(SentOption(flag, flag, place, values, always))
                # Behind --flag=value the value is complete.
                open_flag = value is None
            elif open_flag:
                last = self.options[-1]
                more = (*last.values, value or SentValue())
                self.options[-1] = replace(last, values=more, exact=last.exact and exact)
            else:
                # What is not known may be a flag.
                self.loose += 1
                self.loose_sometimes += not always
                self.whole = self.whole and value is not None and value.text is not None

    def word(self, item: Value) -> tuple[str | None, SentValue | None, bool]:
        """The flag that an argument is, its value, and whether it is one value and no more or less."""
        if isinstance(item, LiteralValue):
            text = str(item.value)
            if text == "--":
                return text, None, True
            if _FLAG.match(text):
                flag, equals, value = text.partition("=")
                return flag, SentValue(text=value) if equals else None, True
            return None, SentValue(text=text), True
        if isinstance(item, JoinHole):
            return self.joined(item)
        if isinstance(item, SettingHole):
            schema = self.schemas.get(item.setting)
            spec = self.contract.settings.get(item.setting)
            one = schema is not None and schema.type not in ("array", "object")
            default = spec.default if spec is not None and isinstance(spec.default, (str, int, float)) else None
            return (
                None,
                SentValue(schema, default=default),
                one and spec is not None and (spec.required or spec.default is not None),
            )
        exact = not isinstance(item, (EachHole, MergeHole))
        return None, SentValue(), exact

    def joined(self, item: JoinHole) -> tuple[str | None, SentValue | None, bool]:
        first, rest = (item.values[0], item.values[1:]) if item.values else (None, ())
        if isinstance(first, LiteralValue) and _FLAG.match(str(first.value)) and str(first.value).endswith("="):
            inner = self.word(rest[0])[1] if len(rest) == 1 else SentValue()
            return str(first.value)[:-1], inner or SentValue(), True
        if len(item.values) == 1 and first is not None and not isinstance(first, LiteralValue):
            return None, self.word(first)[1], True
        return None, SentValue(), True


def _conditional(item: Value) -> Sequence[Value] | None:
    """The arguments that are there only where a port or setting is."""
    if not isinstance(item, WhenHole):
        return None
    if item.items is not None:
        return item.items
    return () if item.value is None else (item.value,)


def _hyperparameters(contract: StepContract) -> tuple[SentOption, ...] | None:
    """The hyperparameters as the training toolkit turns them into flags; None where there may be others."""
    if not contract.step_kind.is_training_job:
        return None
    found: dict[str, SentOption] = {}
    for part, sure in _parts(member(contract.request, "HyperParameters"), always=True):
        if isinstance(part, HyperparametersHole):
            found |= {spec.name: _hyperparameter(contract, spec, sure) for spec in contract.hyperparameters.values()}
        elif isinstance(part, ObjectValue):
            for name, value in part.members:
                always = sure and _is_always_there(contract, value)
                found[name] = SentOption(
                    _flag_of(name), name, contract.place(value.pointer), (_value(contract, value),), always
                )
        else:
            return None
    return tuple(found.values())


def _parts(value: Value | None, *, always: bool) -> Iterator[tuple[Value, bool]]:
    """The objects that make one map, each with whether it is always there."""
    if isinstance(value, MergeHole):
        for part in value.values:
            yield from _parts(part, always=always)
    elif isinstance(value, WhenHole) and value.value is not None:
        yield from _parts(value.value, always=False)
    elif value is not None:
        yield value, always


def _hyperparameter(contract: StepContract, spec: ParameterSpec, sure: bool) -> SentOption:
    always = sure and (spec.required or spec.default is not None)
    place, value = contract.place(spec.pointer, key=True), SentValue(spec.schema, default=spec.default)
    return SentOption(_flag_of(spec.name), spec.name, place, (value,), always)


def _value(contract: StepContract, value: Value) -> SentValue:
    if isinstance(value, JsonHole):
        return _value(contract, value.value)
    if isinstance(value, SettingHole):
        return SentValue(setting_schemas(contract).get(value.setting))
    return SentValue(text=str(value.value)) if isinstance(value, LiteralValue) else SentValue()


def _is_always_there(contract: StepContract, value: Value) -> bool:
    if isinstance(value, JsonHole):
        return _is_always_there(contract, value.value)
    if isinstance(value, SettingHole):
        spec = contract.settings.get(value.setting)
        return spec is not None and (spec.required or spec.default is not None)
    if isinstance(value, InputHole):
        return value.port in contract.input_ports and contract.input_ports[value.port].dependency_spec.required
    return not isinstance(value, WhenHole)


def _flag_of(name: str) -> str:
    """The flag that the training toolkit makes of a hyperparameter."""
    return f"--{name}" if len(name) > 1 else f"-{name}"


def _environment(contract: StepContract) -> dict[str, bool] | None:
    """The environment variables that the request sets, with whether they are always there; None where unknown."""
    found: dict[str, bool] = {}
    for value in walk(contract.request):
        for name, given in value.members if isinstance(value, ObjectValue) else ():
            for part, sure in _parts(given, always=True) if name == "Environment" else ():
                if isinstance(part, EnvironmentHole):
                    specs = contract.environment.values()
                    found |= {spec.name: sure and (spec.required or spec.default is not None) for spec in specs}
                elif isinstance(part, ObjectValue):
                    found |= {own: sure and not isinstance(inner, WhenHole) for own, inner in part.members}
                else:
                    return None
    return found


def _channels(contract: StepContract) -> dict[str, bool] | None:
    """The channels of a training job, each with whether it is always there; None where there may be others."""
    if not contract.step_kind.is_training_job:
        return None
    listed = member(contract.request, "InputDataConfig")
    found: dict[str, bool] = {}
    for item in listed.items if isinstance(listed, ListValue) else ():
        always = not isinstance(item, (WhenHole, EachHole))
        for inner in _conditional(item) or (item,):
            name = member(inner, "ChannelName")
            if not (isinstance(name, LiteralValue) and isinstance(name.value, str)):
                return None
            ports = [part.port for part in walk(inner) if isinstance(part, InputHole)]
            required = all(
                contract.input_ports[port].dependency_spec.required for port in ports if port in contract.input_ports
            )
            found[name.value] = always and required
    return found if isinstance(listed, (ListValue, type(None))) else None
