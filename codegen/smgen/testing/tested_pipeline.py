"""A compiled pipeline with the look-ups and assertions that tests make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeAlias, overload

from smgen.contract_model import OutputSpec, ReportFile, StepContract
from smgen.definition import Definition, Parameter, Provenance
from smgen.diagnostics import FindingsError, nearest_name
from smgen.runtime import CompiledPipeline, Environment
from smgen.testing.artifact_flow import Feed, Flow
from smgen.testing.failures import failed, names
from smgen.testing.given import GivenReader, parameter_defaults
from smgen.testing.tested_execution import Branch, Simulation, TestedExecution
from smgen.testing.tested_step import TestedStep, tested_step

#: What a test gives, by name. Type checkers make ``object`` of values of several types.
GivenValues: TypeAlias = Mapping[str, object]

_NOTHING: Final[GivenValues] = {}


@dataclass(frozen=True, repr=False)
class TestedPipeline:
    """A pipeline that was built for an environment.

    What a pipeline is not is an AssertionError; what a test gives and the pipeline cannot take is a FindingsError.
    Outputs and ports have the names of the contracts (``Train.model_artifacts``), report files those of the output's
    ``files`` (``Evaluate.metrics``).
    """

    # Test runners take every class of a test's module whose name starts so for a test, unless it says that it is none.
    __test__: ClassVar[bool] = False

    compiled: CompiledPipeline
    environment: Environment = field(default_factory=Environment)
    _flow: Flow = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Reads what flows between the steps."""
        object.__setattr__(self, "_flow", Flow(self.compiled))

    def __repr__(self) -> str:
        # Test runners print the values of a failed test, and a definition is long.
        return f"<TestedPipeline {self.name} for {self.environment.name}>"

    @property
    def name(self) -> str:
        """The pipeline's name in SageMaker."""
        return self.compiled.name

    @property
    def definition(self) -> Definition:
        """The definition, which is what would be deployed."""
        return self.compiled.definition

    @property
    def provenance(self) -> Provenance:
        """Where each step comes from: its contract, its line, what its ports are bound to."""
        return self.compiled.provenance

    @property
    def title(self) -> str:
        """How messages name the pipeline."""
        return f"pipeline {self.name} for {self.environment.name}"

    # What is there -----------------------------------------------------------------------------------------------

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of all steps in the order of the definition, those in branches and loops after what holds them."""
        return tuple(self._flow.steps)

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters by name, with the defaults of the environment."""
        return {parameter.name: parameter for parameter in self.definition.parameters}

    def step(self, name: str) -> TestedStep:
        """The step of that name, wherever it stands. Raises AssertionError where there is none."""
        self._check_step(name)
        origin = self.provenance.step(name)
        added_at = None
        if origin is not None and origin.file is not None:
            added_at = origin.file if origin.line is None else f"{origin.file}:{origin.line}"
        return tested_step(self._flow.steps[name], self.title, added_at)

    # Type checkers hold every value of a mapping that is unpacked against each argument that it might be.
    @overload
    def assert_step(self, name: str, /, *, kind: str, **arguments: object) -> TestedStep: ...
    @overload
    def assert_step(self, name: str, /, **arguments: object) -> TestedStep: ...
    def assert_step(self, name: str, /, *, kind: object = None, **arguments: object) -> TestedStep:
        """The step of that name, once its kind and its arguments are what is expected.

        ``arguments`` are values by their paths (see :meth:`TestedStep.argument`); those that are no Python names are
        written ``**{"ResourceConfig.InstanceType": "ml.m5.xlarge"}``. Raises AssertionError with everything that is
        different.
        """
        step = self.step(name)
        errors: list[AssertionError] = []
        if kind is not None and kind != step.kind:
            details = [("expected", str(kind)), ("actual", step.kind), ("added at", step.added_at)]
            errors.append(failed(f'step "{name}" of {self.title} is of another kind', *details))
        found = [step.argument_error(path, expected) for path, expected in arguments.items()]
        errors += [error for error in found if error is not None]
        if errors:
            raise AssertionError("\n".join(str(error) for error in errors))
        return step

    def assert_argument(self, step: str, path: str, expected: object) -> None:
        """Raises AssertionError where the value at a path of a step's arguments is not ``expected``.

        The message names the nearest path that there is; see :meth:`TestedStep.argument` for how paths are written.
        """
        self.step(step).assert_argument(path, expected)

    # What flows --------------------------------------------------------------------------------------------------

    def feeds(self, producer: str, consumer: str) -> bool:
        """Whether what a step writes is read by another one: ``feeds("Preprocess", "Train")``.

        The producer may name an output or a report file (``Preprocess.processed_data``), the consumer a port
        (``Train.training_data``). Ports that AUTO bound count as any other, and so do values that are read without a
        port: in conditions, hyperparameters, settings. Raises AssertionError for names that there are not.
        """
        step, output, file = self._producer(producer)
        reader, port = self._consumer(consumer)
        for feed in self._flow.port_feeds(reader):
            if feed.step == step and port in (None, feed.port) and _is_fed_by(feed, output, file):
                return True
        if port is not None:
            return False
        if output is None:
            return step in self._flow.read_steps(reader)
        return self._flow.reads_output(reader, step, output, file)

    def assert_feeds(self, producer: str, consumer: str) -> None:
        """Raises AssertionError where :meth:`feeds` is false, with what feeds the consumer."""
        if self.feeds(producer, consumer):
            return
        reader, port = self._consumer(consumer)
        if port is None:
            found = [f"{feed.port} from {feed.source}" for feed in self._flow.port_feeds(reader)]
            fed = dict.fromkeys(feed.step for feed in self._flow.port_feeds(reader))
            found += [step for step in self._flow.read_steps(reader) if step not in fed]
        else:
            found = [feed.source for feed in self._flow.port_feeds(reader) if feed.port == port]
        if port in self._flow.external_ports(reader):
            found.append("something from outside of the pipeline")
        details = (("it is fed by", names(found) if found else "nothing"), ("added at", self.step(reader).added_at))
        raise failed(f"{producer} does not feed {consumer} in {self.title}", *details)

    def upstream(self, step: str) -> tuple[str, ...]:
        """Every step that has to run before a step, directly or through others, in order."""
        self._check_step(step)
        return self._flow.upstream(step)

    def downstream(self, step: str) -> tuple[str, ...]:
        """Every step that has to wait for a step, directly or through others, in order."""
        self._check_step(step)
        return self._flow.downstream(step)

    def order(self) -> tuple[str, ...]:
        """All steps, each after those that it waits for, and otherwise in the order of the definition."""
        return self._flow.order

    # What runs ---------------------------------------------------------------------------------------------------

    def branch(
        self,
        condition: str,
        *,
        report: GivenValues | None = None,
        parameters: GivenValues | None = None,
        outputs: GivenValues | None = None,
    ) -> Branch:
        """The branch that a condition step takes: its conditions are worked out with what is given.

        ``report`` has what steps would write, by ``Step.file``, ``Step.output`` or ``Step.PropertyFile``: members may
        be left out, but those that are there are as the contract's schema says. A path is the file of a whole report.
        ``outputs`` has other values, by ``Step.output``, ``Step.Property.Path`` or ``Execution.Variable``. Parameters
        that are not given have their defaults in this environment.

        Raises AssertionError where there is no such condition; FindingsError (SMG260, SMG240) for what does not fit
        the pipeline, and for everything that the condition reads and is not given.
        """
        self._check_step(condition)
        if not self._flow.steps[condition].kind.decides:
            conditions = [name for name, step in self._flow.steps.items() if step.kind.decides]
            kind = self._flow.steps[condition].type
            details = (("it is", kind), ("conditions", names(conditions)))
            raise failed(f'step "{condition}" of {self.title} is no condition', *details)
        return Simulation(self._flow, self.name, self._read(report, parameters, outputs)).branch(condition)

    def execution(
        self,
        *,
        report: GivenValues | None = None,
        parameters: GivenValues | None = None,
        outputs: GivenValues | None = None,
        failed: str | Sequence[str] = (),
        stopped: str | Sequence[str] = (),
    ) -> TestedExecution:
        """What an execution would do, with ``report``, ``parameters`` and ``outputs`` as in :meth:`branch`.

        Every step completes but Fail steps and those that are named in ``failed`` and ``stopped``, one or several. A
        step runs when its branch is taken and each step that it waits for ended as it asks: completed, or what
        ``after=`` says.
        """
        failed, stopped = _steps(failed), _steps(stopped)
        for name in (*failed, *stopped):
            self._check_step(name)
        reader = self._read(report, parameters, outputs)
        return Simulation(self._flow, self.name, reader, failed=failed, stopped=stopped).execution()

    def executed_steps(
        self,
        *,
        report: GivenValues | None = None,
        parameters: GivenValues | None = None,
        outputs: GivenValues | None = None,
        failed: str | Sequence[str] = (),
        stopped: str | Sequence[str] = (),
    ) -> tuple[str, ...]:
        """The steps that would run, in order; see :meth:`execution`."""
        return self.execution(
            report=report, parameters=parameters, outputs=outputs, failed=failed, stopped=stopped
        ).steps

    # Names -------------------------------------------------------------------------------------------------------

    def _read(
        self, report: GivenValues | None, parameters: GivenValues | None, outputs: GivenValues | None
    ) -> GivenReader:
        reader = GivenReader(self._flow)
        reader.given.parameters.update(parameter_defaults(self.definition))
        for name, value in (report or _NOTHING).items():
            reader.report(name, value)
        for name, value in (parameters or _NOTHING).items():
            reader.parameter(name, value)
        for name, value in (outputs or _NOTHING).items():
            reader.output(name, value)
        if reader.findings:
            raise FindingsError(reader.findings)
        return reader

    def _check_step(self, name: str) -> None:
        if name not in self._flow.steps:
            nearest = nearest_name(name, self._flow.steps)
            details = (("steps", names(self._flow.steps)), ("did you mean", nearest))
            raise failed(f'{self.title} has no step "{name}"', *details)

    def _contract(self, step: str, what: str) -> StepContract:
        contract = self._flow.contracts.get(step)
        if contract is None:
            kind = self._flow.steps[step].type
            raise failed(f'step "{step}" ({kind}) of {self.title} has no {what}', ("name", "the step alone"))
        return contract

    def _producer(self, producer: str) -> tuple[str, OutputSpec | None, ReportFile | None]:
        """The step, and the output or report file of it that is meant."""
        step, _, rest = producer.partition(".")
        self._check_step(step)
        if not rest:
            return step, None, None
        contract = self._contract(step, "outputs by name")
        found: dict[str, tuple[OutputSpec, ReportFile | None]] = {}
        for port in contract.output_ports.values():
            spec = port.output_spec
            for one in spec.files:
                found[f"{spec.logical_name}.{one.name}"] = (spec, one)
                found.setdefault(one.name, (spec, one))
        found |= {name: (port.output_spec, None) for name, port in contract.output_ports.items()}
        if rest not in found:
            own = [name for name in found if "." not in name]
            details = (("outputs", names(own)), ("did you mean", nearest_name(rest, own)))
            raise failed(f'step "{step}" of {self.title} has no output {rest}', *details)
        output, file = found[rest]
        return step, output, file

    def _consumer(self, consumer: str) -> tuple[str, str | None]:
        step, _, port = consumer.partition(".")
        self._check_step(step)
        if not port:
            return step, None
        ports = self._contract(step, "ports").input_ports
        if port not in ports:
            details = (("ports", names(ports)), ("did you mean", nearest_name(port, ports)))
            raise failed(f'step "{step}" of {self.title} has no port {port}', *details)
        return step, port


def _is_fed_by(feed: Feed, output: OutputSpec | None, file: ReportFile | None) -> bool:
    """Whether a port is bound to an output, or to a file of it where one is meant."""
    if output is None:
        return True
    return feed.output == output.logical_name and (file is None or feed.file == file.name)


def _steps(given: str | Sequence[str]) -> Sequence[str]:
    """The names of steps, of which one may be given by itself."""
    return (given,) if isinstance(given, str) else given
