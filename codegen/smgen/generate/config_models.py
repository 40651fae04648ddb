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

from smgen.contract_model import (
    VARIABLE_OF_JSON,
    ConfigField,
    EnvironmentImage,
    FrameworkImage,
    StepContract,
    ValueSchema,
    class_name,
    config_fields,
    config_limits,
)
from smgen.documents import JsonObject, JsonValue, pretty_json
from smgen.generate.literals import docstring, python_literal, string_literal
from smgen.generate.texts import value_text

_STAND_IN: Final = re.compile(
    r"""(?P<indent>[ ]*)(?P<quote>\"\"\"|'''|"|')\s*smgentext(?P<text>\d{6})\s*(?P=quote)"""
    r"""|(?:smgenname|SmgenName)(?P<name>\d{6})"""
)


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


def _text(item: ConfigField) -> str:
    """The docstring of a field."""
    filled = ""
    if isinstance(item.filled, EnvironmentImage):
        filled = f"the environment's image {string_literal(item.filled.name)}"
    elif isinstance(item.filled, FrameworkImage):
        filled = f"AWS's image {string_literal(item.filled.title)} for the step's region and machine"
    elif item.filled is not None:
        filled = python_literal(list(item.filled))
    return value_text(item.contract_name, item.name, item.schema, filled)


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
        text = _text(item)
        if text:
            document["description"] = words.text(text)
        if item.default is not None:
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
    document = config_limits(schema)
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
    variable: JsonObject = {"customTypePath": f"smgen.runtime.{VARIABLE_OF_JSON[schema.type]}Variable"}
    return {"anyOf": [document, variable]}


def _generated(schema: JsonObject) -> str:
    with warnings.catch_warnings():
        # Its words about the Python that it runs on are for its own users, not for whoever generates.
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
            # Of a mutable collection only one of exactly the same type of items fits: no list[str] of a user's own.
            use_generic_container_types=True,
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
