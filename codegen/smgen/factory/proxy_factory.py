"""Steps of contracts that are known only when the program runs, without a generated package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from smgen.authoring.builders import Binding
from smgen.authoring.config import StepConfig
from smgen.authoring.misuse import short, unchecked
from smgen.authoring.origins import PipelineIdentity, Scope
from smgen.authoring.places import user_place
from smgen.authoring.proxies import StepOutputProxy
from smgen.authoring.step_handles import StepHandle, path_name
from smgen.building.environment import Environment
from smgen.building.filling import StepFiller
from smgen.contract_model import ContractRegistry, StepContract, Value
from smgen.contracts import read_contracts
from smgen.diagnostics import Finding, FindingsError
from smgen.expressions import Operand
from smgen.factory.run_time_builders import RunTimeStepBuilder, builder_class, by_argument, spellings
from smgen.factory.run_time_proxies import RunTimeProxy, connect_input, proxy_class
from smgen.factory.run_time_types import ArtifactClasses


class ProxyFactory:
    """Makes builders and proxies from contracts, as generated modules hold them.

    What is wrong is found when the program runs, with the messages that generated classes give; only a type checker
    cannot see it. The classes of a contract are made when it is first asked for.
    """

    def __init__(self, registry: ContractRegistry) -> None:
        """``registry`` of the contracts; scripts are found below the folder that they were read from."""
        self.registry = registry
        self._artifacts = ArtifactClasses(registry.artifact_types)
        self._builders: dict[str, type[RunTimeStepBuilder]] = {}

    @classmethod
    def read(cls, folder: str | Path) -> ProxyFactory:
        """A factory for the contracts of a folder, which are read and checked as ``smgen generate`` does.

        Raises FindingsError with everything that is wrong with them, and OSError where the folder cannot be opened.
        """
        return cls(read_contracts(Path(folder)))

    def builder(
        self, contract: str, config: Mapping[str, object] | StepConfig | None = None, /, **ports: Binding
    ) -> RunTimeStepBuilder:
        """A step of the contract of that name, to be given to ``add_step``.

        ``config`` holds the values of hyperparameters, settings and environment variables by their names in the
        contract; a config of the contract's generated module is taken too. ``ports`` takes what a generated builder
        does. Raises FindingsError with everything that is wrong: SMG125 for a contract that there is not, SMG205,
        SMG207 and SMG501 for arguments.
        """
        made = self._builder_class(contract)
        arguments, findings = by_argument(made.STEP_CONTRACT, spellings(made.STEP_CONTRACT.input_ports), ports)
        values: list[StepConfig] = []
        if config is not None:
            try:
                values = [config if isinstance(config, StepConfig) else _config(made, config)]
            except FindingsError as error:
                findings += error.findings
                # It stands for the config while the ports are looked at.
                values = [StepConfig()]
        try:
            # The class has a constructor of its own, which takes a config and the ports.
            builder = cast("Callable[..., RunTimeStepBuilder]", made)(*values, **arguments)
        except FindingsError as error:
            findings += error.findings
        else:
            if not findings:
                return builder
        raise FindingsError(findings)

    def create_step_proxy(self, step_name: str, contract: StepContract | str) -> RunTimeProxy:
        """The outputs that a step of a contract has, without a pipeline: to look at their names, types and paths.

        ``contract`` is one of the registry by its name, or any other. A reference of such a step belongs to no
        pipeline, and each pipeline refuses it (SMG202); a step of a pipeline is what ``add_step`` returns.
        """
        if isinstance(contract, StepContract):
            proxy = proxy_class(contract, self._artifacts)
        else:
            made = self._builder_class(contract)
            contract, proxy = made.STEP_CONTRACT, made.__smgen_proxy_class__
        place = user_place(step=step_name)
        scope = Scope(PipelineIdentity("", place), "no pipeline")
        handle = StepHandle(step_name, contract, scope, place, lambda value: _composed(handle, value))
        return proxy(handle)

    @staticmethod
    def connect_input(step: StepOutputProxy, port: str, reference: object) -> None:
        """Binds a port of a step that was added, a generated one or one of a factory, to a reference.

        The port must have been left open: with ``None``, with ``AUTO``, or because it is optional. A port with
        ``many`` takes one more reference each time. What is wrong is reported by ``build()``: SMG207 for a port that
        there is not, or that is bound already to something else; SMG213 for steps that wait for each other then.
        """
        connect_input(step, port, reference)

    def _builder_class(self, name: str) -> type[RunTimeStepBuilder]:
        given = unchecked(name)
        if not isinstance(given, str):
            message = "a contract is asked for by its name"
            fix = "write the name of a contract as a text"
            raise FindingsError([Finding("SMG125", message, user_place(), given=short(given), fix=fix)])
        if name not in self._builders:
            try:
                contract = self.registry.get(name)
            except FindingsError as error:
                place = user_place()
                raise FindingsError([replace(finding, place=place) for finding in error.findings]) from None
            self._builders[name] = builder_class(contract, self._artifacts)
        return self._builders[name]


def _config(made: type[RunTimeStepBuilder], values: object) -> StepConfig:
    return made.__smgen_config_class__.model_validate(values)


def _composed(step: StepHandle, value: Value) -> Operand:
    """The value of an output that is composed, as far as it is known without a pipeline."""
    contract = step.contract
    filler = StepFiller(
        step.name, "", contract, StepConfig(), {}, {}, Environment(), lambda _: None, step.place, path_name(step.name)
    )
    return filler.composed(value)
