"""The base of generated step builders: a config, the bindings of the ports, and the contract that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, Generic, TypeAlias, TypeVar

from typing_extensions import Self

from smgen.authoring.calls import checked
from smgen.authoring.config import StepConfig
from smgen.authoring.misuse import Attributes
from smgen.authoring.places import user_place
from smgen.authoring.proxies import StepOutputProxy, output_attributes, renamed_finding
from smgen.authoring.references import Artifact, Auto, External, Output
from smgen.authoring.variables import Variable
from smgen.contract_model import StepContract
from smgen.diagnostics import FindingsError

if TYPE_CHECKING:
    from inspect import Signature

    from smgen.authoring.request_filler import DefaultOf, RequestFiller
    from smgen.authoring.step_handles import StepHandle
    from smgen.diagnostics import Finding
    from smgen.documents import JsonObject

P_co = TypeVar("P_co", bound=StepOutputProxy, covariant=True)

#: The methods whose wrong arguments are told in the contract's words.
_CHECKED: Final = ("__init__", "tune", "with_output_locations")

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
            from smgen.diagnostics import Finding

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
        # To a type checker the generated methods stay what they are.
        if not TYPE_CHECKING and not abstract:
            for method in _CHECKED:
                if method in vars(cls) and not (cls.__smgen_at_run_time__ and method == "with_output_locations"):
                    setattr(cls, method, checked(vars(cls)[method], partial(_argument_findings, cls, method)))

    def __init__(self, proxy: Callable[[StepHandle], P_co], config: StepConfig, ports: Mapping[str, Binding]) -> None:
        """``proxy`` is the class of the step's outputs; ``ports`` holds what is bound, by the contract's names.

        Raises FindingsError (SMG207) for a config of another contract, and for ports that the contract lacks.
        """
        from smgen.authoring.arguments import builder_findings

        findings = [*builder_findings(self.STEP_CONTRACT, config, ports)]
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

    def __smgen_arguments__(self, filler: RequestFiller, default_of: DefaultOf) -> JsonObject:
        """The step's ``Arguments``; what is wrong goes to the filler's findings.

        ``default_of`` gives the default of a variable that is a parameter of the pipeline.
        """
        from smgen.authoring.config_checking import tuned_findings

        filler.findings.extend(tuned_findings(self.STEP_CONTRACT, self.__smgen_config__, filler.place))
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
        from smgen.diagnostics import Finding

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


def _argument_findings(
    builder: type[StepBuilder[StepOutputProxy]],
    method: str,
    signature: Signature,
    args: Sequence[object],
    given: Mapping[str, object],
) -> Iterable[Finding]:
    from smgen.authoring.arguments import GENERATED, RUN_TIME, argument_findings

    written = RUN_TIME if builder.__smgen_at_run_time__ else GENERATED
    return argument_findings(method, builder.STEP_CONTRACT, written, signature, args, given)
