"""Names of contracts turned into names of generated code: modules, classes and attributes.

Every function is total and deterministic on any Python: the tables of reserved words stand here and are not asked
from the running interpreter.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_WORD_START: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_IDENTIFIER: Final = re.compile(r"[^A-Za-z0-9_]")

_KEYWORDS: Final = (
    "False None True and as assert async await break class continue def del elif else except finally for from "
    "global if import in is lambda nonlocal not or pass raise return try while with yield match case type _"
)
_CONFIG_ATTRIBUTES: Final = (
    "Config construct copy dict from_orm json model_computed_fields model_config model_construct model_copy model_dump "
    "model_dump_json model_extra model_fields model_fields_set model_json_schema model_parametrized_name "
    "model_post_init model_rebuild model_validate model_validate_json model_validate_strings mro parse_file "
    "parse_obj parse_raw register schema schema_json update_forward_refs validate"
)

#: Keywords of Python 3.10 to 3.13, soft ones included because a module or a class body may give them their meaning.
KEYWORDS: Final = frozenset(_KEYWORDS.split())

#: What a field of a config model must not be called: attributes of ``pydantic.BaseModel`` and of its class, and the
#: name under which pydantic looks for settings.
CONFIG_ATTRIBUTES: Final = frozenset(_CONFIG_ATTRIBUTES.split())

#: Public members of a report file, which a metric of the same name must not hide.
REPORT_ATTRIBUTES: Final = frozenset({"location"})

#: Names that a builder's constructor uses itself.
PORT_ATTRIBUTES: Final = frozenset({"self"})


def module_name(contract: str) -> str:
    """The module of a contract: ``XGBoostTraining`` gives ``xgboost_training``."""
    return python_identifier(_WORD_START.sub("_", contract).lower())


def class_name(text: str) -> str:
    """A CamelCase class name for any text: ``num_round`` gives ``NumRound``; never empty, never a keyword."""
    words = [word for word in _NOT_IDENTIFIER.sub("_", text).split("_") if word]
    name = "".join(word[:1].upper() + word[1:] for word in words)
    if not name or name[0].isdigit():
        name = f"X{name}"
    return f"{name}_" if name in KEYWORDS else name


def python_identifier(name: str, reserved: Collection[str] = ()) -> str:
    """The attribute or argument that stands for ``name`` in generated code.

    Characters that cannot stand in an ASCII identifier become ``_``; a leading digit or underscore gets ``x`` before
    it (pydantic and name mangling give leading underscores another meaning); keywords and ``reserved`` names get a
    ``_`` behind them. Two names of one scope may meet in one identifier: the caller reports that as a collision.
    """
    identifier = _NOT_IDENTIFIER.sub("_", name)
    if not identifier or identifier[0].isdigit() or identifier[0] == "_":
        identifier = f"x{identifier}"
    if identifier in KEYWORDS or identifier in reserved:
        identifier = f"{identifier}_"
    return identifier
