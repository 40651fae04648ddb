"""What ``add_step`` returns: the outputs of a step, one typed property each in generated subclasses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, NoReturn, TypeVar

from smgen.authoring.loading import contract_of_module
from smgen.authoring.misuse import UnknownNameError, refuse
from smgen.authoring.operators import NoOperators
from smgen.authoring.places import user_place
from smgen.authoring.references import Artifact, Output
from smgen.authoring.variables import VARIABLE_TYPES, Literals, Variable
from smgen.contract_model import StepContract, python_identifier

if TYPE_CHECKING:
    from smgen.authoring.reports import ReportFile
    from smgen.authoring.step_handles import StepHandle
    from smgen.diagnostics import Finding

A = TypeVar("A", bound=Artifact)
V = TypeVar("V", bound=Literals)
F = TypeVar("F", bound="ReportFile[Artifact]")


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
        from smgen.authoring.output_expressions import output_expression

        step = self.__smgen_step__
        return Output(output_expression(step, name), artifact, step.origin(name))

    def __smgen_variable__(self, name: str, type: type[V]) -> Variable[V]:
        from smgen.authoring.output_expressions import output_expression

        step = self.__smgen_step__
        return Variable(output_expression(step, name), VARIABLE_TYPES[type], (step.origin(name),))

    def __smgen_file__(self, output: str, file: str, report: type[F], artifact: type[Artifact]) -> F:
        from smgen.authoring.output_expressions import report_path

        spec = next(
            item for item in self.__smgen_step__.contract.output_ports[output].output_spec.files if item.name == file
        )
        folder = self.__smgen_output__(output, Artifact)
        return report(folder, spec.path, artifact, report_path(self.__smgen_step__, folder, output, spec))

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
        from smgen.diagnostics import Finding, nearest_name

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


def renamed_finding(contract: StepContract, what: str, old: str, new: str, *, step: str | None = None) -> Finding:
    """An SMG501 finding: a port or output was used under its former name."""
    from smgen.diagnostics import Finding

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
