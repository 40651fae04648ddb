"""The config model of a contract, written by datamodel-code-generator.

The tool gets no word of a contract: every name and every text is a numbered stand-in that is put back afterwards, a
name as an identifier, a text as a literal or a docstring. So nothing that a contract says can meet a stand-in, and
nothing but its own names and literals can come out.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from smgen.aws import works_in_pydantic
from smgen.contracts import (
    CONFIG_ATTRIBUTES,
    EnvironmentImage,
    StepContract,
    ValueSchema,
    class_name,
    python_identifier,
    setting_schemas,
)
from smgen.documents import JsonObject, JsonValue, pretty_json
from smgen.generate.literals import docstring, python_literal, string_literal
from smgen.generate.texts import value_text

_VARIABLES: Final = {
    "string": "StringVariable",
    "integer": "IntegerVariable",
    "number": "FloatVariable",
    "boolean": "BooleanVariable",
}
_STAND_IN: Final = re.compile(
    r"""(?P<indent>[ ]*)(?P<quote>\"\"\"|'''|"|')\s*smgentext(?P<text>\d{6})\s*(?P=quote)"""
    r"""|(?:smgenname|SmgenName)(?P<name>\d{6})"""
)
#: Pydantic keeps lengths in a machine word; nothing can be longer than this anyway.
_LARGEST_LENGTH: Final = 2**63 - 1
_LENGTHS: Final = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One field of a config model: its Python name, its name in the contract, and whether it must be given.

    ``text`` is its docstring; ``default`` is what the generated class holds, which a list or an image cannot be.
    ``pointer`` is its place in the contract.
    """

    name: str
    contract_name: str
    schema: ValueSchema
    required: bool
    default: JsonValue
    has_default: bool
    text: str
    pointer: str


@dataclass(frozen=True, slots=True)
class ConfigModel:
    """The source of a config model: what it imports as (module, name) pairs, and its statements."""

    imports: tuple[tuple[str, str], ...]
    source: str
    fields: tuple[ConfigField, ...]

    @property
    def is_required(self) -> bool:
        """Whether a config has to be given at all."""
        return any(item.required for item in self.fields)


def config_fields(contract: StepContract) -> tuple[ConfigField, ...]:
    """The fields of a contract's config: hyperparameters, settings, environment variables, each in written order."""
    fields: list[ConfigField] = []
    schemas = setting_schemas(contract)
    for name, parameter in contract.hyperparameters.items():
        fields.append(_field(name, parameter.schema, parameter.required, parameter.default, parameter.pointer))
    for name, setting in contract.settings.items():
        fields.append(_field(name, schemas[name], setting.required, setting.default, setting.pointer))
    for name, parameter in contract.environment.items():
        fields.append(_field(name, parameter.schema, parameter.required, parameter.default, parameter.pointer))
    return tuple(fields)


def _field(
    name: str,
    schema: ValueSchema,
    required: bool,
    default: JsonValue | EnvironmentImage | tuple[JsonValue, ...],
    at: str,
) -> ConfigField:
    identifier = python_identifier(name, CONFIG_ATTRIBUTES)
    # Neither can be the default of a field in both checkers; the base fills them in when the step is built.
    filled = ""
    if isinstance(default, EnvironmentImage):
        filled, default = f"the environment's image {string_literal(default.name)}", None
    elif isinstance(default, (tuple, list)):
        filled, default = python_literal(list(default)), None
    text = value_text(name, identifier, schema, filled)
    is_required = required and default is None and not filled
    return ConfigField(identifier, name, schema, is_required, default, default is not None, text, at)


def config_model(contract: StepContract) -> ConfigModel:
    """The config model of a contract as source."""
    fields = config_fields(contract)
    words = _Words()
    schema = _model_schema(contract, fields, words)
    return ConfigModel(*_parts(words.put_back(_generated(schema))), fields)


@dataclass
class _Words:
    """Names and texts that stand outside the schema while the tool works on it."""

    words: list[str] = field(default_factory=list[str])

    def text(self, text: str) -> str:
        """The stand-in for a text."""
        return f"smgentext{self._kept(text)}"

    def name(self, name: str) -> str:
        """The stand-in for the name of a field."""
        return f"smgenname{self._kept(name)}"

    def class_name(self, name: str) -> str:
        """The stand-in for the name of a class or of a type alias."""
        return f"SmgenName{self._kept(name)}"

    def _kept(self, word: str) -> str:
        self.words.append(word)
        return f"{len(self.words) - 1:06d}"

    def put_back(self, source: str) -> str:
        """The source with every stand-in replaced by what it stands for."""

        def word(match: re.Match[str]) -> str:
            if match["name"] is not None:
                return self.words[int(match["name"])]
            text, indent = self.words[int(match["text"])], match["indent"]
            if len(match["quote"]) == 3:
                return f"{indent}{docstring(text, len(indent))}"
            return f"{indent}{string_literal(text)}"

        return _STAND_IN.sub(word, source)


def _model_schema(contract: StepContract, fields: Iterable[ConfigField], words: _Words) -> JsonObject:
    definitions = _Definitions(words, {item.name: None for item in fields})
    properties: JsonObject = {}
    required: list[JsonValue] = []
    for item in fields:
        name = words.name(item.name)
        document = _value_schema(item.schema, class_name(item.name), definitions)
        if item.text:
            document["description"] = words.text(item.text)
        if item.has_default:
            document["default"] = words.text(item.default) if isinstance(item.default, str) else item.default
        if item.required:
            required.append(name)
        properties[name] = document
    return {
        "title": words.class_name(f"{contract.name}Config"),
        "description": words.text(f"Hyperparameters, settings and environment variables of {contract.name}."),
        "type": "object",
        "properties": properties,
        "required": required,
        "$defs": definitions.schemas,
    }


@dataclass
class _Definitions:
    """The schemas that get a name of their own; no two of them, and none and a field, share one."""

    words: _Words
    taken: dict[str, None]
    schemas: JsonObject = field(default_factory=dict[str, JsonValue])

    def reference(self, name: str, schema: JsonObject) -> JsonObject:
        """A reference to a schema that is to be called ``name``, or ``name2`` where that is taken."""
        number = 1
        unique = name
        while unique in self.taken:
            number += 1
            unique = f"{name}{number}"
        self.taken[unique] = None
        stand_in = self.words.class_name(unique)
        self.schemas[stand_in] = schema
        return {"$ref": f"#/$defs/{stand_in}"}


def _value_schema(schema: ValueSchema, name: str, definitions: _Definitions, ending: str = "Value") -> JsonObject:
    """A field's schema: a value or a variable of its type; in lists and maps, that of each element."""
    document = _limits(schema)
    if schema.element is not None:
        key, ending = ("additionalProperties", "Value") if schema.type == "object" else ("items", "Item")
        document[key] = _value_schema(schema.element, name, definitions, ending)
        return document
    words = definitions.words
    if isinstance(document.get("pattern"), str):
        document["pattern"] = words.text(str(document["pattern"]))
    if schema.enum is not None and schema.type != "number":
        # Every value fits the other limits: the contract was checked for that.
        values: list[JsonValue] = [words.text(value) if isinstance(value, str) else value for value in schema.enum]
        choice: JsonObject = {"type": schema.type, "enum": values}
        document = choice
    elif len(document) > 1:
        # Under a name of its own the type checkers see the plain type, and pydantic the limits.
        document = definitions.reference(f"{name}{ending}", document)
    variable: JsonObject = {"customTypePath": f"smgen.runtime.{_VARIABLES[schema.type]}"}
    return {"anyOf": [document, variable]}


def _limits(schema: ValueSchema) -> JsonObject:
    """The type and those limits that pydantic can keep; a request is checked against all of them when it is built."""
    limits: JsonObject = {}
    for key, value in schema.json_schema().items():
        if key in ("items", "additionalProperties", "enum"):
            continue
        if key in _LENGTHS and isinstance(value, int):
            limits[key] = min(value, _LARGEST_LENGTH)
        elif key != "pattern" or (isinstance(value, str) and works_in_pydantic(value) and _compiles(value)):
            limits[key] = value
    if schema.type == "number" and schema.enum is not None:
        # A number is no member of a Literal: what is left of the enum is its range.
        numbers = [value for value in schema.enum if isinstance(value, (int, float))]
        limits |= {"minimum": min(numbers), "maximum": max(numbers)}
    return limits


def _compiles(pattern: str) -> bool:
    """Whether pydantic's regular expressions take a pattern; one that they refuse would break the import."""
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError:
        return False
    return True


def _generated(schema: JsonObject) -> str:
    with warnings.catch_warnings():
        # Its words about the Python that it runs on are for whoever pins it, not for whoever generates.
        warnings.simplefilter("ignore")
        from datamodel_code_generator import InputFileType, LiteralType, PythonVersion, generate
        from datamodel_code_generator.enums import DataModelType

        source = generate(
            pretty_json(schema),
            input_file_type=InputFileType.JsonSchema,
            output_model_type=DataModelType.PydanticV2BaseModel,
            base_class="smgen.runtime.StepConfig",
            target_python_version=PythonVersion.PY_310,
            use_type_alias=True,
            strict_nullable=True,
            use_annotated=True,
            field_constraints=True,
            enum_field_as_literal=LiteralType.All,
            use_one_literal_as_default=True,
            use_union_operator=True,
            use_standard_collections=True,
            use_serialization_alias=True,
            use_field_description=True,
            use_schema_description=True,
            disable_timestamp=True,
            formatters=[],
        )
    if not isinstance(source, str):
        raise TypeError(f"datamodel-code-generator returned {type(source).__name__} for one model")
    return source


def _parts(source: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """What a module imports as (module, name) pairs, and its type aliases and its class in the layout of ours."""
    imports: list[tuple[str, str]] = []
    aliases: list[str] = []
    classes: list[str] = []
    lines = source.splitlines(keepends=True)
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.ImportFrom):
            if statement.module not in (None, "__future__"):
                imports += [(str(statement.module), alias.name) for alias in statement.names]
        elif isinstance(statement, ast.ClassDef):
            classes.append("".join(_class_lines(statement, lines)))
        else:
            aliases.append(_lines_of(statement, lines))
    # The base says what every config has in common.
    used = tuple((module, name) for module, name in imports if name != "ConfigDict")
    return used, "".join(aliases) + "\n\n" + "".join(classes)


def _class_lines(statement: ast.ClassDef, lines: list[str]) -> Iterator[str]:
    """The lines of a class without its ``model_config``, and with an empty line behind every docstring."""
    yield from lines[statement.lineno - 1 : statement.body[0].lineno - 1]
    for member in statement.body:
        if isinstance(member, ast.Assign):
            continue
        yield _lines_of(member, lines)
        if isinstance(member, ast.Expr):
            yield "\n"


def _lines_of(statement: ast.stmt, lines: list[str]) -> str:
    text = "".join(lines[statement.lineno - 1 : statement.end_lineno])
    return text if text.endswith("\n") else f"{text}\n"
