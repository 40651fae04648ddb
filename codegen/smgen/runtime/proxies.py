"""What ``add_step`` returns: the outputs of a step, one typed property each in generated subclasses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NoReturn, TypeVar

from smgen.contracts import StepContract, Value, python_identifier
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.expressions import Expression, Get, Join, JsonGet, Operand, property_file, step_property
from smgen.runtime.loading import contract_of_module
from smgen.runtime.misuse import UnknownNameError, refuse
from smgen.runtime.operators import NoOperators
from smgen.runtime.origins import Iteration, Origin, Scope
from smgen.runtime.places import user_place
from smgen.runtime.references import Artifact, Output, file_below
from smgen.runtime.reports import ReportFile, ReportPath
from smgen.runtime.variables import VARIABLE_TYPES, Literals, Variable

A = TypeVar("A", bound=Artifact)
V = TypeVar("V", bound=Literals)
F = TypeVar("F", bound="ReportFile[Artifact]")


@dataclass(frozen=True, eq=False)
class StepHandle:
    """One step that was added to a pipeline: its name, its contract, where it stands and the line that added it.

    ``composed`` fills the ``value`` of an output that is composed of several properties. ``connect`` binds a port to a
    reference after the step was added; None for a step of no pipeline. ``connected_at`` says where that was done.
    A step in the body of a loop that is read from outside of it has the ``iteration`` that is meant, and as its scope
    the one around the loop.
    """

    name: str
    contract: StepContract
    scope: Scope
    place: Place
    composed: Callable[[Value], Operand] = field(repr=False)
    connect: Callable[[StepHandle, str, object], None] | None = field(default=None, repr=False)
    connected_at: dict[str, Place] = field(default_factory=dict[str, Place], repr=False)
    iteration: Iteration | None = None

    def place_of(self, port: str) -> Place:
        """Where a port was bound: the line that connected it, or else the one that added the step."""
        return self.connected_at.get(port, self.place)

    @property
    def path_name(self) -> str:
        """The name as the path of a reference can hold it: the same, but for names that ``build()`` refuses."""
        return path_name(self.name)

    def origin(self, output: str | None = None) -> Origin:
        """This step, or one output of it, as the origin of a reference."""
        return Origin("step", self.name, self.scope, self.place, output, self.iteration)


class StepOutputProxy(NoOperators):
    """The outputs of a step as attributes.

    Generated subclasses have a property per output, so that both type checkers know them. A name that the contract
    lacks raises AttributeError with the outputs that there are.
    """

    __slots__ = ("__smgen_step__",)

    __smgen_step__: StepHandle
    #: The contract whose outputs these are; None for a class that belongs to no contract.
    __smgen_contract__: ClassVar[StepContract | None] = None

    def __init_subclass__(cls) -> None:
        """Keeps the contract of the generated module in which the class is defined."""
        super().__init_subclass__()
        contract = contract_of_module(cls.__module__)
        if contract is not None:
            cls.__smgen_contract__ = contract

    def __init__(self, step: StepHandle) -> None:
        """``step`` whose outputs these are."""
        self.__smgen_step__ = step

    def __smgen_output__(self, name: str, artifact: type[A]) -> Output[A]:
        step = self.__smgen_step__
        return Output(output_expression(step, name), artifact, step.origin(name))

    def __smgen_variable__(self, name: str, type: type[V]) -> Variable[V]:
        step = self.__smgen_step__
        return Variable(output_expression(step, name), VARIABLE_TYPES[type], (step.origin(name),))

    def __smgen_file__(self, output: str, file: str, report: type[F], artifact: type[Artifact]) -> F:
        step = self.__smgen_step__
        spec = next(item for item in step.contract.output_ports[output].output_spec.files if item.name == file)
        folder = self.__smgen_output__(output, Artifact)
        source: Get | Join
        # The property file of an iteration cannot be named from outside of its loop, but the file itself can be read.
        if step.contract.step_kind.has_property_files and step.iteration is None:
            source = property_file(step.path_name, spec.property_file)
        else:
            source = file_below(folder.__smgen_expression__, spec.path)
        return report(folder, spec.path, artifact, ReportPath(source, step.origin(output)))

    def __smgen_renamed__(self, old: str, new: str) -> NoReturn:
        step = self.__smgen_step__
        raise UnknownNameError([renamed_finding(step.contract, "output", old, new, step=step.name)])

    def __smgen_unknown__(self, name: str) -> NoReturn:
        """Raises UnknownNameError: SMG501 for a former name of an output, SMG206 for any other that there is not."""
        step = self.__smgen_step__
        for new, port in step.contract.output_ports.items():
            renaming = port.output_spec.renamed_from
            if renaming is not None and python_identifier(renaming.name) == name:
                # The property of a tombstone ends up here as well: it raises an AttributeError.
                self.__smgen_renamed__(name, python_identifier(new))
        outputs = output_attributes(step.contract)
        nearest = nearest_name(name, outputs)
        finding = Finding(
            "SMG206",
            f"step \"{step.name}\" has no output '{name}'",
            user_place(step=step.name),
            given=name,
            expected=f"{', '.join(outputs) or 'no output'} (contract {step.contract.name} {step.contract.version})",
            nearest=nearest,
            fix=f"write .{nearest}" if nearest else "use one of the outputs, or add one to the contract",
        )
        raise UnknownNameError([finding])

    def __smgen_read__(self, attribute: str) -> object:
        """The output or report file of that attribute; None where the class has none."""
        value: object = getattr(self, attribute, None)
        return value

    def __repr__(self) -> str:
        step = self.__smgen_step__
        return f'<{type(self).__name__} of step "{step.name}">'

    def __str__(self) -> str:
        """Raises SMG208: a step is no text, and none of its outputs is one yet."""
        refuse(
            f"{self!r} was made a text, but what the step gives is known only when the pipeline runs",
            'pass one of its outputs; for a text write join("/", step.output.location, …)',
        )

    def __format__(self, format_spec: str) -> str:
        """Raises SMG208, as ``str()`` does."""
        return self.__str__()

    def __smgen_combined__(self, sign: str) -> str:
        """A step is no value."""
        return self.__smgen_computed__(sign)

    def __smgen_computed__(self, sign: str) -> str:
        """A step is no value."""
        return f"use one of its outputs: {', '.join(output_attributes(self.__smgen_step__.contract)) or 'it has none'}"

    def __dir__(self) -> Iterable[str]:
        """The attributes that a user may read: the outputs and their files."""
        return output_attributes(self.__smgen_step__.contract)

    # A __getattr__ that a type checker sees would make every misspelt output pass.
    if not TYPE_CHECKING:

        def __getitem__(self, key: object) -> object:
            attribute = python_identifier(key) if isinstance(key, str) else ""
            if attribute not in output_attributes(self.__smgen_step__.contract):
                super().__getitem__(key)
            refuse(f'an output of step "{self.__smgen_step__.name}" was asked for with []', f"write .{attribute}")

        def __getattr__(self, name: str) -> object:
            if name.startswith("__"):
                # Python and its tools ask for these; nobody means an output.
                raise AttributeError(name)
            self.__smgen_unknown__(name)


def path_name(name: str) -> str:
    """A step's or parameter's name as a path can hold it; it differs only for names that ``build()`` refuses."""
    return re.sub(r"[.\[\]]", "_", name) or "_"


def renamed_finding(contract: StepContract, what: str, old: str, new: str, *, step: str | None = None) -> Finding:
    """An SMG501 finding: a port or output was used under its former name."""
    return Finding(
        "SMG501",
        f"the {what} '{old}' of contract {contract.name} is called '{new}' now",
        user_place(step=step),
        given=old,
        expected=new,
        fix=f"write {new} instead of {old}",
    )


def output_attributes(contract: StepContract) -> list[str]:
    """The attributes of a contract's proxy in the order of the contract: each output, then its files."""
    names: list[str] = []
    for name, port in contract.output_ports.items():
        names += [python_identifier(name), *(python_identifier(file.name) for file in port.output_spec.files)]
    return names


def output_expression(step: StepHandle, output: str) -> Expression:
    """The expression of an output in the definition: a property, or what the contract composes of several."""
    expression = _own_expression(step, output)
    return expression if step.iteration is None else _moved(expression, step.path_name, step.iteration.root)


def _own_expression(step: StepHandle, output: str) -> Expression:
    spec = step.contract.output_ports[output].output_spec
    if spec.property_path is not None:
        return step_property(step.path_name, spec.property_path)
    operand = None if spec.value is None else step.composed(spec.value)
    if operand is None or isinstance(operand, (str, int, float)):
        # A text of which every part is known, or of which one is missing; that is reported by build().
        return Join("", () if operand is None else (operand,))
    return operand


def _moved(expression: Expression, step: str, root: str) -> Expression:
    """The expression with the properties of a step read at another root."""
    if isinstance(expression, Get):
        own = re.match(rf"Steps\.{re.escape(step)}(?=[.\[])", expression.path)
        return expression if own is None else Get(root + expression.path[own.end() :])
    if isinstance(expression, JsonGet):
        # No contract composes one of its own: there is no hole for it.
        return expression
    return Join(expression.on, tuple(_moved_operand(value, step, root) for value in expression.values))


def _moved_operand(value: Operand, step: str, root: str) -> Operand:
    return _moved(value, step, root) if isinstance(value, (Get, Join, JsonGet)) else value
