"""Other names for everything in the wiring data: synonyms, random words for each word, or for each name."""

import random
import re
from collections.abc import Iterator, Mapping
from typing import cast

from smgen.wiring import UnifiedDependencyResolver, WiredStep
from tests.wiring.corpus import (
    Rename,
    Table,
    add,
    artifact_types,
    contract_of,
    dags,
    read,
    steps_data,
    steps_of,
    variant,
)

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def synonyms() -> Mapping[str, list[str]]:
    """Each word with itself first and then what could stand for it."""
    return cast(Mapping[str, list[str]], read("synonyms.json"))


def all_names() -> Iterator[str]:
    for step, data in steps_data().items():
        base, _, variant = step.partition(":")
        yield from (base, variant) if variant else (base,)
        for name, port in data["inputs"].items():
            yield name
            yield from port.get("compatible_sources", [])
            yield from port.get("semantic_keywords", [])
        for name, port in data["outputs"].items():
            yield name
            yield from port.get("aliases", [])
    for dag in dags():
        yield from (node["name"] for node in dag["nodes"])


def synonym_renaming(seed: int) -> Rename:
    """A renaming word by word: about two of three words of the table get one of their synonyms, the same everywhere."""
    chance = random.Random(seed)
    used = {word.lower() for name in all_names() for word in _WORDS.findall(name)}
    chosen: dict[str, str] = {}
    for word, forms in synonyms().items():
        # A synonym that the data uses already would make two different names one.
        free = [form for form in forms[1:] if form not in used]
        if free and chance.random() < 0.67:
            chosen[word] = chance.choice(free)
            used.add(chosen[word])
    return word_renaming(chosen)


def word_renaming(chosen: Mapping[str, str]) -> Rename:
    def word(found: re.Match[str]) -> str:
        text = found[0]
        other = chosen.get(text.lower())
        if other is None:
            return text
        if text.isupper() and len(text) > 1:
            return other.upper()
        return other.capitalize() if text[0].isupper() else other

    return lambda name: _WORDS.sub(word, name)


def random_word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))


def random_words(seed: int) -> Rename:
    """A random word for each word, the same everywhere."""
    chance = random.Random(seed)
    found = sorted({word.lower() for name in all_names() for word in _WORDS.findall(name)})
    return word_renaming({word: f"{random_word(chance)}{index}x" for index, word in enumerate(found)})


def random_names(seed: int) -> Rename:
    """A random name for each name, the same everywhere: equal names stay equal, and no words are shared."""
    chance = random.Random(seed)
    table = {name: f"{random_word(chance)}{index}" for index, name in enumerate(sorted(set(all_names())))}
    return table.__getitem__


def unshared_names() -> tuple[Rename, Mapping[str, str]]:
    """A name of its own for every place at which a name stands, and the way back: no two names are equal any more."""
    back: dict[str, str] = {}

    def rename(name: str) -> str:
        other = f"{random_word(random.Random(len(back)))}{len(back)}"
        back[other] = name
        return other

    return rename, back


def table_renamed(rename: Rename, typed: bool, *, reverse: bool = False) -> Table:
    """The table over all pipelines, resolved under other names and counted under the names of the data."""
    counted = {node["name"] for dag in dags() for node in dag["nodes"]}
    counted |= {port for step in steps_data().values() for side in (step["inputs"], step["outputs"]) for port in side}
    back = {rename(name): name for name in counted}
    assert len(back) == len(counted)
    contracts = {step: contract_of(step, typed, rename, reverse) for step in steps_data()}
    table = Table()
    for dag in dags():
        steps = steps_of(dag, contracts.__getitem__, rename)
        edges = [(rename(source), rename(target)) for source, target in dag["edges"]]
        if reverse:
            steps, edges = steps[::-1], edges[::-1]
        found = UnifiedDependencyResolver(artifact_types(typed)).resolve(steps, edges)
        add(table, dag, found, back.__getitem__)
    return table


def table_unshared(typed: bool) -> Table:
    """The table when no two names are equal: only types and edges are left."""
    rename, back = unshared_names()
    table = Table()
    for dag in dags():
        nodes = {node["name"]: rename(node["name"]) for node in dag["nodes"]}
        steps = [
            WiredStep(nodes[node["name"]], contract_of(node["step"], typed, rename), variant(node["step"]), rename(""))
            for node in dag["nodes"]
        ]
        edges = [(nodes[source], nodes[target]) for source, target in dag["edges"]]
        found = UnifiedDependencyResolver(artifact_types(typed)).resolve(steps, edges)
        add(table, dag, found, back.__getitem__)
    return table
