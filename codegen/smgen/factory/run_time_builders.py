"""Builders of steps whose contract is known only when the program runs, with the arguments of generated ones."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from types import new_class
from typing import Any, ClassVar, Final, TypeVar

from typing_extensions import Self, deprecated

from smgen.authoring.builders import Binding, StepBuilder
from smgen.authoring.config import StepConfig
from smgen.authoring.places import user_place
from smgen.authoring.variables import StringVariable
from smgen.contract_model import (
    PORT_ATTRIBUTES,
    StepContract,
    config_argument,
    located_outputs,
    port_arguments,
    python_identifier,
)
from smgen.diagnostics import Finding, FindingsError, nearest_name
from smgen.factory.run_time_proxies import RunTimeProxy, proxy_class
from smgen.factory.run_time_types import ArtifactClasses, config_class

_KEYWORD: Final = inspect.Parameter.KEYWORD_ONLY
_FIRST: Final = inspect.Parameter.POSITIONAL_ONLY
_MISSING: Final = inspect.Parameter.empty

T = TypeVar("T")


class RunTimeStepBuilder(StepBuilder[RunTimeProxy], abstract=True):
    """A step before it is added to a pipeline, of a contract that no package was generated for."""

    __smgen_at_run_time__: ClassVar[bool] = True
    #: The model of the contract's config.
    __smgen_config_class__: ClassVar[type[StepConfig]] = StepConfig
    #: The class of the step's outputs.
    __smgen_proxy_class__: ClassVar[type[RunTimeProxy]] = RunTimeProxy

    def with_output_locations(self, /, **locations: str | StringVariable | None) -> Self:
        """The same step, writing the named outputs to other S3 locations than the environment's.

        Raises FindingsError (SMG206) for an output that there is not, or whose location the contract does not ask for.
        """
        contract = self.STEP_CONTRACT
        names = {python_identifier(name, PORT_ATTRIBUTES): name for name in located_outputs(contract)}
        given, findings = by_argument(contract, spellings(names.values()), locations)
        for name in given:
            if name not in names:
                nearest = nearest_name(name, names)
                findings.append(
                    Finding(
                        "SMG206",
                        f"contract {contract.name} has no output '{name}' whose location can be chosen",
                        user_place(),
                        given=name,
                        expected=", ".join(names) or "no output",
                        nearest=nearest,
                        fix=f"write {nearest}=…" if nearest else f"leave '{name}' out",
                    )
                )
        if findings:
            raise FindingsError(findings)
        return self.__smgen_located__({names[name]: location for name, location in given.items()})


def builder_class(contract: StepContract, artifacts: ArtifactClasses) -> type[RunTimeStepBuilder]:
    """The builder of a contract, which takes the config first and then one keyword argument per port."""
    config = config_class(contract)
    proxy = proxy_class(contract, artifacts)
    initialise = _initialise(contract, config, proxy)
    if contract.deprecated is not None:
        # Its declared type is that of a text in the source, which type checkers read; here is none for them to read.
        text: Any = contract.deprecated
        initialise = deprecated(text)(initialise)

    def body(members: dict[str, object]) -> None:
        members["__doc__"] = contract.description.strip() or f"The step contract {contract.name}."
        members["__module__"] = __name__
        members["STEP_CONTRACT"] = contract
        members["__smgen_config_class__"] = config
        members["__smgen_proxy_class__"] = proxy
        members["__init__"] = initialise

    return new_class(f"{contract.name}StepBuilder", (RunTimeStepBuilder,), exec_body=body)


def by_argument(
    contract: StepContract, arguments: Mapping[str, str], given: Mapping[str, T]
) -> tuple[dict[str, T], list[Finding]]:
    """What was given, by argument; ``arguments`` holds those whose name in the contract is another.

    SMG207 where something is given under both of its names.
    """
    values: dict[str, T] = {}
    findings: list[Finding] = []
    for name, value in given.items():
        argument = arguments.get(name, name)
        if argument in values:
            message = f"a step of contract {contract.name} was given '{argument}' twice, under both of its names"
            fix = f"keep one of them; the argument is '{argument}'"
            findings.append(Finding("SMG207", message, user_place(), fix=fix))
        values[argument] = value
    return values, findings


def spellings(names: Iterable[str]) -> dict[str, str]:
    """The argument of each port or output whose name in the contract is no Python name."""
    arguments = {name: python_identifier(name, PORT_ATTRIBUTES) for name in names}
    return {name: argument for name, argument in arguments.items() if argument != name}


def _initialise(
    contract: StepContract, config_class: type[StepConfig], proxy: type[RunTimeProxy]
) -> Callable[..., None]:
    """The constructor, with the signature that a generated one has: what is wrong with arguments is told from it."""
    ports = port_arguments(contract)
    former = {port.former: port.argument for port in ports if port.former is not None}
    parameters = [
        inspect.Parameter(port.argument, _KEYWORD, default=_MISSING if port.spec.required else None) for port in ports
    ]
    parameters += [inspect.Parameter(old, _KEYWORD, default=None) for old in former]
    is_needed = any(item.is_required() for item in config_class.model_fields.values())

    def initialise(self: RunTimeStepBuilder, config: StepConfig | None = None, /, **given: Binding) -> None:
        for old, new in former.items():
            self.__smgen_renamed__(old, new, given.get(old))
        bound = {port.port: given.get(port.argument) for port in ports}
        super(RunTimeStepBuilder, self).__init__(proxy, config_class() if config is None else config, bound)

    receiver = inspect.Parameter("self", _FIRST)
    config = inspect.Parameter(config_argument(ports), _FIRST, default=_MISSING if is_needed else None)
    signature = inspect.Signature([receiver, config, *parameters])
    # What inspect.signature() gives back, through the functions that are put around this one too.
    initialise.__dict__["__signature__"] = signature
    return initialise
