"""Job-type variants of a contract: each one's own document, merged from the contract and what the variant states.

The merge is that of JSON merge patches (RFC 7396): objects by member, null removes, everything else is replaced. A hole
and a schema with a ``$ref`` are one thing, so they are replaced whole. Every part of a merged document knows where it
was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from smgen.contract_model.json_reading import text
from smgen.contract_model.names import class_name
from smgen.contract_model.step_contract import Origin, place_of_origin
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import Document, JsonObject, JsonValue, append_pointer, object_at, pointer

#: The member of a contract document that lists its variants.
#: The member of a request that says that it is given in part.
USUAL: Final = "$usual"
VARIANTS: Final = "variants"

#: The member of a generated document that says which variant of which family it is.
VARIANT_OF: Final = "variant_of"

#: What a variant may state; the published schema lists the same.
STATED_MEMBERS: Final = (
    "description",
    "inputs",
    "outputs",
    "settings",
    "hyperparameters",
    "environment",
    "source",
    "request",
    "step_fields",
    "deprecated",
)

#: Members of which the values hold holes; in all others an object with a ``$ref`` is a schema.
_WITH_HOLES: Final = (("request",), ("step_fields",))


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a contract: a document of the form of a contract, and where its parts were written.

    ``document`` has the name of the variant's own contract and no ``variants``. ``origins`` are by pointers of
    ``document``; ``shared`` are the pointers of objects that the contract and the variant both state members of.
    """

    job_type: str
    document: JsonObject
    source: Document
    origins: dict[str, Origin]
    shared: frozenset[str]
    findings: tuple[Finding, ...]

    @property
    def file(self) -> str:
        """The file of the contract, as findings show it."""
        return self.source.file

    @property
    def value(self) -> JsonValue:
        """The merged document."""
        return self.document

    def place(self, pointer: str, *, key: bool = False) -> Place:
        """Where a part of the merged document was written."""
        return _place(self.source, self.origins, pointer, key=key)

    def generated_document(self, family: str, inlined: JsonObject) -> JsonObject:
        """The merged document without references, with the note which variant it is: as generated modules carry it."""
        document: JsonObject = {"name": inlined.get("name")}
        document[VARIANT_OF] = {"family": family, "job_type": self.job_type}
        return {**document, **inlined}


def without_variants(document: JsonObject) -> JsonObject:
    """The contract's own members."""
    return {key: value for key, value in document.items() if key != VARIANTS}


def variant_name(family: str, job_type: str) -> str:
    """The name of a variant's own contract: ``Preprocessing`` and ``calibration`` give ``PreprocessingCalibration``."""
    return family + class_name(job_type).removesuffix("_")


def variants_of(base: JsonObject, source: Document, origins: Mapping[str, Origin]) -> Iterator[Variant]:
    """The variants that ``source`` lists, in written order, each merged over ``base``.

    ``base`` is the contract's own document with its references inlined, ``origins`` where the inlined parts stand.
    Members of a variant that have the wrong form are merged as they are. Each variant has the findings of its merge:
    SMG103 for a null that removes nothing.
    """
    for job_type, stated in object_at(source.value, VARIANTS).items():
        yield _Merge(job_type, source, origins, dict(origins)).variant(base, object_at(stated))


@dataclass(slots=True)
class _Merge:
    """The merge of one variant."""

    job_type: str
    source: Document
    base_origins: Mapping[str, Origin]
    origins: dict[str, Origin]
    shared: list[str] = field(default_factory=list[str])
    findings: list[Finding] = field(default_factory=list[Finding])

    def variant(self, base: JsonObject, stated: JsonObject) -> Variant:
        if "request" in stated:
            # What a contract leaves to what is usual, its variants do, too.
            base = {**base, "request": base.get("request", {USUAL: True})}
        document = self.merged(base, stated, ())
        name = base.get("name")
        if isinstance(name, str):
            document["name"] = variant_name(name, self.job_type)
            self.origins["/name"] = self.stated_at(())
        return Variant(self.job_type, document, self.source, self.origins, frozenset(self.shared), tuple(self.findings))

    def stated_at(self, parts: tuple[str, ...]) -> Origin:
        return Origin(self.source, pointer(VARIANTS, self.job_type, *parts))

    def merged(self, base: JsonObject, stated: JsonObject, parts: tuple[str, ...]) -> JsonObject:
        """``base`` with what the variant states; ``parts`` is the place of both in the merged document."""
        at = pointer(*parts)
        inherited = {key: self.inherited(append_pointer(at, key)) for key in base if key not in stated}
        self.origins[at] = self.stated_at(parts)
        self.shared.append(at)
        for key, origin in inherited.items():
            self.origins[append_pointer(at, key)] = origin
        result: JsonObject = {}
        for key, member in base.items():
            if key not in stated:
                result[key] = member
                continue
            value, below = stated[key], (*parts, key)
            if isinstance(value, dict) and isinstance(member, dict) and _mergeable(value, member, below):
                result[key] = self.merged(member, value, below)
                continue
            self.replaced(below)
            if value is not None:
                result[key] = self.new(value, below)
        added = {key: value for key, value in stated.items() if key not in base}
        return result | self.added(added, base, parts)

    def added(self, members: JsonObject, base: JsonObject, parts: tuple[str, ...]) -> JsonObject:
        """The members that a variant states and ``base`` has not."""
        result: JsonObject = {}
        for key, value in members.items():
            below = (*parts, key)
            self.replaced(below)
            if value is not None:
                result[key] = self.new(value, below)
            elif parts == ("request",) and USUAL in base:
                # It leaves a usual member out.
                result[key] = None
            else:
                self.removes_nothing(below, base)
        return result

    def inherited(self, at: str) -> Origin:
        """Where a part that the variant does not state was written."""
        found = place_of_origin(self.base_origins, at)
        return Origin(self.source, at) if found is None else Origin(found[0].document, found[1])

    def replaced(self, parts: tuple[str, ...]) -> None:
        """Everything at and below a place is the variant's."""
        at = pointer(*parts)
        for known in [name for name in self.origins if name.startswith(f"{at}/")]:
            del self.origins[known]
        self.origins[at] = self.stated_at(parts)

    def new(self, value: JsonValue, parts: tuple[str, ...]) -> JsonValue:
        """A value of the variant with nothing below it to merge with: null members remove nothing."""
        if not isinstance(value, dict) or _whole(value, parts):
            return value
        result: JsonObject = {}
        for key, member in value.items():
            if member is None:
                self.removes_nothing((*parts, key), {})
            else:
                result[key] = self.new(member, (*parts, key))
        return result

    def removes_nothing(self, parts: tuple[str, ...], base: JsonObject) -> None:
        name = parts[-1]
        names = tuple(key for key in base if len(parts) > 1 or key in STATED_MEMBERS)
        place = self.source.place(self.stated_at(parts).pointer)
        self.findings.append(
            Finding(
                "SMG103",
                f"the variant '{self.job_type}' removes '{name}', and there is none",
                place,
                given=name,
                expected=", ".join(names) or "nothing to remove",
                nearest=nearest_name(name, names),
                fix="leave the null out, or name what is to go",
            )
        )


def _mergeable(stated: JsonObject, base: JsonObject, parts: tuple[str, ...]) -> bool:
    return not _whole(stated, parts) and not _whole(base, parts)


def _whole(value: JsonObject, parts: tuple[str, ...]) -> bool:
    """Whether an object is one thing and no set of members: a hole, or a reference to a schema."""
    composed = parts[:1] == ("outputs",) and parts[2:3] == ("value",)
    if composed or parts[:1] in _WITH_HOLES:
        return any(key.startswith("$") and key != USUAL for key in value)
    return isinstance(value.get("$ref"), str)


def _place(source: Document, origins: Mapping[str, Origin], at: str, *, key: bool = False) -> Place:
    origin = place_of_origin(origins, at)
    if origin is None:
        return source.place(at, key=key)
    return origin[0].document.place(origin[1], key=key)


def told_once(
    variant: Variant, found: Iterable[Finding], base: Iterable[Finding], base_origins: Mapping[str, Origin]
) -> Iterator[Finding]:
    """What is wrong with a variant, so that every mistake is told once and where it was made.

    What is wrong with the contract without its variants as well (``base``) is told as it is there. What only the
    variant makes wrong, and stands in the contract's own part, names the variant.
    """
    known = {_mistake(finding, finding.place): finding for finding in base}
    inside = pointer(VARIANTS, variant.job_type)
    for finding in found:
        place = finding.place
        at = place.pointer or ""
        own = place.file == variant.file and (at == inside or at.startswith(f"{inside}/"))
        if own and _owner(variant, at[len(inside) :]) in variant.shared:
            place = _place(variant.source, base_origins, at[len(inside) :])
        same = known.get(_mistake(finding, place))
        if same is not None:
            yield same
        elif own:
            yield finding
        else:
            yield replace(finding, message=f"{finding.message}, in the variant '{variant.job_type}'")


def _mistake(finding: Finding, place: Place) -> Finding:
    return finding.bare(Place(file=place.file, pointer=place.pointer), finding.given)


def _owner(variant: Variant, at: str) -> str | None:
    """The innermost part of the merged document with a place of its own that holds ``at``."""
    found = (base for base in variant.origins if at == base or at.startswith(f"{base}/"))
    return max(found, key=len, default=None)


def family_of(document: JsonObject) -> tuple[str, str | None]:
    """The family and the job type that a generated document notes; '' and None for any other contract."""
    noted = object_at(document, VARIANT_OF)
    family, job_type = text(noted.get("family")), text(noted.get("job_type"))
    return (family, job_type) if family and job_type else ("", None)
