"""Runs modules of pipelines against stand-ins that note which line added which step, and what its ports were given."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smgen.runtime import AUTO
from smgen.source import AutoEdit, AutoSource, WrittenStep

FILE = "pipeline.py"


@dataclass(frozen=True)
class Reference:
    """An output of a step."""

    step: str
    attribute: str


class Proxy:
    """What `add_step` returns."""

    def __init__(self, step: str) -> None:
        self._step = step

    def __getattr__(self, name: str) -> Reference:
        if name.startswith("__"):
            raise AttributeError(name)
        return Reference(self._step, name)


class StepBuilder:
    """A builder with any ports."""

    def __init__(self, config: object = None, **ports: object) -> None:
        self.config = config
        self.ports = ports

    def with_output_locations(self, **locations: object) -> StepBuilder:
        del locations
        return self


class Steps:
    """The module of a step: `m.StepBuilder(…)`, and `m.SB(…)` where lines are short."""

    StepBuilder = StepBuilder
    SB = StepBuilder
    Proxy = Proxy


@dataclass
class Recorder:
    """A stand-in for the pipeline's builder, for conditions and for branches."""

    lines: dict[str, int] = field(default_factory=dict[str, int])
    ports: dict[str, Mapping[str, object]] = field(default_factory=dict[str, Mapping[str, object]])

    def add_step(self, name: str, builder: StepBuilder, **more: object) -> Proxy:
        del more
        assert name not in self.lines, name
        frame = inspect.currentframe()
        assert frame is not None
        assert frame.f_back is not None
        self.lines[name] = frame.f_back.f_lineno
        self.ports[name] = builder.ports
        return Proxy(name)

    def adopt(self, name: str, proxy: object) -> Proxy:
        """The step is its name here; the call writes whatever makes it."""
        del proxy
        frame = inspect.currentframe()
        assert frame is not None
        assert frame.f_back is not None
        self.lines[name] = frame.f_back.f_lineno
        self.ports[name] = {}
        return Proxy(name)

    def condition(self, name: str, *conditions: object) -> Recorder:
        del name, conditions
        return self

    @property
    def then(self) -> Recorder:
        return self


def recorded(text: str, function: str = "pipeline", *, name: str = "dev") -> Recorder:
    """What the function of a module adds to a pipeline, for an environment of that name."""
    names: dict[str, object] = {"m": Steps(), "__name__": "pipeline"}
    exec(compile(text, FILE, "exec", dont_inherit=True), names)
    recorder = Recorder()
    made: object = names[function]
    assert callable(made)
    made(recorder, name)
    return recorder


def facts(
    recorder: Recorder, sources: Mapping[str, str | Sequence[str]], build: str = "pipeline for dev"
) -> tuple[list[AutoEdit], list[WrittenStep]]:
    """The edits for `Step.port` → `Producer.attribute` (several for a port that takes many), and all steps."""
    steps = {name: WrittenStep(build, name, FILE, line) for name, line in recorder.lines.items()}
    edits: list[AutoEdit] = []
    for consumer, source in sources.items():
        step, _, port = consumer.partition(".")
        assert recorder.ports[step].get(port) is AUTO
        found = [source] if isinstance(source, str) else source
        pairs = [one.partition(".") for one in found]
        bound = tuple(AutoSource(steps[producer], attribute) for producer, _, attribute in pairs)
        edits.append(AutoEdit(steps[step], port, bound, many=not isinstance(source, str)))
    return edits, list(steps.values())
