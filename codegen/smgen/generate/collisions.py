"""Names that would meet, hide each other, or mean something else to Python in generated code."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from smgen.contract_model import ARTIFACT_TYPES_FILE, ArtifactTypes, StepContract, module_name, python_identifier
from smgen.diagnostics import Finding, Place, Subject
from smgen.documents import append_pointer
from smgen.generate.annotations import HOMES, names
from smgen.generate.config_models import ConfigModel
from smgen.generate.views import ModuleView, generated_classes

#: Modules that every generated package has beside those of the contracts, and the stem of its manifest.
FIXED_MODULES: Final = ("__init__", "all", "artifact_types", "manifest")


def _homes(*, of_smgen: bool) -> list[str]:
    """The names in annotations that are of smgen, or the others."""
    return [name for name, home in HOMES.items() if (home == "smgen.runtime") is of_smgen]


#: What each module of a contract defines or may import under a fixed name, with words for it.
_FIXED_NAMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("CONTRACT", "Config", "Proxy", "Ranges", "StepBuilder"), "a name of every generated module"),
    **dict.fromkeys(
        ("Annotated", "ClassVar", "Field", "Self", "TypeAliasType", "TypedDict", "Unpack", *_homes(of_smgen=False)),
        "an import",
    ),
    **dict.fromkeys(
        (
            *_homes(of_smgen=True),
            "Artifact",
            "StepConfig",
            "StepContract",
            "TuningBuilder",
            "TuningSettings",
            "load_contract",
        ),
        "a class of smgen.runtime",
    ),
}


def is_fixed_name(name: str) -> bool:
    """Whether generated modules have something else of that name already, such as a class of smgen.runtime."""
    return name in _FIXED_NAMES


def type_collisions(types: ArtifactTypes) -> Iterator[Finding]:
    """Artifact types that have the name of something that generated modules import or define."""
    for name in types:
        if name in _FIXED_NAMES:
            yield Finding(
                "SMG107",
                f"the artifact type {name} has the name of {_FIXED_NAMES[name]}, which stands in the same modules",
                Place(file=ARTIFACT_TYPES_FILE, pointer=append_pointer("/types", name)),
                given=name,
                expected="a name of its own",
                fix="rename the artifact type",
            )


def package_findings(types: ArtifactTypes) -> Iterator[Finding]:
    """SMG106 for packages that own an artifact type and cannot be written in an import statement."""
    for name, declared in types.items():
        parts = (declared.package or "package").split(".")
        if any(python_identifier(part) != part and not part.startswith("_") for part in parts):
            yield Finding(
                "SMG106",
                f"the package that owns the artifact type {name} cannot be imported",
                Place(file=ARTIFACT_TYPES_FILE, pointer=append_pointer("/types", name)),
                given=declared.package,
                expected="Python names with dots between them, none of which is a keyword",
            )


def module_collisions(contract: StepContract, config: ConfigModel, types: ArtifactTypes) -> Iterator[Finding]:
    """Contracts whose module is one that every package has, and two things of one name in the module."""
    module = module_name(contract.name)
    if module in FIXED_MODULES:
        yield Finding(
            "SMG107",
            f"the contract {contract.name} becomes the module {module}, and every generated package has a {module}",
            contract.place("/name"),
            given=contract.name,
            expected="a name of its own",
            fix="rename the contract",
            about=Subject(contract=contract.name, field=module),
        )
    taken: dict[str, str] = dict(_FIXED_NAMES)
    for name in types:
        taken.setdefault(name, "an artifact type")
    for name in config.aliases:
        if name in taken:
            yield _meeting(contract, "", name, "the type of a config value", taken[name])
        taken[name] = "the type of a config value"
    for name, pointer in generated_classes(contract):
        what = "a class of a report" if pointer else "a class of the contract"
        if name in taken:
            yield _meeting(contract, pointer, name, what, taken[name])
        taken.setdefault(name, what)


def defined_names(contract: StepContract, config: ConfigModel) -> Iterator[str]:
    """The names that the module of a contract defines itself, and that no artifact type may have."""
    yield from config.aliases
    yield from (name for name, _ in generated_classes(contract))


def hiding_names(contract: StepContract, config: ConfigModel, view: ModuleView) -> Iterator[Finding]:
    """Members of generated classes that would hide a name which the class itself uses."""
    for scope, members, used in _scopes(config, view):
        for name, pointer in members:
            if name in used:
                yield _hiding(contract, pointer, name, scope)


def _scopes(config: ConfigModel, view: ModuleView) -> Iterator[tuple[str, list[tuple[str, str]], Collection[str]]]:
    """The generated classes in words, with the names of their members and the pointers of these, and what each uses."""
    of_config = config.used
    yield "the config", [(item.name, item.pointer) for item in config.fields], of_config
    classes = [*view.reports, view.proxy]
    if view.tuning is not None:
        used = {one.name for item in view.tuning.fields for one in names(item.annotation)}
        # What the config uses as well is told of the config.
        yield (
            f"the class {view.tuning.ranges}",
            [(item.name, item.pointer) for item in view.tuning.fields],
            used - of_config,
        )
        classes.append(view.tuning.job)
    for one in classes:
        members = [(item.name, item.annotation, item.pointer) for item in one.properties]
        members += [(item.name, item.annotation, item.pointer) for item in one.tombstones]
        used = {"property", *(one.name for _, annotation, _ in members for one in names(annotation))}
        yield f"the class {one.name}", [(name, pointer) for name, _, pointer in members], used
    arguments = [(item.name, item.pointer) for item in view.builder.ports]
    arguments += [(item.name, item.pointer) for item in view.builder.tombstones]
    yield "the step builder's constructor", arguments, ("super", view.config, view.proxy.name)


def _meeting(contract: StepContract, pointer: str, name: str, what: str, other: str) -> Finding:
    return Finding(
        "SMG107",
        f"two things in the generated module of {contract.name} would be named {name}: {other}, and {what}",
        contract.place(pointer or "/name", key=bool(pointer)),
        given=name,
        expected="names that do not meet",
        fix="rename one of the two",
        about=Subject(contract=contract.name, field=name),
    )


def _hiding(contract: StepContract, pointer: str, name: str, scope: str) -> Finding:
    return Finding(
        "SMG107",
        f"the name {name} would hide the {name} that {scope} of {contract.name} uses itself",
        contract.place(pointer),
        given=name,
        expected="another name",
        fix="rename it in the contract",
        about=Subject(contract=contract.name, field=name),
    )
