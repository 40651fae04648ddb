"""The outputs of a step whose contract is known only when the program runs: attributes, and look-ups with a type."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import new_class
from typing import ClassVar, Final, NoReturn, TypeVar, overload

from typing_extensions import TypeIs

from smgen.authoring.misuse import Attributes, MisuseError, UnknownNameError, refuse, short, unchecked
from smgen.authoring.places import user_place
from smgen.authoring.proxies import StepOutputProxy, output_attributes
from smgen.authoring.references import Artifact, Output, is_output
from smgen.authoring.reports import ReportFile, ReportList, ReportNode, ReportValues
from smgen.authoring.variables import PYTHON_TYPES, Literals, Variable, fits, is_variable, variable_type
from smgen.contract_model import (
    REPORT_ATTRIBUTES,
    SCALAR_TYPES,
    OutputSpec,
    ReportFile as ReportFileSpec,
    ReportMember,
    ReportNode as ReportNodeSpec,
    StepContract,
    class_name,
    python_identifier,
    report_members,
)
from smgen.diagnostics import Finding
from smgen.factory.run_time_types import ArtifactClasses

A = TypeVar("A", bound=Artifact)
V = TypeVar("V", bound=Literals)

#: One step of a path in a report: a name, a name in brackets and quotes, or a number in brackets.
_PART: Final = re.compile(r"\.?(?P<name>[^.\[\]'\s]+)|\['(?P<quoted>(?:[^'\\]|\\.)+)'\]|\[(?P<index>\d{1,9})\]")


class RunTimeProxy(StepOutputProxy):
    """The outputs of a step of a contract that no package was generated for.

    They are attributes, as those of a generated proxy are, but no type checker knows them: ``output``, ``variable``
    and ``value`` give them with a type. An output that is called like one of these methods is found by them only.
    """

    __slots__ = ()

    #: How each output and report file is read, by its attribute.
    __smgen_outputs__: ClassVar[Mapping[str, Callable[[StepOutputProxy], object]]] = {}

    @overload
    def output(self, name: str) -> Output[Artifact]: ...
    @overload
    def output(self, name: str, type: type[A]) -> Output[A]: ...
    def output(self, name: str, type: builtins.type[Artifact] = Artifact) -> Output[Artifact]:
        """The artifact that an output or a report file of that name is.

        ``type`` is a class of a generated package, for ports that are typed with it. Raises FindingsError: SMG206 for
        a name that there is not or that is no artifact, SMG204 for an artifact of another type.
        """
        value = self.__smgen_found__(name)
        if not is_output(value):
            kind = getattr(value, "__smgen_type__", "")
            self._refused(
                "SMG206",
                f"the output '{name}' is a {kind} variable and no artifact",
                name,
                fix=f'write .variable("{name}", {SCALAR_TYPES.get(kind, "str")})',
            )
        if not isinstance(unchecked(type), builtins.type):
            refuse(f"{short(type)} is no artifact type", "give a class of a generated package, or nothing")
        names = [base.__name__ for base in value.__smgen_artifact__.__mro__]
        if type.__name__ not in names:
            self._refused(
                "SMG204",
                f"the output '{name}' is another kind of artifact",
                f"{names[0]}: {value.__smgen_origin__.title}",
                expected=type.__name__,
                fix=f"ask for {names[0]}, or for another output",
            )
        return value

    def variable(self, name: str, type: builtins.type[V]) -> Variable[V]:
        """The value that a scalar output of that name is; ``type`` is ``str``, ``int``, ``float`` or ``bool``.

        Raises FindingsError: SMG206 for a name that there is not or that is an artifact, SMG208 for another type.
        """
        value = self.__smgen_found__(name)
        if not is_variable(value):
            self._refused(
                "SMG206",
                f"the output '{name}' is an artifact and no value",
                name,
                fix=f'write .value("{name}", "path.in.it", …)' if _is_report(value) else f'write .output("{name}")',
            )
        return _typed(f"the output '{name}' of step \"{self.__smgen_step__.name}\"", value, type)

    def value(self, file: str, path: str, type: builtins.type[V]) -> Variable[V]:
        """A value of a report: ``value("metrics", "regression_metrics.mse.value", float)``.

        ``path`` holds names with dots between them, ``[0]`` for an item of a list, and ``['odd name']``. Raises
        FindingsError: SMG206 for a name that there is not, SMG208 for a value of another type.
        """
        report = self.__smgen_found__(file)
        if not _is_report(report):
            self._refused("SMG206", f"the output '{file}' is no report file", file, fix="name a file of an output")
        here: object = report
        for part in _parts(path):
            here = _inner(here, part)
        if not is_variable(here):
            name = getattr(here, "__smgen_name__", "it")
            _refuse_path(f"{name} is no value, but holds some", path, _members(here), "name the value itself")
        return _typed(f"{path} of the report '{file}'", here, type)

    def connect_input(self, port: str, reference: object) -> None:
        """Binds a port of the step, which was left open with ``None``, ``AUTO``, or as optional, to a reference.

        A port with ``many`` takes one more each time. What is wrong is reported by ``build()``: SMG207 for a port that
        there is not, or that is bound already to something else.
        """
        connect_input(self, port, reference)

    def __smgen_found__(self, name: str) -> object:
        """An output or report file, by the contract's name or by its attribute."""
        attributes = type(self).__smgen_outputs__
        given = unchecked(name)
        if not isinstance(given, str):
            refuse(f"{short(given)} is no name of an output", "write its name as a text")
        attribute = name if name in attributes else python_identifier(name)
        if attribute not in attributes:
            self.__smgen_unknown__(name)
        return attributes[attribute](self)

    def __smgen_read__(self, attribute: str) -> object:
        """The output or report file of that attribute, also where a method hides it."""
        read = type(self).__smgen_outputs__.get(attribute)
        return None if read is None else read(self)

    def __dir__(self) -> Iterable[str]:
        """The attributes that a user may read: the outputs and their files, and the look-ups."""
        return list(dict.fromkeys((*output_attributes(self.__smgen_step__.contract), *_LOOK_UPS)))

    def _refused(self, rule: str, message: str, given: str, *, expected: str | None = None, fix: str) -> NoReturn:
        place = user_place(step=self.__smgen_step__.name)
        raise UnknownNameError([Finding(rule, message, place, given=given, expected=expected, fix=fix)])


_LOOK_UPS: Final = tuple(name for name in vars(RunTimeProxy) if not name.startswith("_"))


def connect_input(step: StepOutputProxy, port: str, reference: object) -> None:
    """Binds a port of a step that was added; see :meth:`RunTimeProxy.connect_input`."""
    handle = step.__smgen_step__
    if handle.connect is None:
        refuse(f"{step!r} belongs to no pipeline, so none of its ports can be bound", "add the step to a pipeline")
    handle.connect(handle, port, reference)


def proxy_class(contract: StepContract, artifacts: ArtifactClasses) -> type[RunTimeProxy]:
    """The class of a contract's outputs: a property for each of them, and one class per object of a report."""
    readers: dict[str, Callable[[StepOutputProxy], object]] = {}
    for name, port in contract.output_ports.items():
        readers[python_identifier(name)] = _output_reader(name, port.output_spec, artifacts)
        for file in port.output_spec.files:
            readers[python_identifier(file.name)] = _file_reader(contract, name, file, artifacts)

    def body(members: dict[str, object]) -> None:
        members["__doc__"] = f"The outputs of a step of contract {contract.name}."
        members["__module__"] = __name__
        members["__slots__"] = ()
        members["__smgen_contract__"] = contract
        members["__smgen_outputs__"] = readers
        members.update((name, property(read)) for name, read in readers.items() if name not in _LOOK_UPS)

    return new_class(f"{contract.name}Proxy", (RunTimeProxy,), exec_body=body)


def _output_reader(name: str, spec: OutputSpec, artifacts: ArtifactClasses) -> Callable[[StepOutputProxy], object]:
    if spec.output_type in SCALAR_TYPES:
        python = PYTHON_TYPES[spec.output_type]
        return lambda proxy: proxy.__smgen_variable__(name, python)
    return lambda proxy: proxy.__smgen_output__(name, artifacts.of(spec.output_type))


def _file_reader(
    contract: StepContract, output: str, file: ReportFileSpec, artifacts: ArtifactClasses
) -> Callable[[StepOutputProxy], object]:
    name = f"{contract.name}{class_name(file.name)}"
    report = _object_class(name, ReportFile, file.schema, REPORT_ATTRIBUTES)
    return lambda proxy: proxy.__smgen_file__(output, file.name, report, artifacts.of(file.artifact_type))


N = TypeVar("N", "ReportFile[Artifact]", ReportNode)


def _object_class(name: str, base: type[N], node: ReportNodeSpec, reserved: frozenset[str] = frozenset()) -> type[N]:
    """The class of an object of a report, or of the file itself, with a property per member."""
    found = list(report_members(name, node, reserved))

    def body(members: dict[str, object]) -> None:
        members["__doc__"] = node.description or None
        members["__module__"] = __name__
        members["__slots__"] = ()
        members["__smgen_keys__"] = {member.key: member.attribute for member in found}
        members.update((member.attribute, property(_member_reader(member))) for member in found if member.form)

    return new_class(name, (base,), exec_body=body)


def _member_reader(member: ReportMember) -> Callable[[ReportNode], object]:
    """How a member of an object, or likewise of a file, is read."""
    key = member.key
    if member.below is not None:
        node = _object_class(member.inner, ReportNode, member.below)
        if member.form == "node":
            return lambda report: report.__smgen_node__(key, node)
        return lambda report: report.__smgen_list__(key, node)
    python = PYTHON_TYPES[member.variable]
    if member.form == "value":
        return lambda report: report.__smgen_value__(key, python)
    return lambda report: report.__smgen_values__(key, python)


def _typed(what: str, value: Variable[object], type: type[V]) -> Variable[V]:
    """The variable with the type that was asked for."""
    wanted = variable_type(type)
    if wanted is None:
        refuse(f"{short(type)} is no type of a variable", "ask for str, int, float or bool")
    if not fits(value, wanted):
        python = SCALAR_TYPES[value.__smgen_type__]
        refuse(f"{what} is {value.__smgen_type__}, not {wanted}", f"ask for {python}")
    return Variable(value.__smgen_expression__, value.__smgen_type__, value.__smgen_origins__)


def _parts(path: str) -> Iterator[str | int]:
    """The names and numbers of a path in a report."""
    given = unchecked(path)
    position = 0
    while isinstance(given, str) and position < len(given):
        match = _PART.match(given, position)
        if match is None or (position == 0 and given.startswith(".")):
            break
        position = match.end()
        if match["index"] is not None:
            yield int(match["index"])
        elif match["quoted"] is not None:
            yield re.sub(r"\\(.)", r"\1", match["quoted"])
        else:
            yield match["name"]
    if not isinstance(given, str) or not given or position < len(given):
        refuse(
            f"{short(given)} is no path in a report",
            "write names with dots between them, [0] for an item of a list, ['odd name'] for any other name",
        )


def _is_report(value: object) -> TypeIs[ReportFile[Artifact]]:
    return isinstance(value, ReportFile)


def _is_list(value: object) -> TypeIs[ReportList[ReportNode] | ReportValues[Literals]]:
    return isinstance(value, (ReportList, ReportValues))


def _inner(here: object, part: str | int) -> object:
    """What stands at one part of a path below ``here``."""
    shown = f"[{part}]" if isinstance(part, int) else part
    if _is_list(here):
        if isinstance(part, int):
            return here[part]
        _refuse_path(f"{here.__smgen_name__} has no '{shown}'", shown, "a number in brackets", "name an item: [0]")
    if is_variable(here) or not isinstance(here, Attributes):
        _refuse_path(f"{here!r} is a value, below which nothing stands", shown, None, "end the path there")
    keys: Mapping[str, str] = getattr(type(here), "__smgen_keys__", {})
    attribute = keys.get(shown) or (shown if shown in keys.values() else None)
    if attribute is None or isinstance(part, int):
        raise UnknownNameError([here.__smgen_unknown__(shown)])
    found: object = getattr(here, attribute)
    return found


def _members(here: object) -> str | None:
    keys: Mapping[str, str] = getattr(type(here), "__smgen_keys__", {})
    return ", ".join(keys) or None


def _refuse_path(message: str, given: str, expected: str | None, fix: str) -> NoReturn:
    raise MisuseError([Finding("SMG208", message, user_place(), given=given, expected=expected, fix=fix)])
