"""What is wrong with the arguments of a step builder, in the contract's words instead of Python's."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from smgen.authoring.config import StepConfig
from smgen.authoring.misuse import shown
from smgen.authoring.places import user_place
from smgen.contract_model import (
    CONFIG_ATTRIBUTES,
    PORT_ATTRIBUTES,
    SCALAR_TYPES,
    DependencySpec,
    ParameterSpec,
    SettingSpec,
    StepContract,
    python_identifier,
)
from smgen.diagnostics import Finding, Place, nearest_name

#: The first argument of a generated builder, which is given without its name.
_CONFIG: Final = "config"


@dataclass(frozen=True, slots=True)
class Written:
    """How a builder and its config are written by their user; ``{}`` stands for the contract, or for what is inside."""

    config: str
    value: str
    builder: str


#: By the classes of a generated package.
GENERATED: Final = Written("Config({})", "{}=…", "StepBuilder({1}, …)")
#: By a factory.
RUN_TIME: Final = Written("{{{}}}", '"{}": …', 'factory.builder("{0}", {1}, …)')


def argument_findings(
    method: str,
    contract: StepContract,
    written: Written,
    signature: inspect.Signature,
    args: Sequence[object],
    given: Mapping[str, object],
) -> Iterator[Finding]:
    """What is wrong with the arguments of a builder's method: ``__init__``, ``tune`` or ``with_output_locations``."""
    if method == "tune":
        return _tuning_findings(contract, signature, args, given)
    if method == "with_output_locations":
        return _location_findings(contract, signature, args, given)
    return _constructor_findings(contract, written, signature, args, given)


def builder_findings(contract: StepContract, config: object, ports: Iterable[str]) -> Iterator[Finding]:
    """SMG207 for a config that is none of the contract's, and for ports that the contract lacks."""
    yield from _config_findings(contract, config)
    yield from _port_findings(contract, ports)


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


def _port_findings(contract: StepContract, ports: Iterable[str]) -> Iterator[Finding]:
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


def _tuning_findings(
    contract: StepContract, signature: inspect.Signature, args: Sequence[object], given: Mapping[str, object]
) -> Iterator[Finding]:
    """SMG207 for wrong arguments of ``tune``."""
    message = f"a tuning of contract {contract.name} takes ranges, an objective and settings, all by name"
    given_in_words = ", ".join([*map(shown, args[1:]), *(f"{name}=…" for name in given)])
    fix = f'write .tune({_by_name(signature)[-1]}="…", ranges=Ranges(…), max_jobs=…)'
    yield Finding("SMG207", message, user_place(), given=given_in_words or "nothing", fix=fix)


def _location_findings(
    contract: StepContract, signature: inspect.Signature, args: Sequence[object], given: Mapping[str, object]
) -> Iterator[Finding]:
    """For ``with_output_locations``: SMG206 for an output that there is not, SMG207 for a location without a name."""
    place = user_place()
    takes = _by_name(signature)
    for location in args[1:2]:
        fix = f"write {takes[0]}=… for it" if takes else "leave it out"
        message = "output locations are given by the names of the outputs"
        yield Finding("SMG207", message, place, given=shown(location), expected=", ".join(takes), fix=fix)
    for name in given:
        if name in takes:
            continue
        nearest = nearest_name(name, takes)
        yield Finding(
            "SMG206",
            f"a step of contract {contract.name} has no output '{name}' whose location can be given",
            place,
            given=name,
            expected=", ".join(takes) or "no output",
            nearest=nearest,
            fix=f"write {nearest}=…" if nearest else f"leave '{name}' out",
        )


def _constructor_findings(
    contract: StepContract,
    written: Written,
    signature: inspect.Signature,
    args: Sequence[object],
    given: Mapping[str, object],
) -> Iterator[Finding]:
    """SMG207 for what a builder does not take and for a config that is left out, SMG205 for ports left out.

    Nothing for arguments that are not the contract's.
    """
    place = user_place()
    step = f"a step of contract {contract.name}"
    ports = contract.input_ports.items()
    specs = {python_identifier(name, PORT_ATTRIBUTES): port.dependency_spec for name, port in ports}
    takes = [name for name in specs if name in signature.parameters]
    required = {name for name, parameter in signature.parameters.items() if parameter.default is parameter.empty}
    unknown = _misspelt(given, signature, takes)
    # One misspelt name is one mistake.
    missing = [name for name in takes if name in required.difference(given, unknown.values())]
    yield from (_unknown(contract, written, takes, name, nearest, place) for name, nearest in unknown.items())
    # The first one is the builder itself.
    if len(args) > 2:
        fix = f"write {missing[0] if missing else 'its name'}=… for it"
        yield Finding("SMG207", f"{step} takes its ports by name", place, given=shown(args[2]), fix=fix)
    elif len(args) == 1 and _CONFIG in required and _CONFIG not in given:
        config = _written_config(contract, written)
        fix = f"write {written.builder.format(contract.name, config)}"
        yield Finding("SMG207", f"{step} needs a config", place, expected=f"{config} as the first argument", fix=fix)
    yield from (_unbound(contract, specs[name], name, place) for name in missing)


def _misspelt(given: Iterable[str], signature: inspect.Signature, takes: Sequence[str]) -> dict[str, str | None]:
    """The names that are none of a port, each with the port that was probably meant."""
    return {name: nearest_name(name, takes) for name in given if name not in signature.parameters or name == _CONFIG}


def _unknown(
    contract: StepContract, written: Written, takes: Sequence[str], name: str, nearest: str | None, place: Place
) -> Finding:
    fix = f"write {nearest}=…" if nearest else f"leave '{name}' out, or add it to the contract"
    if name == _CONFIG:
        builder = written.builder.format(contract.name, _written_config(contract, written))
        fix = f"write the config first and without a name: {builder}"
    elif name in _config_fields(contract):
        fix = f"give it to the config: {written.config.format(written.value.format(name))}"
    message = f"a step of contract {contract.name} has no port '{name}'"
    return Finding("SMG207", message, place, name, None, ", ".join(takes) or "no port", None, nearest, fix)


def _unbound(contract: StepContract, spec: DependencySpec, name: str, place: Place) -> Finding:
    return Finding(
        "SMG205",
        f"the required port '{spec.logical_name}' is not bound",
        place,
        expected=f"{port_in_words(spec)} (contract {contract.name} {contract.version})",
        fix=f"pass {name}=… with {_source_in_words(spec)}",
    )


def _by_name(signature: inspect.Signature) -> list[str]:
    return [name for name, parameter in signature.parameters.items() if parameter.kind is parameter.KEYWORD_ONLY]


def port_in_words(spec: DependencySpec) -> str:
    """What a port takes, in words."""
    if spec.dependency_type in SCALAR_TYPES:
        return f"a {spec.dependency_type} variable"
    return f"{'references' if spec.many else 'a reference'} to {spec.dependency_type}"


def _source_in_words(spec: DependencySpec) -> str:
    if spec.dependency_type in SCALAR_TYPES:
        return "a parameter or an output of another step"
    return "a list of outputs of other steps" if spec.many else "an output of another step, or External(location)"


def _written_config(contract: StepContract, written: Written) -> str:
    """A config with the values that it must have, as one writes it."""
    values = [written.value.format(name) for name, required in _config_fields(contract).items() if required]
    return written.config.format(", ".join(values))


def _config_fields(contract: StepContract) -> dict[str, bool]:
    """Whether each field of the config must be given."""
    specs: dict[str, ParameterSpec | SettingSpec] = {
        **contract.hyperparameters,
        **contract.settings,
        **contract.environment,
    }
    return {python_identifier(name, CONFIG_ATTRIBUTES): spec.required for name, spec in specs.items()}
