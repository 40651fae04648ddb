"""Says whether steps that were imported with one contract can be written with another, and with which names and values.

The two requests are laid over each other. Where both have a hole, the names in it belong together; where the other
contract has a setting and this one a value, the value becomes a part of the step's config. Anything else that differs
is a reason why the contract does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeAlias

from smgen.contract_model import (
    ABSENT,
    DefaultHole,
    EachHole,
    EnvironmentHole,
    EnvironmentImage,
    FrameworkImage,
    HyperparametersHole,
    InputHole,
    JsonHole,
    ListValue,
    LiteralValue,
    ObjectValue,
    OutputLocationHole,
    OutputPort,
    ParameterSpec,
    ReportFile,
    ReportNode,
    SettingDefault,
    SettingHole,
    StepContract,
    Value,
    WhenHole,
    children,
    python_identifier,
    value_problem,
)
from smgen.documents import JsonValue, append_pointer, canonical_json
from smgen.importer.imported_pipeline import Authored, EnvironmentReference, ImportedStep

_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Fit:
    """How steps of one contract are written with another: the other's name for each of this one's names.

    ``attributes`` are those of the proxy, report files among them. ``constants`` are settings of the other contract
    with the value that this one writes into its request, ``implied`` the values that this contract's defaults gave and
    the other one's do not, by this contract's names. ``dropped`` are settings that the other contract has no place for
    and needs none, as all steps give the value that it writes.
    """

    settings: Mapping[str, str]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    attributes: Mapping[str, str]
    constants: Mapping[str, Authored] = field(default_factory=dict[str, "Authored"])
    implied: Mapping[str, Authored] = field(default_factory=dict[str, "Authored"])
    dropped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NoFit:
    """Why a contract does not fit; ``depth`` is how far into the request the two agree, to tell near ones from far."""

    reason: str
    depth: int = 0


class _MisfitError(Exception):
    """Ends a comparison."""

    def __init__(self, reason: str, depth: int = 0) -> None:
        super().__init__(reason)
        self.found = NoFit(reason, depth)


def fit(new: StepContract, old: StepContract, uses: Sequence[ImportedStep], read: Collection[str]) -> Fit | NoFit:
    """How ``uses``, the steps of the contract ``new``, are written with ``old``; or why they cannot be.

    ``read`` are the attributes of the steps' proxies that other steps read.
    """
    try:
        return _Fitting(new, old, uses, read).fit()
    except _MisfitError as misfit:
        return misfit.found


#: What a comparison has found so far: settings, inputs, outputs, constants, dropped.
_State: TypeAlias = "tuple[dict[str, str], dict[str, str], dict[str, str], dict[str, Authored], set[str]]"


class _Fitting:
    """One comparison of two contracts."""

    def __init__(
        self, new: StepContract, old: StepContract, uses: Sequence[ImportedStep], read: Collection[str]
    ) -> None:
        self.new = new
        self.old = old
        self.uses = uses
        self.read = read
        self.settings: dict[str, str] = {}
        self.inputs: dict[str, str] = {}
        self.outputs: dict[str, str] = {}
        self.attributes: dict[str, str] = {}
        self.constants: dict[str, Authored] = {}
        self.implied: dict[str, Authored] = {}
        self.dropped: set[str] = set()

    def fit(self) -> Fit:
        new, old = self.new, self.old
        if (new.kind, new.raw) != (old.kind, old.raw):
            raise _MisfitError(f"it is a {old.kind} step")
        if old.deprecated is not None:
            raise _MisfitError("it is deprecated")
        self.source()
        self.values(new.request, old.request, "")
        self.values(new.step_fields, old.step_fields, "")
        self.ports()
        self.parameters("hyperparameter", new.hyperparameters, old.hyperparameters)
        self.parameters("environment variable", new.environment, old.environment)
        self.config()
        self.output_ports()
        return Fit(
            self.settings,
            self.inputs,
            self.outputs,
            self.attributes,
            self.constants,
            self.implied,
            frozenset(self.dropped),
        )

    def source(self) -> None:
        """Code is a fact of a contract: the same folder and script, or none."""
        new, old = self.new.document.get("source"), self.old.document.get("source")
        if new != old:
            raise _MisfitError(
                "it runs other code" if new and old else "it has code of its own" if old else "it has no code"
            )

    # The requests ---------------------------------------------------------------------------------------------------

    def values(self, new: Value, old: Value, at: str) -> None:
        """One place; values of one form are held against each other, and a value against a setting."""
        if type(new) is type(old):
            self._pairs.get(type(new), _Fitting.alike)(self, new, old, at)
        elif isinstance(old, SettingHole) and isinstance(new, (LiteralValue, ListValue)):
            self.constant(new, old, at)
        elif isinstance(new, SettingHole) and isinstance(old, LiteralValue):
            self.given_everywhere(new.setting, old.value, at)
        else:
            raise _MisfitError(f"{at} is {_described(old)} and not {_described(new)}", _depth(at))

    def alike(self, new: Value, old: Value, at: str) -> None:
        """Holes of one form, whose parts are compared; anything else differs."""
        ours, theirs = children(new), children(old)
        if len(ours) != len(theirs):
            raise _MisfitError(f"{at} has {len(theirs)} parts and not {len(ours)}", _depth(at))
        for index, (part, counterpart) in enumerate(zip(ours, theirs, strict=True)):
            self.values(part, counterpart, at if isinstance(new, JsonHole) else append_pointer(at, index))
        if new.rebuilt(_nothing) != old.rebuilt(_nothing):
            raise _MisfitError(f"{at} is {_described(old)} and not {_described(new)}", _depth(at))

    def literals(self, new: LiteralValue, old: LiteralValue, at: str) -> None:
        if not _same(new.value, old.value):
            raise _MisfitError(f"{at} is {_shown(old.value)} and not {_shown(new.value)}", _depth(at))

    def setting_holes(self, new: SettingHole, old: SettingHole, at: str) -> None:
        self.absence(new, old, at)
        self.pair("setting", self.settings, new.setting, old.setting, at)

    def input_holes(self, new: InputHole, old: InputHole, at: str) -> None:
        self.absence(new, old, at)
        self.pair("port", self.inputs, new.port, old.port, at)

    @staticmethod
    def absence(new: SettingHole | InputHole, old: SettingHole | InputHole, at: str) -> None:
        if new.absent != old.absent:
            raise _MisfitError(f"{at} stands for something else where nothing is given", _depth(at))

    def output_locations(self, new: OutputLocationHole, old: OutputLocationHole, at: str) -> None:
        self.pair("output", self.outputs, new.output, old.output, at)

    def repeated(self, new: EachHole, old: EachHole, at: str) -> None:
        self.named(new.port, old.port, at)
        self.values(new.item, old.item, at)

    def objects(self, new: ObjectValue, old: ObjectValue, at: str) -> None:
        ours, theirs = dict(new.members), dict(old.members)
        for name, value in ours.items():
            here = append_pointer(at, name)
            if name in theirs:
                self.values(value, theirs[name], here)
            elif not self.never_there(value):
                raise _MisfitError(f"it has no {here}", _depth(here))
        for name, value in theirs.items():
            if name not in ours and not self.may_go(value):
                here = append_pointer(at, name)
                raise _MisfitError(f"it always has {here}", _depth(here))

    def lists(self, new: ListValue, old: ListValue, at: str) -> None:
        self.items(new.items, old.items, at)

    def items(self, new: Sequence[Value], old: Sequence[Value], at: str) -> None:
        """Items in their order; optional items of the other contract may be left out."""
        rest = list(old)
        for index, item in enumerate(new):
            here = append_pointer(at, index)
            self.item(item, rest, here)
        if not all(self.may_go(item) for item in rest):
            raise _MisfitError(f"{at} has more items", _depth(at))

    def item(self, item: Value, rest: list[Value], at: str) -> None:
        """Takes the counterpart of an item, and what may be left out before it, from the items that are left."""
        first: _MisfitError | None = None
        while rest:
            other = rest[0]
            state = self.state()
            try:
                self.optional_item(item, other, at)
                del rest[0]
                return
            except _MisfitError as misfit:
                self.restore(state)
                first = first or misfit
                if not self.may_go(other):
                    raise first from None
                del rest[0]
        if not self.never_there(item):
            raise first or _MisfitError(f"it has no {at}", _depth(at))

    def optional_item(self, item: Value, other: Value, at: str) -> None:
        """An item; one of the other contract that depends on a port is there when a step has the port."""
        if isinstance(other, WhenHole) and not isinstance(item, WhenHole) and other.items and len(other.items) == 1:
            self.values(item, other.items[0], at)
        else:
            self.values(item, other, at)

    def conditional(self, new: WhenHole, old: WhenHole, at: str) -> None:
        self.named(new.name, old.name, at)
        if new.value is not None and old.value is not None:
            self.values(new.value, old.value, at)
        elif new.items is not None and old.items is not None:
            self.items(new.items, old.items, at)
        else:
            raise _MisfitError(f"{at} depends on '{old.name}' in another way", _depth(at))

    def named(self, new: str, old: str, at: str) -> None:
        """The name of a port or of a setting."""
        if new in self.new.input_ports:
            self.pair("port", self.inputs, new, old, at)
        else:
            self.pair("setting", self.settings, new, old, at)

    def pair(self, what: str, pairs: dict[str, str], new: str, old: str, at: str) -> None:
        known = {"port": self.old.input_ports, "setting": self.old.settings, "output": self.old.output_ports}[what]
        if old not in known:
            raise _MisfitError(f"{at} is no {what}", _depth(at))
        if pairs.setdefault(new, old) != old or any(one != new and other == old for one, other in pairs.items()):
            raise _MisfitError(f"{at} has another {what} than elsewhere", _depth(at))

    def constant(self, new: LiteralValue | ListValue, old: SettingHole, at: str) -> None:
        """A value of this contract where the other one asks for a setting."""
        value = _authored(new)
        if value is None:
            raise _MisfitError(f"{at} is the setting '{old.setting}', which cannot say {_described(new)}", _depth(at))
        if old.setting in self.settings.values() or self.constants.setdefault(old.setting, value) != value:
            raise _MisfitError(f"{at} has the setting '{old.setting}', which has another value elsewhere", _depth(at))

    def given_everywhere(self, setting: str, value: JsonValue, at: str) -> None:
        """A setting of this contract where the other one writes a value: every step must give it."""
        default = _plain_default(self.new.settings[setting].default)
        for use in self.uses:
            given = use.config.get(setting, default)
            if not isinstance(given, (str, int, float)) or not _same(given, value):
                raise _MisfitError(f"{at} is always {_shown(value)}", _depth(at))
        self.dropped.add(setting)

    def never_there(self, value: Value) -> bool:
        """Whether no step has what stands only in this contract."""
        if isinstance(value, SettingHole):
            given = any(use.config.get(value.setting) is not None for use in self.uses)
            is_never = not given and value.absent is ABSENT and self.new.settings[value.setting].default is None
            self.dropped |= {value.setting} if is_never else set()
            return is_never
        if isinstance(value, WhenHole):
            given = any(use.ports.get(value.name) or use.config.get(value.name) is not None for use in self.uses)
            return not given and (value.name in self.new.input_ports or self.new.settings[value.name].default is None)
        if isinstance(value, ObjectValue):
            return bool(value.members) and all(self.never_there(member) for _, member in value.members)
        if isinstance(value, HyperparametersHole):
            return not self.new.hyperparameters
        return isinstance(value, EnvironmentHole) and not self.new.environment

    def may_go(self, value: Value) -> bool:
        """Whether what stands only in the other contract goes where a step does not give it."""
        if isinstance(value, SettingHole):
            spec = self.old.settings.get(value.setting)
            return spec is not None and value.absent is ABSENT and not spec.required and spec.default is None
        if isinstance(value, WhenHole):
            port, setting = self.old.input_ports.get(value.name), self.old.settings.get(value.name)
            if port is not None:
                return not port.dependency_spec.required
            return setting is not None and not setting.required and setting.default is None
        if isinstance(value, ObjectValue):
            return bool(value.members) and all(self.may_go(member) for _, member in value.members)
        if isinstance(value, HyperparametersHole):
            return _may_be_empty(self.old.hyperparameters)
        return isinstance(value, EnvironmentHole) and _may_be_empty(self.old.environment)

    def state(self) -> _State:
        return (
            dict(self.settings),
            dict(self.inputs),
            dict(self.outputs),
            dict(self.constants),
            set(self.dropped),
        )

    def restore(self, state: _State) -> None:
        self.settings, self.inputs, self.outputs, self.constants, self.dropped = state

    # Names ----------------------------------------------------------------------------------------------------------

    def ports(self) -> None:
        for name, port in self.new.input_ports.items():
            if name not in self.inputs and any(use.ports.get(name) for use in self.uses):
                raise _MisfitError(f"it has no port for '{name}'")
            other = self.old.input_ports.get(self.inputs.get(name, ""))
            if other is not None and other.dependency_spec.many != port.dependency_spec.many:
                raise _MisfitError(f"its port '{other.name}' takes {'several' if port.dependency_spec.many else 'one'}")
        for name, port in self.old.input_ports.items():
            if not port.dependency_spec.required:
                continue
            bound = [new for new, old in self.inputs.items() if old == name]
            if not bound or not all(use.ports.get(bound[0]) for use in self.uses):
                raise _MisfitError(f"its port '{name}' is required")

    def parameters(self, what: str, new: Mapping[str, ParameterSpec], old: Mapping[str, ParameterSpec]) -> None:
        """Hyperparameters and environment variables, whose names are what the container reads."""
        for use in self.uses:
            for name in new:
                given = use.config.get(name, new[name].default)
                if given is None:
                    continue
                if name not in old:
                    raise _MisfitError(f"it has no {what} '{name}'")
                if isinstance(given, (str, int, float)) and value_problem(old[name].schema, given) is not None:
                    raise _MisfitError(f"its {what} '{name}' does not take {_shown(given)}")
                if use.config.get(name) is None and old[name].default != new[name].default:
                    self.implied[name] = given
            for name, spec in old.items():
                given = use.config.get(name, new[name].default if name in new else None)
                if given is None and (spec.required or spec.default is not None):
                    raise _MisfitError(f"its {what} '{name}' always has a value")

    def config(self) -> None:
        """The settings: each has its place, and what a default gave is given again where the other default differs."""
        for name, setting in self.new.settings.items():
            if name in self.dropped:
                continue
            if name not in self.settings:
                raise _MisfitError(f"it has no setting for '{name}'")
            other = self.old.settings[self.settings[name]]
            for use in self.uses:
                if use.config.get(name) is not None or setting.default == other.default:
                    continue
                if setting.default is None:
                    raise _MisfitError(f"its setting '{other.name}' always has a value")
                value = _default_value(setting.default)
                if value is None:
                    raise _MisfitError(f"its setting '{other.name}' has another default, which a pipeline cannot name")
                self.implied[name] = value
        taken = {*self.settings.values(), *self.constants}
        for name, setting in self.old.settings.items():
            if name not in taken and (setting.required or setting.default is not None):
                raise _MisfitError(f"its setting '{name}' always has a value")

    def output_ports(self) -> None:
        """The outputs that other steps read, and the files in them."""
        for name, output in self.new.output_ports.items():
            files = [file for file in output.output_spec.files if python_identifier(file.name) in self.read]
            located = any(name in use.locations for use in self.uses)
            if python_identifier(name) not in self.read and not files and not located and name not in self.outputs:
                continue
            other = self.counterpart(name, output)
            self.outputs.setdefault(name, other.name)
            self.attributes[python_identifier(name)] = python_identifier(other.name)
            for file in files:
                same = next((item for item in other.output_spec.files if _same_file(file, item)), None)
                if same is None:
                    raise _MisfitError(
                        f"its output '{other.name}' does not declare the file {file.path} with all its values"
                    )
                self.attributes[python_identifier(file.name)] = python_identifier(same.name)

    def counterpart(self, name: str, output: OutputPort) -> OutputPort:
        paired = self.outputs.get(name)
        for other in self.old.output_ports.values():
            spec, theirs = output.output_spec, other.output_spec
            same = spec.property_path == theirs.property_path and spec.value == theirs.value
            if same and (paired is None or paired == other.name):
                return other
        raise _MisfitError(f"it has no output for '{name}'")

    #: How two values of one form are held against each other, where they are not alike part by part.
    _pairs: ClassVar[Mapping[type, Callable[..., None]]] = {
        ObjectValue: objects,
        ListValue: lists,
        LiteralValue: literals,
        SettingHole: setting_holes,
        InputHole: input_holes,
        OutputLocationHole: output_locations,
        WhenHole: conditional,
        EachHole: repeated,
    }


def _may_be_empty(parameters: Mapping[str, ParameterSpec]) -> bool:
    return not any(item.required or item.default is not None for item in parameters.values())


def _same_file(new: ReportFile, old: ReportFile) -> bool:
    return (new.path, new.property_file) == (old.path, old.property_file) and _covers(old.schema, new.schema)


def _covers(wide: ReportNode, narrow: ReportNode) -> bool:
    """Whether every value of a report that one schema knows has the same type in the other."""
    if wide.type != narrow.type:
        return False
    members = dict(wide.members)
    if any(name not in members or not _covers(members[name], node) for name, node in narrow.members):
        return False
    return narrow.element is None or (wide.element is not None and _covers(wide.element, narrow.element))


def _default_value(default: SettingDefault) -> Authored:
    """A default as a pipeline's module writes it; None for a public image, which the module does not name."""
    if isinstance(default, EnvironmentImage):
        return EnvironmentReference("image", default.name)
    if isinstance(default, FrameworkImage):
        return None
    return default


def _plain_default(default: SettingDefault | None) -> Authored:
    return default if isinstance(default, (str, int, float)) else None


def _authored(value: LiteralValue | ListValue) -> Authored:
    """A literal as a value of a config; None where a config cannot hold it."""
    if isinstance(value, LiteralValue):
        return value.value if isinstance(value.value, (str, int, float)) else None
    items = [item.value for item in value.items if isinstance(item, LiteralValue)]
    scalars = tuple(item for item in items if isinstance(item, (str, int, float)))
    return scalars if len(scalars) == len(value.items) and scalars else None


def _same(left: JsonValue, right: JsonValue) -> bool:
    return canonical_json(left) == canonical_json(right)


def _nothing(_: Value) -> Value:
    return LiteralValue(None)


def _described(value: Value) -> str:
    if isinstance(value, LiteralValue):
        return _shown(value.value)
    if isinstance(value, SettingHole):
        return f"the setting '{value.setting}'"
    if isinstance(value, InputHole):
        return f"the port '{value.port}'"
    if isinstance(value, ObjectValue):
        return "an object"
    if isinstance(value, ListValue):
        return "a list"
    if isinstance(value, DefaultHole):
        return "a value of the environment"
    return "put together in another way"


def _shown(value: JsonValue) -> str:
    text = canonical_json(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _depth(at: str) -> int:
    return at.count("/")
