"""The type of every setting of a contract: AWS's shape at each of its holes, narrowed by what the contract declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from typing_extensions import Unpack

from smgen.aws import PathProblem, is_newer_machine, range_in_words
from smgen.contract_model.aws_schemas import schema_of_shape
from smgen.contract_model.framework_images import default_image_problem
from smgen.contract_model.holes import SettingHole
from smgen.contract_model.json_schemas import schema_of_json_schema
from smgen.contract_model.model import EnvironmentImage, FrameworkImage, SettingSpec
from smgen.contract_model.request_places import PlacedValue, placed_values
from smgen.contract_model.step_contract import StepContract
from smgen.contract_model.value_schema import Conflict, ValueSchema, intersect, value_problem
from smgen.contract_model.value_text import describe_schema, nearest_value
from smgen.diagnostics import Details, Finding, FindingsError, Place, nearest_name
from smgen.documents import JsonObject, JsonValue, append_pointer, object_at, shown_json

#: Keywords that only numbers have.
_OF_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
#: Keywords of which one is enough to say a type.
_TYPE_KEYWORDS = ("type", "enum", "const")


@dataclass(frozen=True, slots=True)
class _AtHole:
    """What AWS says at one hole of a setting; ``schema`` is None where AWS leaves the value open."""

    schema: ValueSchema | None
    place: Place
    path: str


def setting_schemas(contract: StepContract) -> Mapping[str, ValueSchema]:
    """The type of each setting by name, with the contract's description or else AWS's and its limits.

    Raises FindingsError (SMG116, SMG117) for settings whose type cannot be said; see :func:`settings_and_findings`.
    """
    schemas, findings = settings_and_findings(contract)
    if findings:
        raise FindingsError(findings)
    return schemas


def settings_and_findings(contract: StepContract) -> tuple[Mapping[str, ValueSchema], tuple[Finding, ...]]:
    """The types of the settings that have one, and what is wrong with the settings: SMG116, SMG117."""
    holes: dict[str, list[PlacedValue]] = {}
    for placed in placed_values(contract):
        if isinstance(placed.value, SettingHole):
            holes.setdefault(placed.value.setting, []).append(placed)
    schemas: dict[str, ValueSchema] = {}
    findings: list[Finding] = []
    for setting in contract.settings.values():
        schema, found = _Setting(contract, setting, tuple(holes.get(setting.name, ()))).schema()
        findings += found
        if schema is not None:
            schemas[setting.name] = schema
    return schemas, tuple(findings)


@dataclass(frozen=True, slots=True)
class _Setting:
    contract: StepContract
    setting: SettingSpec
    holes: tuple[PlacedValue, ...]

    def problem(self, message: str, *parts: str, **details: Unpack[Details]) -> Finding:
        return Finding("SMG116", message, self.contract.place(append_pointer(self.setting.pointer, *parts)), **details)

    def schema(self) -> tuple[ValueSchema | None, tuple[Finding, ...]]:
        at_holes = tuple(self.at_holes())
        aws, conflicts = self.joined(tuple(hole for hole in at_holes if hole.schema is not None))
        if conflicts:
            return None, conflicts
        declared, findings = self.declared(aws, at_holes)
        if findings:
            return None, findings
        result = self.narrowed(declared, aws)
        if isinstance(result, Finding):
            return None, (result,)
        description = self.setting.description or self.documentation(aws)
        result = self.with_newer_default(replace(result, description=description))
        return result, tuple(self.default_problems(result))

    def with_newer_default(self, schema: ValueSchema) -> ValueSchema:
        """The schema with the default among its values, where that is an instance type newer than they are."""
        default = self.setting.default
        if not schema.open or schema.enum is None or not isinstance(default, str):
            return schema
        return replace(schema, enum=(*schema.enum, default)) if is_newer_machine(default, schema.enum) else schema

    def at_holes(self) -> Iterator[_AtHole]:
        """What AWS says at each hole; a hole at a wrong place is reported with the request."""
        for hole in self.holes:
            shape = hole.shape(self.contract.kind)
            if isinstance(shape, PathProblem):
                continue
            known = None if hole.in_text else schema_of_shape(shape)
            yield _AtHole(known, self.contract.place(hole.value.pointer), ".".join(str(part) for part in hole.parts))

    def joined(self, at_holes: tuple[_AtHole, ...]) -> tuple[ValueSchema | None, tuple[Finding, ...]]:
        """The intersection of AWS's schemas; a finding where two holes want different things."""
        result: ValueSchema | None = None
        first: _AtHole | None = None
        for hole in at_holes:
            if hole.schema is None:
                continue
            if result is None or first is None:
                result, first = hole.schema, hole
                continue
            joined = intersect(result, hole.schema)
            if isinstance(joined, Conflict):
                message = f"the places of the setting '{self.setting.name}' want different things: {joined.message}"
                finding = Finding(
                    "SMG116",
                    message,
                    hole.place,
                    given=f"{hole.schema.type} at {hole.path}",
                    expected=f"{first.schema.type if first.schema else 'the same'} at {first.path}",
                    expected_at=first.place,
                    fix="use two settings",
                )
                return None, (finding,)
            result = joined
        return result, ()

    def declared(
        self, aws: ValueSchema | None, at_holes: tuple[_AtHole, ...]
    ) -> tuple[ValueSchema | None, tuple[Finding, ...]]:
        """What the contract declares, its type filled in from AWS; None where it declares nothing."""
        written = dict(self.setting.declared)
        if not any(key in written for key in _TYPE_KEYWORDS):
            if aws is None and isinstance(self.setting.default, (EnvironmentImage, FrameworkImage)):
                written["type"] = "string"
            elif aws is None:
                where = f" at {at_holes[0].path}" if at_holes else ""
                return None, (
                    self.problem(
                        f"the setting '{self.setting.name}' has no type: AWS does not say one{where}",
                        expected="type, enum or const",
                        fix="write the type in the setting",
                    ),
                )
            elif not written:
                return None, ()
        schema, findings = schema_of_json_schema(_with_type(written, aws), self.setting.pointer, self.contract.place)
        if aws is not None and aws.type == "string" and "type" not in written:
            # Keywords of numbers say that a number is meant, and only the type is not said.
            fix = 'write "type": "number" or "integer" in the setting as well'
            findings = tuple(replace(item, fix=fix) if item.given in _OF_NUMBERS else item for item in findings)
        return schema, findings

    def narrowed(self, declared: ValueSchema | None, aws: ValueSchema | None) -> ValueSchema | Finding:
        """AWS's schema narrowed by the declared one."""
        if declared is None or aws is None:
            return declared or aws or ValueSchema("string")
        unknown = self.unknown_value(declared, aws)
        if unknown is not None:
            return unknown
        result = intersect(declared, aws)
        if isinstance(result, Conflict):
            return self.problem(
                f"what the setting '{self.setting.name}' declares does not fit AWS: {result.message}",
                given=declared.type,
                expected=aws.type,
                fix=f'leave the type to AWS, or write its text: {{"$join": [{{"$setting": "{self.setting.name}"}}]}}'
                if aws.type == "string" and declared.element is None
                else "leave the type to AWS, or narrow it",
            )
        return self.without_values(result, aws) or result

    def unknown_value(self, declared: ValueSchema, aws: ValueSchema) -> Finding | None:
        """What is wrong with a declared value that AWS does not list."""
        if declared.enum is None or aws.enum is None:
            return None
        for value in declared.enum:
            if value not in aws.enum:
                allowed = tuple(str(item) for item in aws.enum)
                return self.problem(
                    f"AWS has no value {shown_json(value)} for the setting '{self.setting.name}'",
                    "enum",
                    given=shown_json(value),
                    expected=", ".join(allowed),
                    nearest=nearest_name(str(value), allowed),
                    fix="list only values that AWS knows",
                )
        return None

    def without_values(self, result: ValueSchema, aws: ValueSchema) -> Finding | None:
        """What is wrong with a type of which a value, or every value, is refused."""
        for low, high in (
            (result.minimum, result.maximum),
            (result.min_length, result.max_length),
            (result.min_items, result.max_items),
        ):
            if low is not None and high is not None and low > high:
                return self.problem(
                    f"no value of the setting '{self.setting.name}' fits both the contract and AWS",
                    given=f"from {low} to {high}",
                    expected=limits_in_words(aws) or None,
                )
        for value in result.enum or ():
            problem = value_problem(replace(result, enum=None), value)
            if problem is not None:
                return self.problem(
                    f"AWS refuses a value of the setting '{self.setting.name}': {problem}",
                    "enum",
                    given=shown_json(value),
                )
        return None

    def documentation(self, aws: ValueSchema | None) -> str:
        """AWS's words about the first hole that has some, and AWS's limits."""
        for hole in self.holes:
            member = None if hole.in_text else hole.member(self.contract.kind)
            if member is not None and member.documentation:
                limits = "" if aws is None else limits_in_words(aws)
                return f"{member.documentation} {limits[:1].upper()}{limits[1:]}." if limits else member.documentation
        return ""

    def default_problems(self, schema: ValueSchema) -> Iterator[Finding]:
        default = self.setting.default
        if default is None:
            return
        if isinstance(default, (EnvironmentImage, FrameworkImage)):
            if schema.type != "string":
                name = f"an image named {default.name}" if isinstance(default, EnvironmentImage) else default.title
                yield self.problem(
                    f"the default of the setting '{self.setting.name}' is an image, which is a text",
                    "default",
                    given=name,
                    expected=schema.type,
                )
            elif isinstance(default, FrameworkImage):
                yield from self.image_problems(default)
            return
        value: JsonValue = list(default) if isinstance(default, tuple) else default
        problem = value_problem(schema, value)
        if problem is not None:
            nearest = nearest_value(value, schema)
            fix = f"write {shown_json(nearest)}" if nearest else None
            if schema.type == "string" and "type" not in self.setting.declared and not isinstance(value, (str, list)):
                # AWS takes a text here, and what is written there may be the text of a number.
                kind = "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "number"
                fix = f"""write "type": "{kind}" in the setting, or the default as a text: "{shown_json(value)}\""""
            yield self.problem(
                f"the default of the setting '{self.setting.name}' does not fit: {problem}",
                "default",
                given=shown_json(value),
                expected=describe_schema(schema),
                nearest=nearest,
                fix=fix,
            )

    def image_problems(self, image: FrameworkImage) -> Iterator[Finding]:
        """An image of AWS that there is nowhere, or that needs more than the contract says."""
        problem = default_image_problem(self.contract, self.setting, image)
        if problem is None:
            return
        parts: tuple[str, ...] = ("default",)
        member = "accelerator" if problem.at == "machine" else problem.at
        if member in object_at(self.contract.document, "settings", self.setting.name, "default"):
            parts = ("default", member)
        yield self.problem(
            f"there is no image {image.title} for the setting '{self.setting.name}': {problem.message}",
            *parts,
            given=problem.given,
            expected=problem.known,
            nearest=problem.nearest,
            fix=None if problem.given is not None else f"write '{member}' beside 'framework'",
        )


def _with_type(written: JsonObject, aws: ValueSchema | None) -> JsonObject:
    """Declared keywords with the type, and the type of the items, that AWS says where the contract says none."""
    if aws is None or any(key in written for key in ("enum", "const")):
        return written
    result: JsonObject = {"type": aws.type, **written}
    if aws.element is not None and result["type"] == aws.type:
        key = "items" if aws.type == "array" else "additionalProperties"
        element = result.get(key, {})
        if isinstance(element, dict) and not any(name in element for name in _TYPE_KEYWORDS):
            result[key] = {"type": aws.element.type, **element}
    return result


def limits_in_words(schema: ValueSchema) -> str:
    """The limits of a schema as a clause such as ``from 1 to 100``; '' where it has none."""
    inner = "" if schema.element is None else limits_in_words(schema.element)
    clauses = [
        range_in_words(schema.minimum, schema.maximum, ""),
        range_in_words(schema.min_length, schema.max_length, " characters"),
        range_in_words(schema.min_items, schema.max_items, " items" if schema.type == "array" else " entries"),
        f"each {inner}" if inner else "",
    ]
    return ", ".join(clause for clause in clauses if clause)
