"""The config model of a contract, written by datamodel-code-generator.

The tool gets no text of a contract: names are identifiers already, and every other text is a placeholder that is put
back afterwards as a literal or a docstring. So whatever a contract says, only its own literals can come out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
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
from smgen.generate.literals import docstring, string_literal

_VARIABLES: Final = {
    "string": "StringVariable",
    "integer": "IntegerVariable",
    "number": "FloatVariable",
    "boolean": "BooleanVariable",
}
_PLACEHOLDER: Final = re.compile(
    r"""(?P<indent>[ ]*)(?P<quote>\"\"\"|'''|"|')\s*smgentext(?P<number>\d{6})\s*(?P=quote)"""
)
_TEXT_KEYS: Final = frozenset({"pattern"})


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One field of a config model: its Python name, its name in the contract, and whether it must be given."""

    name: str
    contract_name: str
    schema: ValueSchema
    required: bool
    default: JsonValue
    has_default: bool


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
        fields.append(_field(name, parameter.schema, parameter.required, parameter.default))
    for name, setting in contract.settings.items():
        default = None if isinstance(setting.default, EnvironmentImage) else setting.default
        value: JsonValue = list(default) if isinstance(default, tuple) else default
        fields.append(_field(name, schemas[name], setting.required, value))
    for name, parameter in contract.environment.items():
        fields.append(_field(name, parameter.schema, parameter.required, parameter.default))
    return tuple(fields)


def _field(name: str, schema: ValueSchema, required: bool, default: JsonValue) -> ConfigField:
    # A list cannot be the default of a field in both checkers; the base fills it in when the step is built.
    has_default = default is not None and not isinstance(default, (list, dict))
    identifier = python_identifier(name, CONFIG_ATTRIBUTES)
    return ConfigField(identifier, name, schema, required and default is None, default, has_default)


def config_model(contract: StepContract) -> ConfigModel:
    """The config model of a contract as source."""
    fields = config_fields(contract)
    name = f"{contract.name}Config"
    texts = _Texts()
    schema = _model_schema(name, contract, fields, texts)
    imports, source = _split(texts.put_back(_generated(schema)))
    return ConfigModel(imports, source, fields)


@dataclass
class _Texts:
    """Texts that stand outside the schema while the tool works on it."""

    texts: list[str] = field(default_factory=list[str])

    def placeholder(self, text: str) -> str:
        self.texts.append(text)
        return f"smgentext{len(self.texts) - 1:06d}"

    def put_back(self, source: str) -> str:
        def literal(match: re.Match[str]) -> str:
            text, indent = self.texts[int(match["number"])], match["indent"]
            if len(match["quote"]) == 3:
                return f"{indent}{docstring(text, len(indent))}"
            return f"{indent}{string_literal(text)}"

        return _PLACEHOLDER.sub(literal, source)


def _model_schema(name: str, contract: StepContract, fields: Iterable[ConfigField], texts: _Texts) -> JsonObject:
    definitions: JsonObject = {}
    properties: JsonObject = {}
    required: list[JsonValue] = []
    for item in fields:
        document = _value_schema(item.schema, f"{class_name(item.name)}Value", definitions, texts)
        if item.schema.description:
            document["description"] = texts.placeholder(item.schema.description)
        if item.has_default:
            document["default"] = texts.placeholder(item.default) if isinstance(item.default, str) else item.default
        if item.required:
            required.append(item.name)
        properties[item.name] = document
    return {
        "title": name,
        "description": texts.placeholder(f"Settings, hyperparameters and environment variables of {contract.name}."),
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": required,
        "$defs": definitions,
    }


def _value_schema(schema: ValueSchema, name: str, definitions: JsonObject, texts: _Texts) -> JsonObject:
    """A field's schema: a value or a variable of its type; in lists and maps, that of each element."""
    if schema.element is not None:
        document = {key: value for key, value in schema.json_schema().items() if key not in ("items", "pattern")}
        key = "additionalProperties" if schema.type == "object" else "items"
        document[key] = _value_schema(schema.element, name, definitions, texts)
        return document
    plain: JsonObject = {}
    for key, value in schema.json_schema().items():
        if key == "enum" and isinstance(value, list):
            plain[key] = [texts.placeholder(item) if isinstance(item, str) else item for item in value]
        elif key == "pattern" and isinstance(value, str):
            # A pattern that pydantic's engine cannot read is left to the check of the whole request.
            if works_in_pydantic(value):
                plain[key] = texts.placeholder(value)
        else:
            plain[key] = value
    if len(plain) > 1 and "enum" not in plain:
        # Under a name of its own the type checkers see the plain type, and pydantic the limits.
        definitions[name] = plain
        plain = {"$ref": f"#/$defs/{name}"}
    return {"anyOf": [plain, {"customTypePath": f"smgen.runtime.{_VARIABLES[schema.type]}"}]}


def _generated(schema: JsonObject) -> str:
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


def _split(source: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The imports of a module as (module, name) pairs, and the source of everything behind them."""
    imports: list[tuple[str, str]] = []
    lines = source.splitlines(keepends=True)
    start = 0
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.ImportFrom):
            break
        start = statement.end_lineno or start
        if statement.module not in (None, "__future__"):
            imports += [(str(statement.module), alias.name) for alias in statement.names]
    return tuple(imports), "".join(lines[start:])
