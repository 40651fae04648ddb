"""A loop over items: its body, its current item, and what its iterations leave for the steps after it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import ClassVar, Generic, Literal, NoReturn, TypeVar

from smgen.authoring.calls import checked_call
from smgen.authoring.misuse import Attributes, refuse, short, unchecked
from smgen.authoring.ordering import PipelineStep
from smgen.authoring.origins import Iteration, Origin
from smgen.authoring.places import user_place
from smgen.authoring.proxies import StepOutputProxy
from smgen.authoring.step_handles import path_name
from smgen.authoring.variables import VARIABLE_TYPES, IntegerVariable, Literals, StringVariable, Variable, is_variable
from smgen.building.content import AddedForEach, AddedStep, PipelineContent, Selector
from smgen.diagnostics import Finding
from smgen.expressions import Get, StepReference, step_property, target

P = TypeVar("P", bound=StepOutputProxy)
V = TypeVar("V", bound=Literals)
I_co = TypeVar("I_co", covariant=True)


class LoopStep(PipelineStep, Generic[I_co]):
    """A loop that was added, without the builder of its body.

    ``item`` is the current item, which the steps of the body read. Outside of the body, ``outputs[0][step]`` are the
    outputs that a step of the body had in the first iteration, and ``max_by`` and ``min_by`` pick one iteration.
    """

    __smgen_meant__: ClassVar[Mapping[str, str]] = {
        "current_item": "item",
        "CurrentItem": "item",
        "for_each_body": "body",
        "iteration_outputs": "outputs",
        "IterationOutputs": "outputs",
        "selector": "max_by",
        "selected": "max_by",
        "Selected": "max_by",
    }

    def __init__(self, added: AddedForEach, origin: Origin, item: I_co, content: PipelineContent) -> None:
        """``origin`` is where the loop stands; ``item`` what its body reads; ``content`` takes what is found wrong."""
        super().__init__(added.name, origin)
        self._added = added
        self._item = item
        self._content = content

    @property
    def __smgen_name__(self) -> str:
        return f'the loop "{self.name}"'

    @property
    def item(self) -> I_co:
        """The current item: a variable, or the record in which each field is one. Only the body can read it."""
        return self._item

    @property
    def outputs(self) -> IterationOutputs:
        """What the steps of the body left, by iteration."""
        return IterationOutputs(self)

    @checked_call("loop.max_by")
    def max_by(self, step: P, field: Variable[float]) -> P:
        """The outputs of a step of the body in the iteration in which ``field``, one of its outputs, was greatest."""
        return self._selected("MaxBy", step, field)

    @checked_call("loop.min_by")
    def min_by(self, step: P, field: Variable[float]) -> P:
        """The outputs of a step of the body in the iteration in which ``field``, one of its outputs, was least."""
        return self._selected("MinBy", step, field)

    @property
    def status(self) -> StringVariable:
        """How the loop ended: ``Succeeded``, ``Failed`` or ``Stopped``."""
        return self._property("Status", str)

    @property
    def input_item_count(self) -> IntegerVariable:
        """The number of items."""
        return self._property("InputItemCount", int)

    @property
    def total_step_count(self) -> IntegerVariable:
        """The number of steps that were started, over all iterations."""
        return self._property("TotalStepCount", int)

    @property
    def succeeded_step_count(self) -> IntegerVariable:
        """The number of those that succeeded."""
        return self._property("SucceededStepCount", int)

    @property
    def failed_step_count(self) -> IntegerVariable:
        """The number of those that failed."""
        return self._property("FailedStepCount", int)

    @property
    def stopped_step_count(self) -> IntegerVariable:
        """The number of those that were stopped."""
        return self._property("StoppedStepCount", int)

    def _property(self, name: str, type: type[V]) -> Variable[V]:
        return Variable(step_property(path_name(self.name), name), VARIABLE_TYPES[type], (self.__smgen_origin__,))

    def _selected(self, pick: Literal["MaxBy", "MinBy"], step: P, field: object) -> P:
        self._check_body_step(step)
        place = user_place(step=self.name)
        selector = self._selector(pick, step, field)
        first = self._added.selector
        if selector is not None and first is not None and (first.pick, first.field) != (pick, selector.field):
            message = f"{self.__smgen_name__} picks two iterations"
            fix = "pick one, and use a second loop for another"
            self._content.findings.append(Finding("SMG222", message, place, given_at=first.place, fix=fix))
        elif selector is not None:
            self._added.selector = selector
        root = f"Steps.{path_name(self.name)}.Selected"
        return self._read(step, root, f'the selected iteration of loop "{self.name}"')

    def __smgen_iteration__(self, step: P, index: int) -> P:
        self._check_body_step(step)
        count = self._added.items.count
        if count is not None and index >= count:
            message = f"{self.__smgen_name__} has no iteration {index}"
            expected = "0" if count == 1 else f"0 to {count - 1}"
            place = user_place(step=self.name)
            finding = Finding("SMG222", message, place, given=str(index), expected=expected)
            self._content.findings.append(finding)
        name = path_name(self.name)
        root = f"Steps.{name}.IterationOutputs[{index}].{step.__smgen_step__.path_name}"
        return self._read(step, root, f'iteration {index} of loop "{self.name}"')

    def _selector(self, pick: Literal["MaxBy", "MinBy"], step: StepOutputProxy, field: object) -> Selector | None:
        """The selector; None after a finding."""
        handle = step.__smgen_step__
        place = user_place(step=self.name)
        what = "a loop picks an iteration by a number that a step of its body has as a property"
        fix = "pass a number among the outputs of the step, which is no value of a report"
        if is_variable(field) and field.__smgen_type__ in ("Integer", "Float"):
            expression = field.__smgen_expression__
            read = target(expression) if isinstance(expression, Get) else None
            if isinstance(read, StepReference) and read.step == handle.path_name:
                joint = "" if read.path.startswith("[") else "."
                get = Get(f"IterationOutput.{read.step}{joint}{read.path}")
                return Selector(pick, get, field.__smgen_origins__[0], place)
            if isinstance(read, StepReference):
                what, fix = "a loop picks the iteration of the step by which it compares", f"pass {read.step} too"
        finding = Finding("SMG222", what, place, given=short(field), given_at=handle.place, fix=fix)
        self._content.findings.append(finding)
        return None

    def _read(self, step: P, root: str, title: str) -> P:
        """A step of the body as it is read from outside of the loop."""
        handle = step.__smgen_step__
        iteration = Iteration(self.__smgen_origin__, root, title)
        outside = replace(handle, scope=self._added.scope, iteration=iteration, connect=None)
        # A copy, since proxies of other classes may be made of more than the step.
        read = copy(step)
        read.__smgen_step__ = outside
        return read

    def _check_body_step(self, step: object) -> None:
        """Raises SMG208 for what is no step; SMG222 for a step that is none of the body is collected."""
        if not isinstance(step, StepOutputProxy):
            refuse(
                f"{self.__smgen_name__} was asked for {short(step)}",
                "pass a step of its body, which loop.body.add_step(…) returned",
            )
        handle = step.__smgen_step__
        if handle.scope is not self._added.body.scope:
            message = f"{handle.origin().title} is no step of the body of {self.__smgen_name__}"
            names = ", ".join(_names(self._added)) or "no step yet"
            place = user_place(step=self.name)
            self._content.findings.append(Finding("SMG222", message, place, given_at=handle.place, expected=names))


class IterationOutputs(Attributes):
    """What the steps in the body of a loop left: ``[0]`` is the first iteration, ``[0][step]`` one step in it."""

    def __init__(self, loop: LoopStep[object]) -> None:
        """``loop`` whose iterations these are."""
        self._loop = loop

    @property
    def __smgen_name__(self) -> str:
        return f'the outputs of loop "{self._loop.name}"'

    def __repr__(self) -> str:
        return f"<{self.__smgen_name__}>"

    def __getitem__(self, index: int) -> IterationOutput:
        """The iteration of the item at ``index``, from 0."""
        if isinstance(index, bool) or not isinstance(unchecked(index), int) or index < 0:
            refuse(f"{short(index)} is no iteration of a loop", "count from 0 with a plain number")
        return IterationOutput(self._loop, int(index))

    def __iter__(self) -> NoReturn:
        """Raises SMG208: how many iterations there are is known only when the pipeline runs."""
        refuse(
            f"{self.__smgen_name__} were iterated over, but the loop runs only when the pipeline does",
            "name an iteration: [0], or pick one with max_by or min_by",
        )

    def __contains__(self, item: object) -> bool:
        """Raises SMG208, as going through it does."""
        return self.__iter__()


class IterationOutput(Attributes):
    """One iteration of a loop; ``[step]`` are the outputs that a step of the body has in it."""

    def __init__(self, loop: LoopStep[object], index: int) -> None:
        """The iteration at ``index``, from 0, of a loop."""
        self._loop = loop
        self._index = index

    @property
    def __smgen_name__(self) -> str:
        return f'iteration {self._index} of loop "{self._loop.name}"'

    def __repr__(self) -> str:
        return f"<{self.__smgen_name__}>"

    def __getitem__(self, step: P) -> P:
        """The outputs of a step of the body, as ``loop.body.add_step`` returned it."""
        return self._loop.__smgen_iteration__(step, self._index)


def _names(added: AddedForEach) -> list[str]:
    return [step.handle.name for step in added.body.steps if isinstance(step, AddedStep)]
