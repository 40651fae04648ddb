"""The base of generated step builders: a config, the bindings of the ports, and the contract that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, TypeAlias, TypeVar

from typing_extensions import Self

from smgen.contracts import StepContract
from smgen.diagnostics import Finding, FindingsError, nearest_name
from smgen.documents import JsonObject
from smgen.runtime.arguments import GENERATED, RUN_TIME, argument_findings, location_findings, tuning_findings
from smgen.runtime.calls import checked
from smgen.runtime.config import StepConfig, tuned_findings
from smgen.runtime.misuse import Attributes, shown
from smgen.runtime.places import user_place
from smgen.runtime.proxies import StepHandle, StepOutputProxy, output_attributes, renamed_finding
from smgen.runtime.references import Artifact, Auto, External, Output
from smgen.runtime.variables import Variable

if TYPE_CHECKING:
    from smgen.runtime.field_values import ParameterDefault
    from smgen.runtime.filling import StepFiller

P_co = TypeVar("P_co", bound=StepOutputProxy, covariant=True)

#: One thing bound to a port.
Reference: TypeAlias = "Output[Artifact] | External[Artifact] | Variable[object]"
#: All that is bound to a port: nothing, one reference, several for a port with ``many``, or AUTO.
Binding: TypeAlias = "Reference | Auto | Sequence[Reference] | None"


class StepBuilder(Attributes, Generic[P_co]):
    """A step before it is added to a pipeline.

    Generated subclasses have one typed argument per port. A subclass without a ``STEP_CONTRACT`` is refused when it
    is defined. Wrong arguments of one are reported in the contract's words.
    """

    STEP_CONTRACT: ClassVar[StepContract]

    #: Whether the class is made when the program runs, by a factory; messages then say what one writes there.
    __smgen_at_run_time__: ClassVar[bool] = False

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        """Raises FindingsError (SMG131) for a subclass that has no contract, unless it is the base of some that do."""
        super().__init_subclass__()
        if not abstract and not isinstance(getattr(cls, "STEP_CONTRACT", None), StepContract):
            raise FindingsError(
                [
                    Finding(
                        "SMG131",
                        f"the step builder {cls.__name__} has no contract",
                        user_place(),
                        expected="a class attribute STEP_CONTRACT that is a StepContract",
                        fix="set STEP_CONTRACT in the class body, or use a generated builder",
                    )
                ]
            )
        written = RUN_TIME if cls.__smgen_at_run_time__ else GENERATED
        # To a type checker the generated __init__ stays what it is.
        if not TYPE_CHECKING and "__init__" in vars(cls) and not abstract:
            cls.__init__ = checked(cls.__init__, partial(argument_findings, cls.STEP_CONTRACT, written))
        if not TYPE_CHECKING and "tune" in vars(cls):
            cls.tune = checked(cls.tune, partial(tuning_findings, cls.STEP_CONTRACT))
        if not TYPE_CHECKING and not cls.__smgen_at_run_time__ and "with_output_locations" in vars(cls):
            findings_of = partial(location_findings, cls.STEP_CONTRACT)
            cls.with_output_locations = checked(cls.with_output_locations, findings_of)

    def __init__(self, proxy: Callable[[StepHandle], P_co], config: StepConfig, ports: Mapping[str, Binding]) -> None:
        """``proxy`` is the class of the step's outputs; ``ports`` holds what is bound, by the contract's names.

        Raises FindingsError (SMG207) for a config of another contract, and for ports that the contract lacks.
        """
        findings = [*_config_findings(self.STEP_CONTRACT, config), *_port_findings(self.STEP_CONTRACT, ports)]
        if findings:
            raise FindingsError(findings)
        self.__smgen_proxy__ = proxy
        self.__smgen_config__ = config
        self.__smgen_ports__ = dict(ports)
        self.__smgen_locations__: dict[str, str | Variable[str]] = {}

    def __smgen_located__(self, locations: Mapping[str, str | Variable[str] | None]) -> Self:
        """A copy that writes the named outputs elsewhere; None leaves a location as it is."""
        copy = self.__smgen_copy__()
        given = {name: location for name, location in locations.items() if location is not None}
        copy.__smgen_locations__ = self.__smgen_locations__ | given
        return copy

    def __smgen_copy__(self) -> Self:
        """The same step, of which other ports can be bound without changing this one's."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.__smgen_ports__ = dict(self.__smgen_ports__)
        return copy

    def __smgen_arguments__(
        self, filler: StepFiller, default_of: Callable[[Variable[object]], ParameterDefault | None]
    ) -> JsonObject:
        """The step's ``Arguments``; what is wrong goes to the filler's findings.

        ``default_of`` gives the default of a variable that is a parameter of the pipeline.
        """
        filler.findings += tuned_findings(self.STEP_CONTRACT, self.__smgen_config__, filler.place)
        return filler.request()

    def __smgen_renamed__(self, old: str, new: str, given: object) -> None:
        """Raises FindingsError (SMG501) if something was given under a port's former name."""
        if given is not None:
            raise FindingsError([renamed_finding(self.STEP_CONTRACT, "port", old, new)])

    @property
    def __smgen_name__(self) -> str:
        return f"the builder {type(self).__name__}"

    def __smgen_unknown__(self, name: str) -> Finding:
        """The outputs are those of the step, which is there once the builder was added."""
        outputs = output_attributes(self.STEP_CONTRACT)
        if name not in outputs:
            return super().__smgen_unknown__(name)
        return Finding(
            "SMG206",
            f"the output '{name}' was read from a step builder, which has none",
            user_place(),
            given=name,
            expected="the step, which p.add_step(…) returns",
            fix=f'add it first: step = p.add_step("…", builder), and read step.{name}',
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of contract {self.STEP_CONTRACT.name} {self.STEP_CONTRACT.version}>"


def _config_findings(contract: StepContract, config: object) -> Iterator[Finding]:
    if not isinstance(config, StepConfig):
        given = shown(config)
    elif config.__smgen_contract__ not in (None, contract):
        given = type(config).__name__
    else:
        return
    message = f"a step of contract {contract.name} was given something else than its config"
    expected = f"a config of contract {contract.name}"
    fix = "pass a Config of the step's module"
    yield Finding("SMG207", message, user_place(), given=given, expected=expected, fix=fix)


def _port_findings(contract: StepContract, ports: Mapping[str, Binding]) -> Iterator[Finding]:
    for port in ports:
        if port not in contract.input_ports:
            yield Finding(
                "SMG207",
                f"contract {contract.name} has no port '{port}'",
                user_place(),
                given=port,
                expected=", ".join(contract.input_ports) or "no port",
                nearest=nearest_name(port, contract.input_ports),
            )
