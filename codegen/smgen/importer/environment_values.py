"""Finds what of a pipeline belongs to an environment, and gives it a name and a place there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from smgen.aws import STEP_KINDS
from smgen.diagnostics import Finding
from smgen.documents import JsonValue, append_pointer, children, is_container, json_at, text_at, with_plain
from smgen.importer.accounts import OF_ACCOUNT, REGISTRY, account_in, region_in
from smgen.importer.code_names import free, snake
from smgen.importer.imported_pipeline import (
    DeployedFacts,
    EnvironmentKind,
    EnvironmentReference,
    EnvironmentText,
    Guess,
    ImportedEnvironment,
    Scalar,
)
from smgen.importer.unifying import Unified, difference, is_optional, network_of, tags_of
from smgen.importer.value_places import ValuePlace, Values, value_places

#: A part of a text by environment.
EnvironmentValue: TypeAlias = "EnvironmentReference | EnvironmentText"

_BUCKET: Final = re.compile(r"s3[an]?://([^/\s\"'<>${}]+)")
_ROLE: Final = re.compile(r"arn:[^:\s]*:iam::\d{12}:role/\S+")
_GROUP_ARN: Final = re.compile(r"arn:[^:\s]*:sagemaker:[^:\s]*:\d{12}:model-package-group/(\S+)")
_LOCATION_WORDS: Final = ("uri", "url", "location", "path", "prefix", "s3")
_ROLE_MEMBERS: Final = ("RoleArn", "ExecutionRoleArn", "executionRoleArn")
_GROUP_MEMBER: Final = "ModelPackageGroupName"
#: What environments fill in by themselves, by the member in which it stands.
_FILLED: Final = {"VpcConfig": "network", "Tags": "tags", "VolumeKmsKeyId": "kms_key"}
#: What is written in the pipeline itself: parameters and what steers it.
_WITHOUT_CONTRACT: Final = ("", *(kind for kind, row in STEP_KINDS.items() if row.structural))
_IMAGE_MEMBERS: Final = ("Image", "ImageUri", "TrainingImage", "RuleEvaluatorImage")


@dataclass(frozen=True, slots=True)
class Assigned:
    """What belongs to the environments.

    ``values`` are the texts and numbers to be written in place of plain ones, by JSON pointer; ``defaults`` says where
    the environment's role, keys, network, tags or region stand. ``parameters`` are those whose default stands in the
    environments.
    """

    environments: tuple[ImportedEnvironment, ...]
    values: Mapping[str, EnvironmentValue]
    defaults: Mapping[str, str]
    parameters: frozenset[str]
    guesses: tuple[Guess, ...]
    #: SMG133 for what differs and no environment can say, by JSON pointer.
    findings: Mapping[str, Finding]


def assign(unified: Unified, deployed: Mapping[str, DeployedFacts]) -> Assigned:
    """Gives every value that belongs to an environment its place there.

    ``deployed`` is what is known of the pipeline beside its definitions, by environment: its role and its tags are
    those of the environment, and steps with others keep them as values of their own.
    """
    return _Assignment(unified, tuple(deployed.get(name, DeployedFacts()) for name in unified.environments)).assigned()


@dataclass
class _Assignment:
    unified: Unified
    deployed: tuple[DeployedFacts, ...]
    values: dict[str, EnvironmentValue] = field(default_factory=dict[str, "EnvironmentValue"])
    defaults: dict[str, str] = field(default_factory=dict[str, str])
    guesses: list[Guess] = field(default_factory=list[Guess])
    findings: dict[str, Finding] = field(default_factory=dict[str, Finding])
    #: The values of each table of the environments, by name.
    tables: dict[EnvironmentKind, dict[str, Values]] = field(
        default_factory=lambda: {"image": {}, "model_package_group": {}, "value": {}}
    )
    buckets: dict[Values, str] = field(default_factory=dict["Values", str])
    parameters: dict[str, Values] = field(default_factory=dict[str, "Values"])
    #: The name of an entry by its table, its values, and the member that it is for.
    entries: dict[tuple[str, str, str], str] = field(default_factory=dict[tuple[str, str, str], str])
    #: The steps that have the same values at a member of the same name.
    owners: dict[tuple[str, str], set[str]] = field(default_factory=dict[tuple[str, str], "set[str]"])

    def assigned(self) -> Assigned:
        places = value_places(self.unified)
        self.count(places)
        self.count_buckets(places)
        for place in places:
            self.owners.setdefault((repr(place.values), place.member), set()).add(place.owner)
        for place in places:
            self.place(place)
        self.unplaced(places)
        for parameter in self.unified.definition.parameters:
            self.parameter(parameter.name, append_pointer(parameter.pointer, "DefaultValue"), parameter.default)
        environments = tuple(self.environment(number) for number in range(len(self.unified.environments)))
        return Assigned(
            environments,
            self.values,
            self.defaults,
            frozenset(self.parameters),
            tuple(self.guesses),
            self.findings,
        )

    # What is used most ----------------------------------------------------------------------------------------------

    def count(self, places: Sequence[ValuePlace]) -> None:
        """What environments fill in by themselves: as deployed pipelines have it, or as it stands in most places."""
        found: dict[str, list[Values]] = {
            name: [] for name in (*_FILLED.values(), "role", "output_kms_key", "account", "region")
        }
        for place in places:
            found["account"].append(tuple(map(account_in, place.values)))
            found["region"].append(tuple(map(region_in, place.values)))
            name = _filled(place)
            if name is not None:
                found[name].append(place.values)
        self.filled = {name: self.most(values) for name, values in found.items()}
        self.filled["tags"] = self.environment_tags(found["tags"])
        for name, given in (
            ("account", [item.account for item in self.deployed]),
            ("region", [item.region for item in self.deployed]),
            ("role", [item.role for item in self.deployed]),
        ):
            self.filled[name] = self.known(given, self.filled[name])
        for number, name in enumerate(self.unified.environments):
            if self.deployed[number].region is None:
                regions = [values[number] for values in found["region"]]
                self.guess_region(name, Counter(item for item in regions if isinstance(item, str)))

    def guess_region(self, environment: str, regions: Counter[str]) -> None:
        """Tells that what the environment has stands in several regions, of which only one is its own."""
        if len(regions) > 1:
            taken = self.filled["region"]
            own = None if taken is None else taken[self.unified.environments.index(environment)]
            counts = ", ".join(f"{region} {_times(count)}" for region, count in regions.most_common())
            words = f"what the definition names lies in several regions ({counts}); {own} was taken for the pipeline's"
            self.guesses.append(Guess(f"the region of {environment}", words))

    def most(self, found: Sequence[Values]) -> Values | None:
        """The values that stand in most places; of equally many the first ones. None where nothing stands anywhere.

        Places that differ only in that one environment has nothing there count for the fuller ones.
        """
        counts: dict[str, int] = {}
        full: dict[str, Values] = {}
        for values in found:
            if all(item is None for item in values):
                continue
            counts[repr(values)] = counts.get(repr(values), 0) + 1
            full.setdefault(repr(values), values)
        best = max(counts, key=lambda key: (None not in full[key], counts[key]), default=None)
        return None if best is None else full[best]

    @staticmethod
    def known(given: Sequence[str | None], most: Values | None) -> Values | None:
        """The values that the deployed pipelines say, with those that stand in most places where one says nothing."""
        if all(item is None for item in given):
            return most
        others: Sequence[JsonValue] = (None,) * len(given) if most is None else most
        return tuple(item if item is not None else other for item, other in zip(given, others, strict=True))

    def environment_tags(self, found: Sequence[Values]) -> Values | None:
        """The tags of steps that are those of the environments: the pipeline itself carries them.

        So are those that not all environments have, or that others have more of: only an environment can say that.
        """
        lacking = [values for values in found if len({tuple(tags_of(item) or ()) for item in values}) > 1]
        if lacking:
            words = (
                "not every environment has the same tags, so that they are the environments', and the pipeline's too"
            )
            self.guesses.append(Guess("the tags of steps", words))
            return self.most(lacking)
        carried = [values for values in found if self.is_carried(values)]
        return self.most(carried)

    def is_carried(self, tags: Values) -> bool:
        """Whether the pipeline has these tags in every environment, and no others."""
        pairs = zip(self.deployed, tags, strict=True)
        return all(facts.tags is not None and facts.tags == (tags_of(item) or {}) for facts, item in pairs)

    def count_buckets(self, places: Sequence[ValuePlace]) -> None:
        """The bucket of most places is the environment's; the others get names of the places that they are used in."""
        counts: dict[Values, int] = {}
        named: dict[Values, str] = {}
        for place in places:
            buckets = place.values if place.is_bucket else _buckets(place.values)
            is_image = any(isinstance(item, str) and REGISTRY.search(item) for item in place.values)
            if buckets is not None and not is_image:
                counts[buckets] = counts.get(buckets, 0) + 1
                named.setdefault(buckets, f"{self.name_of_place(place, location=True)}_bucket")
        best = max(counts, key=lambda key: counts[key], default=None)
        self.main_bucket = best
        for bucket, name in named.items():
            if bucket != best:
                self.buckets[bucket] = name

    # One place ------------------------------------------------------------------------------------------------------

    def place(self, place: ValuePlace) -> None:
        if place.member == "DefaultValue" and not place.kind:
            # The default of a parameter is looked at once more below.
            return
        default = self.default_of(place)
        if default is not None:
            self.defaults[place.pointer] = default
            return
        if is_optional(place.member) and None in place.values:
            # Only some environments have it, and others than in other steps.
            self.findings[place.pointer] = difference(self.unified, place.pointer, place.values)
            return
        if place.member in ("VpcConfig", "Tags"):
            self.whole(place)
            return
        value = self.value(place)
        if value is not None:
            self.values[place.pointer] = value

    def default_of(self, place: ValuePlace) -> str | None:
        """The name of what an environment fills in by itself, where that stands here."""
        if place.kind in _WITHOUT_CONTRACT or place.is_bucket or "/Std:Join/" in place.pointer:
            return None
        name = _filled(place)
        if name is not None and repr(place.values) == repr(self.filled[name]):
            return name
        return "region" if len(set(map(str, place.values))) > 1 and place.values == self.filled["region"] else None

    def whole(self, place: ValuePlace) -> None:
        """A network or tags that are not those of the environment: value by value, where their form is one."""
        first = place.values[0]
        if any(_skeleton(item) != _skeleton(first) for item in place.values):
            self.findings[place.pointer] = difference(self.unified, place.pointer, place.values)
            return
        for pointer, member, values in _inner(place.pointer, place.member, place.values):
            inner = replace(place, pointer=pointer, member=member, values=values)
            tag = _tag_at(first, pointer[len(place.pointer) :]) if place.member == "Tags" else None
            value = self.value(inner) if tag is None else self.tag(replace(inner, member=f"tag_{tag}"))
            if value is not None:
                self.values[pointer] = value

    def tag(self, place: ValuePlace) -> EnvironmentValue | None:
        """The value of a tag: the same in all steps that have the tag with it."""
        is_own = len(set(map(repr, place.values))) > 1 or _is_bound(place.values[0])
        return self.named("value", snake(place.member), place) if is_own else None

    def parameter(self, name: str, pointer: str, default: JsonValue) -> None:
        """The default of a parameter: in the code where it is the same but for its bucket, else in the environment."""
        values = self.unified.values(pointer, default)
        if default is None and len(set(map(repr, values))) == 1:
            return
        value = self.in_bucket(ValuePlace(pointer, "DefaultValue", values, name))
        if value is not None:
            self.values[pointer] = value
        elif len(set(map(repr, values))) > 1 or any(map(_is_bound, values)):
            self.parameters[name] = values

    def value(self, place: ValuePlace) -> EnvironmentValue | None:
        """What is written in place of a plain value; None where it is the same everywhere and bound to nothing."""
        same = len(set(map(repr, place.values))) == 1
        texts = [item for item in place.values if isinstance(item, str)]
        if len(texts) < len(place.values):
            return None if same else self.named("value", self.name_of_place(place), place)
        if place.is_bucket:
            return self.bucket_name(place.values)
        known = self.resource(place, texts, same=same) or self.in_bucket(place)
        if known is not None or (same and not _is_bound(texts[0])):
            return known
        is_role = place.member in _ROLE_MEMBERS and any(item.role is not None for item in self.deployed)
        return self.named("value", "job_role" if is_role else self.name_of_place(place), place)

    def resource(self, place: ValuePlace, texts: Sequence[str], *, same: bool) -> EnvironmentReference | None:
        """An image or a group of models; None for anything else."""
        if all(map(REGISTRY.fullmatch, texts)) or (place.member in _IMAGE_MEMBERS and not same):
            return self.named("image", _image_name(texts), place)
        groups = [_GROUP_ARN.fullmatch(text) for text in texts]
        if all(groups) or (place.member == _GROUP_MEMBER and not same):
            own = [group[1] if group else text for group, text in zip(groups, texts, strict=True)]
            return self.named("model_package_group", _common_name(own) or "models", place)
        return None

    def in_bucket(self, place: ValuePlace) -> EnvironmentValue | None:
        """A text that is the same everywhere but for the bucket in it."""
        buckets = _buckets(place.values)
        if buckets is None:
            return None
        rests: set[tuple[str, str]] = set()
        for text in place.values:
            found = _BUCKET.search(text) if isinstance(text, str) else None
            if not isinstance(text, str) or found is None:
                return None
            before, after = text[: found.start(1)], text[found.end(1) :]
            if _BUCKET.search(after) or OF_ACCOUNT.search(before + after):
                return None
            rests.add((before, after))
        if len(rests) != 1:
            return None
        ((before, after),) = rests
        if buckets == self.main_bucket and before == "s3://":
            reference = EnvironmentReference("bucket")
        else:
            reference = self.bucket_name(buckets)
        parts: list[str | EnvironmentReference] = [before, reference]
        return EnvironmentText((*parts, after) if after else tuple(parts))

    def bucket_name(self, buckets: Values) -> EnvironmentReference:
        """The name of a bucket as a text of its own."""
        name = "bucket" if buckets == self.main_bucket else self.buckets.get(buckets, "other_bucket")
        table = self.tables["value"]
        while name in table and table[name] != buckets:
            name += "_2"
        table[name] = buckets
        if buckets != self.main_bucket:
            self.buckets[buckets] = name
        return EnvironmentReference("value", name)

    def named(self, kind: EnvironmentKind, name: str, place: ValuePlace) -> EnvironmentReference:
        """The entry of a table for these values: the one that has them already, or a new one."""
        table = self.tables[kind]
        # What is bound to an account is one thing wherever it stands; a number is another one for each member.
        bound = kind != "value" or any(map(_is_bound, place.values))
        key = (kind, repr(place.values), "" if bound else place.member)
        if key in self.entries:
            return EnvironmentReference(kind, self.entries[key])
        if not bound and len(self.owners.get((repr(place.values), place.member), ())) > 1:
            name = snake(place.member)
        if name in table and kind == "image":
            name = f"{name}-{_image_tag(place.values)}"
        own = free(name, table.__contains__)
        table[own] = place.values
        self.entries[key] = own
        return EnvironmentReference(kind, own)

    def name_of_place(self, place: ValuePlace, *, location: bool = False) -> str:
        """A name for what stands at a place: the parameter's, or the step's with that of the member."""
        if place.member == "DefaultValue":
            return _without_location(snake(place.owner)) if location else snake(place.owner)
        own = snake(place.owner)
        ends = [snake(name) for name in place.way[-1:]]
        if location:
            words = _without_location("_".join(ends)) if ends else ""
            return "_".join(filter(None, (own, words)))
        return "_".join((own, *ends, snake(place.member)))

    def unplaced(self, places: Sequence[ValuePlace]) -> None:
        """SMG133 for what differs and can be no value of an environment: a duration of a cache, a step's title."""
        known = {place.pointer for place in places}
        defaults = {append_pointer(item.pointer, "DefaultValue") for item in self.unified.definition.parameters}
        for pointer, values in self.unified.varying.items():
            if pointer not in known | defaults:
                self.findings[pointer] = difference(self.unified, pointer, values)

    # The environments -----------------------------------------------------------------------------------------------

    def environment(self, number: int) -> ImportedEnvironment:
        def text(name: str) -> str | None:
            values = self.main_bucket if name == "bucket" else self.filled[name]
            item = None if values is None else values[number]
            return item if isinstance(item, str) else None

        network, tags = self.filled["network"], self.filled["tags"]
        used = set(self.defaults.values())
        own = network_of(network[number]) if network is not None and "network" in used else None
        return ImportedEnvironment(
            name=self.unified.environments[number],
            account=text("account"),
            region=text("region"),
            role=text("role") if "role" in used or self.deployed[number].role is not None else None,
            bucket=text("bucket"),
            kms_key=text("kms_key") if "kms_key" in used else None,
            output_kms_key=text("output_kms_key") if "output_kms_key" in used else None,
            subnets=own[0] if own is not None else (),
            security_group_ids=own[1] if own is not None else (),
            tags=(tags_of(tags[number]) or {}) if tags is not None and "tags" in used else {},
            images=self.texts("image", number),
            model_package_groups=self.texts("model_package_group", number),
            parameters=_scalars(self.parameters, number),
            values=_scalars(self.tables["value"], number),
        )

    def texts(self, kind: EnvironmentKind, number: int) -> dict[str, str]:
        found = {name: values[number] for name, values in self.tables[kind].items()}
        return {name: item for name, item in found.items() if isinstance(item, str)}


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _scalars(table: Mapping[str, Values], number: int) -> dict[str, Scalar]:
    found = {name: values[number] for name, values in table.items()}
    return {name: item for name, item in found.items() if isinstance(item, (str, int, float, bool))}


def _filled(place: ValuePlace) -> str | None:
    """What of an environment may stand at a place by itself: its role, keys, network or tags."""
    texts = [item for item in place.values if isinstance(item, str) and item]
    if len(texts) == len(place.values) and (place.member in _ROLE_MEMBERS or all(map(_ROLE.fullmatch, texts))):
        return "role"
    return _FILLED.get(place.member) or ("output_kms_key" if place.member.endswith("KmsKeyId") else None)


def _is_bound(value: JsonValue) -> bool:
    """Whether a text looks bound to an account: an ARN, a queue, a subnet, an image in a registry."""
    return isinstance(value, str) and (OF_ACCOUNT.search(value) or REGISTRY.search(value)) is not None


def _buckets(values: Values) -> Values | None:
    """The first bucket in each text; None where one has none."""
    found = [_BUCKET.search(item) if isinstance(item, str) else None for item in values]
    names = tuple(item[1] for item in found if item is not None)
    return names if len(names) == len(values) else None


def _image_name(texts: Sequence[str]) -> str:
    """The name of an image: that of its repository, without what all images of AWS are called."""
    found = REGISTRY.search(texts[0])
    path = found[2] if found is not None else texts[0]
    repository = re.split("[:@]", path.rpartition("/")[2])[0] or path
    name = re.sub(r"[^a-z0-9]+", "-", repository.lower()).strip("-").removeprefix("sagemaker-")
    return name or "image"


def _image_tag(values: Values) -> str:
    """The tag of an image, for the name of another one of its repository."""
    tag = str(values[0]).rpartition("/")[2].partition(":")[2]
    return re.sub(r"[^a-z0-9]+", "-", tag.lower()).strip("-")[:40] or "other"


def _common_name(names: Sequence[str]) -> str:
    """The words that several names share, in the first one's order."""
    words = [snake(name).split("_") for name in names]
    return "_".join(word for word in words[0] if all(word in other for other in words))


def _without_location(name: str) -> str:
    words = name.split("_")
    while len(words) > 1 and words[-1] in _LOCATION_WORDS:
        words.pop()
    return "_".join(words)


def _tag_at(tags: JsonValue, pointer: str) -> str | None:
    """The key of the tag whose value stands at a pointer in a list of tags; None for any other place."""
    number, _, member = pointer.removeprefix("/").partition("/")
    return text_at(tags, int(number), "Key") if member == "Value" and number.isdecimal() else None


def _skeleton(value: JsonValue) -> JsonValue:
    return with_plain(value, lambda _: None)


def _inner(at: str, member: str, values: Values) -> Iterator[tuple[str, str, Values]]:
    """The plain values inside values of one form."""
    if not is_container(values[0]):
        yield at, member, values
    for part, _ in children(values[0]):
        inner = tuple(json_at(item, part) for item in values)
        yield from _inner(append_pointer(at, part), part if isinstance(part, str) else member, inner)
