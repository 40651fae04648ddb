"""One step of a compiled pipeline as a test looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from smgen.definition import Step, value_changes
from smgen.documents import JsonObject, JsonValue, is_container, object_at
from smgen.expressions import value_to_json
from smgen.testing.argument_paths import NoSuchPlace, value_at
from smgen.testing.failures import failed, names
from smgen.testing.plain_values import equal, plain, shown

#: Where the kinds of steps have their environment variables, below the arguments.
_ENVIRONMENTS: Final = (
    ("Environment",),
    ("TrainingJobDefinition", "Environment"),
    ("PrimaryContainer", "Environment"),
)
_HYPERPARAMETERS: Final = (("HyperParameters",), ("TrainingJobDefinition", "StaticHyperParameters"))
_COMPLETED: Final = "Completed"
_MOST_DIFFERENCES: Final = 12


@dataclass(frozen=True, repr=False)
class TestedStep:
    """A step: its name, its kind (``Training``, ``Condition``, …) and what the definition says of it.

    ``arguments`` are those of the step itself, without the steps inside it; ``fields`` is what stands beside them
    (``FunctionArn``, ``DisplayName``, …). Values that are known only when the pipeline runs are expressions
    (``{"Get": "Parameters.Instance"}``). ``added_at`` is the file and line that added the step, where that is known.
    """

    # Test runners take every class of a test's module whose name starts so for a test, unless it says that it is none.
    __test__: ClassVar[bool] = False

    name: str
    kind: str
    arguments: JsonObject
    fields: JsonObject
    #: The outcome of each step that this one waits for with ``after=``: Completed, Failed, Stopped or Any.
    run_conditions: Mapping[str, str]
    #: The ``CacheConfig``, None without one: ``step.cache == Cache.days(30).document()``.
    cache: JsonObject | None
    #: The ``RetryPolicies``: ``step.retries == (Retry(…).document(),)``.
    retries: tuple[JsonObject, ...]
    added_at: str | None = None
    pipeline: str = ""

    def __repr__(self) -> str:
        # Test runners print the values of a failed test, and a request is long.
        return f"<TestedStep {self.name} ({self.kind})>"

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The steps that this one waits for with ``after=``, whichever their outcome."""
        return tuple(self.run_conditions)

    @property
    def hyperparameters(self) -> Mapping[str, JsonValue]:
        """The hyperparameters by name, of a tuning step those that are not searched; empty where there are none."""
        return self._first_of(_HYPERPARAMETERS)

    @property
    def environment_variables(self) -> Mapping[str, JsonValue]:
        """The environment variables of the step's container by name; empty where there are none."""
        return self._first_of(_ENVIRONMENTS)

    @property
    def title(self) -> str:
        """How messages name the step."""
        return f'step "{self.name}" ({self.kind}) of {self.pipeline}'

    def has_argument(self, path: str) -> bool:
        """Whether there is something at a path of the arguments, or of what stands beside them."""
        return not isinstance(self._at(path), NoSuchPlace)

    def argument(self, path: str) -> JsonValue:
        """The value at a path of the arguments, or of what stands beside them.

        The path is a JSON pointer, or names with dots between them: ``ResourceConfig.InstanceType``. Of a list
        ``[0]`` is an item by its place, ``[train]`` one by its name; a name with dots stands in quotes:
        ``HyperParameters['eval.metric']``. Raises AssertionError with the nearest right path where there is nothing.
        """
        found = self._at(path)
        if isinstance(found, NoSuchPlace):
            raise self._missing(path, found)
        return found

    def assert_argument(self, path: str, expected: object) -> None:
        """Raises AssertionError where the value at a path (see :meth:`argument`) is not ``expected``."""
        error = self.argument_error(path, expected)
        if error is not None:
            raise error

    def argument_error(self, path: str, expected: object) -> AssertionError | None:
        """What :meth:`assert_argument` raises; None where the value is the one that is expected."""
        wanted = plain(expected)
        found = self._at(path)
        if isinstance(found, NoSuchPlace):
            return self._missing(path, found, wanted)
        if equal(found, wanted):
            return None
        details = [("expected", shown(wanted)), ("actual", shown(found))]
        if is_container(found) and type(found) is type(wanted):
            changes = [change for change in value_changes("", wanted, found) if change.path]
            for change in changes[:_MOST_DIFFERENCES]:
                before, after = change.before or "nothing", change.after or "nothing"
                details.append((f"at {change.path}", f"expected {before}, actual {after}"))
        return failed(f"{self.title} has another value at {path}", *details, ("added at", self.added_at))

    def _first_of(self, places: tuple[tuple[str, ...], ...]) -> Mapping[str, JsonValue]:
        found = [object_at({**self.arguments}, *place) for place in places]
        return next((one for one in found if one), dict[str, JsonValue]())

    def _at(self, path: str) -> JsonValue | NoSuchPlace:
        found = value_at(self.arguments, path)
        if isinstance(found, NoSuchPlace) and not found.at:
            # Members beside the arguments have names that arguments have not.
            beside = value_at(self.fields, path)
            if not isinstance(beside, NoSuchPlace) or (found.nearest is None and beside.nearest is not None):
                return beside
        return found

    def _missing(self, path: str, problem: NoSuchPlace, expected: JsonValue | None = None) -> AssertionError:
        there = problem.there if problem.at else (*self.arguments, *self.fields)
        return failed(
            f"{self.title} has no {path}",
            ("expected", None if expected is None else shown(expected)),
            (f"{problem.at} has" if problem.at else "it has", names(there)),
            ("did you mean", problem.nearest),
            ("added at", self.added_at),
        )


def tested_step(step: Step, pipeline: str, added_at: str | None) -> TestedStep:
    """A step of a definition; ``pipeline`` is how messages name the pipeline."""
    return TestedStep(
        step.name,
        step.type,
        object_at(value_to_json(step.own["Arguments"])),
        step.fields,
        {item.step: item.trigger or _COMPLETED for item in step.depends_on},
        step.cache,
        step.retry,
        added_at,
        pipeline,
    )
