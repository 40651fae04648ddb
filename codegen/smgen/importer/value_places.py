"""Where plain values stand in a definition: in its parameters, steps and conditions, and in texts put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from smgen.aws import CONDITION
from smgen.definition import Step
from smgen.documents import JsonValue, append_pointer, is_container
from smgen.expressions import Join, JsonGet, Value, as_expression, members_at, value_from_json, value_to_json
from smgen.importer.shapes import inside, is_expression, item_name
from smgen.importer.unifying import Unified, is_optional, network_of, tags_of

#: One value per environment.
Values: TypeAlias = "tuple[JsonValue, ...]"


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """A plain value, or a part of a request that is taken whole.

    ``owner`` names the step or parameter, ``way`` the items around it, outermost first; ``kind`` is that of the step.
    """

    pointer: str
    member: str
    values: Values = ()
    owner: str = ""
    way: tuple[str, ...] = ()
    kind: str = ""
    #: Whether it is the name of a bucket among the values of a Join.
    is_bucket: bool = False

    def at(self, part: str | int, member: str | None = None) -> ValuePlace:
        """What stands in what stands here."""
        here = append_pointer(self.pointer, part)
        return replace(self, pointer=here, member=self.member if member is None else member)


def value_places(unified: Unified) -> tuple[ValuePlace, ...]:
    """The places of all plain values, in the order of the definition; titles and what steps return say nothing."""
    return tuple(_Finder(unified).places())


@dataclass(frozen=True, slots=True)
class _Finder:
    unified: Unified

    def places(self) -> Iterator[ValuePlace]:
        definition = self.unified.definition
        for parameter in definition.parameters:
            if isinstance(parameter.default, str):
                place = ValuePlace(parameter.pointer, "", owner=parameter.name)
                yield self.filled(place.at("DefaultValue", "DefaultValue"), parameter.default)
        for member, owner, value in (
            ("PipelineExperimentConfig", "experiment", definition.experiment),
            ("MlflowConfig", "mlflow", definition.mlflow),
        ):
            yield from self.below(value_from_json(value), ValuePlace(f"/{member}", owner, owner=owner))
        for step in definition.all_steps():
            yield from self.of_step(step)

    def of_step(self, step: Step) -> Iterator[ValuePlace]:
        place = ValuePlace(step.pointer, "", owner=step.name, kind=step.type)
        for name, value in members_at(step.own, "Arguments").items():
            here = place.at("Arguments").at(name, name)
            is_conditions = step.kind is CONDITION and name == "Conditions"
            yield from self.of_conditions(value, here) if is_conditions else self.below(value, here)
        for name in step.fields:
            if name not in ("DisplayName", "Description", "OutputParameters"):
                yield from self.below(step.own[name], place.at(name, name))

    def of_conditions(self, value: Value, place: ValuePlace) -> Iterator[ValuePlace]:
        """The plain values that conditions compare with."""
        if is_expression(value):
            yield from self.in_expression(value, replace(place, member="Value"))
        elif is_container(value):
            for part, item in inside(value):
                if part != "Type":
                    yield from self.of_conditions(item, place.at(part))
        elif value is not None:
            yield self.filled(replace(place, member="value" if isinstance(value, str) else "limit"), value)

    def below(self, value: Value, place: ValuePlace) -> Iterator[ValuePlace]:
        if is_optional(place.member) and self.is_whole(value, place):
            yield self.filled(place, value)
        elif is_expression(value):
            yield from self.in_expression(value, place)
        elif is_container(value):
            named, option = item_name(value), ""
            if named is not None and not place.member.endswith("Config"):
                place = replace(place, way=(*place.way, named))
            for part, item in inside(value):
                # A value of a command is called as the option in front of it.
                called = part if isinstance(part, str) else option.lstrip("-") or place.member
                yield from self.below(item, place.at(part, called))
                option = item if isinstance(item, str) and item.startswith("-") else ""
        elif value is not None:
            yield self.filled(place, value)

    def in_expression(self, value: Value, place: ValuePlace) -> Iterator[ValuePlace]:
        """The texts that are put together, also for the location of a file that is read."""
        expression = as_expression(value)
        if isinstance(expression, JsonGet) and expression.form == "S3Uri":
            yield from self.in_expression(expression.source, place.at("Std:JsonGet").at("S3Uri"))
        if not isinstance(expression, Join):
            return
        text = ""
        for number, part in enumerate(expression.values):
            here = place.at("Std:Join").at("Values").at(number)
            before = text + expression.on if number else text
            if isinstance(part, str):
                yield self.filled(replace(here, is_bucket=before.endswith("s3://") and "/" not in part), part)
                text = before + part
            elif is_expression(part):
                yield from self.in_expression(part, here)
                text += "\x00"
            elif part is not None:
                yield self.filled(here, part)

    def is_whole(self, value: Value, place: ValuePlace) -> bool:
        """Whether an environment says what stands here as a whole, or may have nothing here."""
        if place.pointer in self.unified.varying:
            return True
        given = value_to_json(value)
        if place.member == "VpcConfig":
            return network_of(given) is not None
        return tags_of(given) is not None if place.member == "Tags" else isinstance(given, str) and bool(given)

    def filled(self, place: ValuePlace, value: Value) -> ValuePlace:
        return replace(place, values=self.unified.values(place.pointer, value_to_json(value)))
