"""The config model of a contract, written by datamodel-code-generator.

The tool gets no word of a contract: every name and every text is a numbered stand-in that is put back afterwards, a
name as an identifier, a text as a literal or a docstring. So nothing that a contract says can meet a stand-in, and
nothing but its own names and literals can come out.
"""

from __future__ import annotations

import ast
import re
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
from smgen.documents import JsonObject, JsonValue
from smgen.generate.literals import docstring, python_literal, string_literal
from smgen.generate.model_generator import ModelGenerator
from smgen.generate.texts import value_text

_STAND_IN: Final = re.compile(
    r"""(?P<indent>[ ]*)(?P<quote>\"\"\"|'''|"|')\s*smgentext(?P<text>\d{6})\s*(?P=quote)"""
    r"""|(?:smgenname|SmgenName)(?P<name>\d{6})"""
)


@dataclass(frozen=True, slots=True)
class ConfigModel:
    """The source of a config model: what it imports as (module, name) pairs, and its statements.

    ``aliases`` are the type aliases that it defines, ``used`` the names in the annotations of its fields.
    """

    imports: tuple[tuple[str, str], ...]
    source: str
    aliases: tuple[str, ...]
    used: frozenset[str]
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


def config_model(contract: StepContract, generator: ModelGenerator) -> ConfigModel:
    """The config model of a contract as source, by ``generator``."""
    fields = config_fields(contract)
    words = _Words()
    schema = _model_schema(contract, fields, words)
    return _model(words.put_back(generator.source(schema)), fields)


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


def _model(source: str, fields: tuple[ConfigField, ...]) -> ConfigModel:
    """The model in the tool's module: its type aliases and its class, in the layout of ours."""
    imports: list[tuple[str, str]] = []
    statements: list[str] = []
    aliases: list[str] = []
    classes: list[str] = []
    used: set[str] = set()
    lines = source.splitlines(keepends=True)
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.ImportFrom):
            if statement.module not in (None, "__future__"):
                imports += [(str(statement.module), alias.name) for alias in statement.names]
        elif isinstance(statement, ast.ClassDef):
            classes.append("".join(_class_lines(statement, lines)))
            used |= _used(statement)
        else:
            statements.append(_lines_of(statement, lines))
            if isinstance(statement, ast.Assign):
                aliases += [target.id for target in statement.targets if isinstance(target, ast.Name)]
    # The base says what every config has in common.
    needed = tuple((module, name) for module, name in imports if name != "ConfigDict")
    text = "".join(statements) + "\n\n" + "".join(classes)
    return ConfigModel(needed, text, tuple(aliases), frozenset(used), fields)


def _used(statement: ast.ClassDef) -> set[str]:
    """The names that the annotations of a class use."""
    annotations = (member.annotation for member in statement.body if isinstance(member, ast.AnnAssign))
    return {node.id for annotation in annotations for node in ast.walk(annotation) if isinstance(node, ast.Name)}


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
