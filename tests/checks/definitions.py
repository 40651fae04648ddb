"""The recorded definitions and other data that the tests of the rules share."""

import copy
import json
from pathlib import Path

from smgen.definition import Definition, parse_definition
from smgen.documents import DEFINITION_LIMITS, JsonValue, parse_document, pretty_json, split_pointer

DATA = Path(__file__).parent.parent / "data"
CORPUS = sorted((DATA / "corpus").glob("*.json"))


def corpus_file(number: str) -> dict[str, JsonValue]:
    """The facts of one recorded pipeline by the two digits of its name."""
    (path,) = (path for path in CORPUS if path.name.startswith(number))
    facts: dict[str, JsonValue] = json.loads(path.read_text(encoding="utf-8"))
    return facts


def corpus_document(number: str) -> JsonValue:
    """A copy of the recorded definition, to be changed at will."""
    return copy.deepcopy(corpus_file(number)["definition"])


def as_definition(document: JsonValue, name: str = "definition.json") -> Definition:
    """A definition that knows its lines."""
    return parse_definition(parse_document(pretty_json(document).encode(), name, DEFINITION_LIMITS))


def value_at(document: JsonValue, pointer: str) -> JsonValue:
    """The value at a pointer; KeyError or IndexError when there is none."""
    here = document
    for part in split_pointer(pointer):
        if isinstance(here, dict):
            here = here[part]
        elif isinstance(here, list):
            here = here[int(part)]
        else:
            raise KeyError(pointer)
    return here


def put(document: JsonValue, pointer: str, value: JsonValue) -> None:
    """Put a value at a pointer: a member, an item, or with `-` at the end a new item."""
    *parents, last = split_pointer(pointer)
    holder = value_at(document, "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in parents))
    if isinstance(holder, dict):
        holder[last] = value
    elif isinstance(holder, list) and last == "-":
        holder.append(value)
    elif isinstance(holder, list):
        holder[int(last)] = value
    else:
        raise KeyError(pointer)


def remove(document: JsonValue, pointer: str) -> None:
    """Remove a member or an item."""
    *parents, last = split_pointer(pointer)
    holder = value_at(document, "".join(f"/{part}" for part in parents))
    if isinstance(holder, dict):
        del holder[last]
    elif isinstance(holder, list):
        del holder[int(last)]
    else:
        raise KeyError(pointer)
