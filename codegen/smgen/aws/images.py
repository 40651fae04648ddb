"""The URI of an AWS image by framework, version, region and machine: what the SDK's ``image_uris.retrieve`` answers.

Nothing is fetched and no SDK is needed: the table that ships with smgen holds what the SDK's holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from smgen.aws.image_table import (
    EVERY_SCOPE,
    FrameworkRow,
    ScopeRow,
    VersionRow,
    image_table,
    registry_host,
)
from smgen.aws.step_kinds import step_kind
from smgen.diagnostics import nearest_name

ImageQuestion: TypeAlias = Literal[
    "framework",
    "version",
    "region",
    "machine",
    "scope",
    "py_version",
    "base_framework_version",
    "container_version",
    "sdk_version",
    "inference_tool",
]
"""The part of a request that has no answer."""


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """What an image is asked for by; the names are those of the SDK's ``image_uris.retrieve``.

    ``version`` may be a short form that the table knows (``"2.1"``); it is '' for an image that has no versions. The
    machine is given as ``instance_type`` (``"ml.m5.xlarge"``), or as one of `ACCELERATORS`, which then counts. Without
    a ``scope`` the framework must have one only, or the same images for all.
    """

    framework: str
    version: str = ""
    region: str | None = None
    instance_type: str | None = None
    accelerator: str | None = None
    scope: str | None = None
    py_version: str | None = None
    base_framework_version: str | None = None
    container_version: str | None = None
    sdk_version: str | None = None
    inference_tool: str | None = None
    training_compiler: bool = False
    smdistributed: bool = False


@dataclass(frozen=True, slots=True)
class ImageProblem:
    """Why there is no image: the part of the request that is wrong or missing, and what would be right.

    ``message`` is a clause; ``given`` is None where something is missing; ``expected`` are the values that the table
    knows, as far as they can be listed.
    """

    at: ImageQuestion
    message: str
    given: str | None = None
    expected: tuple[str, ...] = ()
    nearest: str | None = None

    @property
    def known(self) -> str | None:
        """What would be right in words, of many the last ones, which are new versions; None if nothing is known."""
        more = len(self.expected) - _SHOWN
        # A list that is one name longer than the rest would be is no shorter for being cut.
        if more <= 1:
            return ", ".join(self.expected) or None
        return f"{', '.join(self.expected[-_SHOWN:])} and {more} more"


@dataclass(frozen=True, slots=True)
class _Image:
    """An image without its registry: ``repository:tag``, and the accounts by region."""

    name: str
    registries: Mapping[str, str]


class _NoImageError(Exception):
    """Carries a problem out of the resolution."""

    def __init__(self, problem: ImageProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


_SHOWN: Final = 12
#: Repositories whose containers run a script of the user's.
_OF_FRAMEWORKS: Final = re.compile(r"(?:huggingface-)?(?:pytorch|tensorflow|mxnet)-training.*|sagemaker-scikit-learn")
_REGISTRY: Final = re.compile(r"(\d{12})\.dkr\.ecr\.")

ACCELERATORS: Final = ("cpu", "gpu", "inf", "trn", "graviton", "inf2", "neuronx")
"""What may stand for the machine in a request: kinds of machines, and processors that the table calls by a name."""

#: A family of machines for each kind.
_FAMILIES: Final[Mapping[str, str]] = {"cpu": "m5", "gpu": "g5", "inf": "inf2", "trn": "trn1", "graviton": "m6g"}
_INSTANCE_TYPE: Final = re.compile(r"ml[._]([a-z\d-]+)\.?\w*")

# What follows is written into the SDK's code and not into its table (sagemaker-core, image_uris.py and fw_utils.py).
_GRAVITON: Final = ("m6g", "m6gd", "c6g", "c6gd", "c6gn", "c7g", "r6g", "r6gd")
_ON_GRAVITON: Final = ("pytorch", "sklearn", "tensorflow", "xgboost")
_GRAVITON_SCOPE: Final = "inference_graviton"
_ON_TRAINIUM: Final = ("pytorch",)
_ONE_IMAGE_FOR_BOTH: Final = ("sklearn", "xgboost")
_ARM_TAGS: Final[Mapping[str, Mapping[str, str]]] = {
    "xgboost": {"1.5-1": "1.5-1-arm64", "1.3-1": "1.3-1-arm64"},
    "sklearn": {"1.0-1": "1.0-1-arm64-cpu-py3"},
}
_COMPILED: Final = ("huggingface", "pytorch")
_HUGGINGFACE: Final = "huggingface"
_NEURON_TOOLS: Final = ("neuron", "neuronx")
_COMPILER_REPOSITORIES: Final = ("huggingface-pytorch-trcomp-training", "huggingface-tensorflow-trcomp-training")
_NEURON_REPOSITORIES: Final = (
    "pytorch-training-neuron",
    "pytorch-training-neuronx",
    "huggingface-vllm-inference-neuronx",
)
_HUGGINGFACE_NEURON: Final = (
    "huggingface-pytorch-inference-neuron",
    "huggingface-pytorch-inference-neuronx",
)
_TAKES_CONTAINER_VERSION: Final = ("huggingface", "pytorch-smp", "spark")
#: The images for machines of the family p4d, and for smdistributed, have more in their tags.
_P4D_TAGS: Final[Mapping[str, str]] = {
    "tensorflow-2.3-gpu-py37": "cu110-ubuntu18.04-v3",
    "tensorflow-2.3.1-gpu-py37": "cu110-ubuntu18.04",
    "tensorflow-2.3.2-gpu-py37": "cu110-ubuntu18.04",
    "tensorflow-1.15-gpu-py37": "cu110-ubuntu18.04-v8",
    "tensorflow-1.15.4-gpu-py37": "cu110-ubuntu18.04",
    "tensorflow-1.15.5-gpu-py37": "cu110-ubuntu18.04",
    "mxnet-1.8-gpu-py37": "cu110-ubuntu16.04-v1",
    "mxnet-1.8.0-gpu-py37": "cu110-ubuntu16.04",
    "pytorch-1.6-gpu-py36": "cu110-ubuntu18.04-v3",
    "pytorch-1.6.0-gpu-py36": "cu110-ubuntu18.04",
    "pytorch-1.6-gpu-py3": "cu110-ubuntu18.04-v3",
    "pytorch-1.6.0-gpu-py3": "cu110-ubuntu18.04",
}
#: The first versions that run on no machine of the family p2.
_NOT_ON_P2: Final[Mapping[str, tuple[int, int]]] = {"pytorch": (1, 13), "tensorflow": (2, 12)}
#: The numbers of a version; no version has longer ones.
_VERSION_NUMBERS: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})*")
#: Versions are compared by their first two numbers.
_WITH_MINOR: Final = 2
_BASE_PYTHON: Final = "sagemaker-base-python"
_BASE_PYTHON_VERSIONS: Final = ("38", "310")


def image_uri(request: ImageRequest) -> str | ImageProblem:
    """The URI of the image that is asked for, or why there is none.

    The answer is that of the SDK whose release :func:`image_table_version` names. Only where the SDK would take
    another version than the one that is asked for, or ignore a ``container_version``, there is a problem here.
    """
    image = _found(request)
    if isinstance(image, ImageProblem):
        return image
    account = None if request.region is None else image.registries.get(request.region)
    if request.region is None or account is None:
        missing = request.region is None
        message = "a region is required" if missing else "the image is not in this region"
        return _no_image("region", message, request.region, image.registries).problem
    return f"{registry_host(account, request.region)}/{image.name}"


def image_name(request: ImageRequest) -> str | ImageProblem:
    """The image without its registry, which is the same in all regions: ``pytorch-training:2.1.0-gpu-py310``."""
    image = _found(request)
    return image if isinstance(image, ImageProblem) else image.name


def reports_metrics(uri: str) -> bool | None:
    """Whether the container of an image reports metrics by itself, as those of AWS's algorithms do.

    Containers that run code of others do not: images in registries that are none of AWS's for SageMaker, and AWS's
    images of frameworks. None for what is neither: another registry's image that is called like one of AWS's.
    """
    found = _REGISTRY.match(uri)
    if found is None:
        return None
    repository = re.split("[:@]", uri.rpartition("/")[2])[0]
    if any(found[1] in accounts.values() for accounts in image_table()["registries"]):
        return _OF_FRAMEWORKS.fullmatch(repository) is None
    stem = repository.removeprefix("sagemaker-").removesuffix("-training")
    return None if stem in image_frameworks() else False


def image_problem(request: ImageRequest) -> ImageProblem | None:
    """What is wrong with a request wherever it is made; None where some region has an image for it.

    Where no machine is given, an image for any of the processors of the table is enough.
    """
    image = _found(request)
    if not isinstance(image, ImageProblem):
        return None
    if image.at != "machine" or image.given is not None or not image.expected:
        return image
    found = [_found(replace(request, accelerator=processor)) for processor in image.expected]
    problems = [problem for problem in found if isinstance(problem, ImageProblem)]
    return problems[0] if len(problems) == len(found) else None


def image_frameworks() -> tuple[str, ...]:
    """The frameworks and algorithms of the table, sorted."""
    return tuple(image_table()["frameworks"])


def image_scopes(framework: str) -> tuple[str, ...]:
    """What a framework has images for, such as ``("training", "inference")``; empty for one that is not known."""
    row = image_table()["frameworks"].get(framework)
    return () if row is None else tuple(row["scopes"])


def image_versions(framework: str) -> tuple[str, ...]:
    """The versions of a framework with their short forms, in the SDK's order; empty for one that is not known."""
    row = image_table()["frameworks"].get(framework)
    scopes = () if row is None else tuple(row["images"].values())
    return tuple(dict.fromkeys(name for scope in scopes for name in _version_names(scope)))


def image_table_version() -> str:
    """The release of sagemaker-core whose table ships with smgen, such as ``2.27.0``."""
    return image_table()["sagemaker_core"]


def image_scope_of_kind(framework: str, kind: str) -> str | None:
    """The scope of a framework's image in a step of a kind; None where the framework has no such scope."""
    scopes = image_scopes(framework)
    return next((scope for scope in step_kind(kind).image_scopes if scope in scopes), None)


def _found(request: ImageRequest) -> _Image | ImageProblem:
    try:
        return _ImageSearch(request).image()
    except _NoImageError as error:
        return error.problem


def _version_names(scope: ScopeRow) -> tuple[str, ...]:
    return (*scope["versions"], *scope.get("aliases", {}))


def _no_image(at: ImageQuestion, message: str, given: str | None, expected: Iterable[str] = ()) -> _NoImageError:
    known = tuple(expected)
    nearest = None
    if given:
        nearest = _nearest_version(given, known) if at == "version" else nearest_name(given, known)
    return _NoImageError(ImageProblem(at, message, given, known, nearest))


def _nearest_version(given: str, known: Sequence[str]) -> str | None:
    """The nearest version by its numbers: 2.10 for 2.11, though 1.12 is spelt more like it."""
    near = nearest_name(given, known)
    wanted = _numbers(given)
    if len(wanted) < _WITH_MINOR or (near is not None and _numbers(near)[:_WITH_MINOR] == wanted[:_WITH_MINOR]):
        return near
    alike = [name for name in known if len(_numbers(name)) >= _WITH_MINOR and _numbers(name)[0] == wanted[0]]
    return min(alike, key=lambda name: (abs(_numbers(name)[1] - wanted[1]), len(name)), default=near)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers at the beginning of a version; none where it is not one of numbers, or of absurd length."""
    found = _VERSION_NUMBERS.match(version)
    return () if found is None else tuple(int(part) for part in found[0].split("."))


class _ImageSearch:
    """One request on its way through the table; the questions and their order are the SDK's."""

    def __init__(self, request: ImageRequest) -> None:
        self.request = request
        self.framework = request.framework
        self.family = _family(request)
        self.tool = request.inference_tool
        self.scope = request.scope
        #: What the table is about, for messages.
        self.what = ""

    def image(self) -> _Image:
        framework = self.framework
        if framework not in image_frameworks():
            message = "a framework is required" if not framework else f"there is no framework '{framework}'"
            raise _no_image("framework", message, framework or None, image_frameworks())
        if framework == _BASE_PYTHON:
            return self.base_python()
        row = self.scope_row(image_table()["frameworks"][self.table_name()])
        version = self.version(row)
        full = row.get("aliases", {}).get(version, version)
        py_version, image = self.of_python(self.of_base(row["versions"][full]))
        if "repository" not in image or "registries" not in image:
            # A table of huggingface's own: one has to ask for huggingface.
            message = f"{framework} has no images under its own name"
            raise _no_image("framework", message, framework, (_HUGGINGFACE,))
        processor = self.processor(row.get("processors") or image.get("processors") or [])
        prefix, container = self.ends_of_tag(row, image, image["repository"], version, processor)
        self.check_p2(version)
        if not image.get("processor_in_tag", True):
            processor = None
        parts = (prefix, self.tool or processor, py_version, container)
        tag = self.tag(version, "-".join(part for part in parts if part), processor)
        name = f"{image['repository']}:{tag}" if tag else image["repository"]
        return _Image(name, image_table()["registries"][image["registries"]])

    def ends_of_tag(
        self, row: ScopeRow, image: VersionRow, repository: str, version: str, processor: str | None
    ) -> tuple[str, str | None]:
        """What a tag begins with, and the version of the container with which it ends."""
        prefix = image.get("tag_prefix", version)
        container = self.container_version(image, repository, processor)
        if self.framework == _HUGGINGFACE:
            prefix, container = self.huggingface(row, repository, version, container)
        if repository in (f"{self.framework}-inference-graviton", f"{self.framework}-inference-arm64"):
            container = f"{container}-sagemaker"
        return prefix, container

    def base_python(self) -> _Image:
        """The SDK has a function of its own for this image: the Python version stands in the repository's name."""
        row = image_table()["frameworks"][self.framework]["images"][EVERY_SCOPE]
        version = self.version(row)
        image = row["versions"][version]
        py_version = (self.request.py_version or _BASE_PYTHON_VERSIONS[-1]).removeprefix("py")
        if py_version not in _BASE_PYTHON_VERSIONS:
            raise _no_image("py_version", "there is no such Python version", py_version, _BASE_PYTHON_VERSIONS)
        registries = image_table()["registries"][image.get("registries", 0)]
        return _Image(f"{self.framework}-{py_version}:{version}", registries)

    def table_name(self) -> str:
        """The framework whose rows hold the images; settles the scope and the tool."""
        framework, name = self.framework, self.framework
        if self.request.training_compiler and framework in _COMPILED:
            self.what = "the training compiler"
            return f"{framework}-training-compiler"
        if framework in (_HUGGINGFACE, *_ON_TRAINIUM):
            if not self.tool and self.family.startswith(("inf", "trn")):
                self.tool = "neuron"
            if self.tool in _NEURON_TOOLS:
                name = f"{framework}-{self.tool}"
                self.what = "Neuron"
        self.settle_scope()
        if name not in image_frameworks():
            tools = [tool for tool in _NEURON_TOOLS if f"{framework}-{tool}" in image_frameworks()]
            raise _no_image("inference_tool", f"{framework} has no images for this tool", self.tool, tools)
        return name

    def settle_scope(self) -> None:
        """The scope as far as the framework and the machine decide it; raises where they do not fit each other."""
        on_graviton, framework = self.family in _GRAVITON, self.framework
        if on_graviton and framework in _ON_GRAVITON:
            self.scope = _GRAVITON_SCOPE
        elif self.scope is None and framework in _ONE_IMAGE_FOR_BOTH:
            self.scope = "training"
        if self.family.startswith("trn") and framework not in _ON_TRAINIUM:
            raise self.wrong_machine("this framework has no images for Trainium", ())
        if on_graviton and framework not in _ON_GRAVITON:
            raise self.wrong_machine("this framework has no images for Graviton", ())

    def scope_row(self, row: FrameworkRow) -> ScopeRow:
        scopes = row["scopes"]
        if len(scopes) == 1:
            # The SDK takes the only one, whatever was asked for.
            self.scope = scopes[0]
        elif not self.scope and EVERY_SCOPE in row["images"] and set(scopes) == {"training", "inference"}:
            self.scope = scopes[0]
        if self.scope not in scopes:
            message = f"{self.framework} has no images for this scope" if self.scope else "a scope is required"
            raise _no_image("scope", message, self.scope, scopes)
        if not self.what:
            self.what = f"the scope {self.scope}"
        return row["images"].get(EVERY_SCOPE) or row["images"][self.scope]

    def version(self, row: ScopeRow) -> str:
        names = _version_names(row)
        given = self.request.version
        if given not in names:
            # The SDK takes the newest version, or the only one instead of another that was asked for.
            where = f" for {self.what}" if given in image_versions(self.framework) else ""
            message = f"{self.framework} has no version '{given}'{where}" if given else "a version is required"
            raise _no_image("version", message, given or None, names)
        return given

    def of_base(self, row: VersionRow) -> VersionRow:
        """The images for a base framework, where those of a version differ by it."""
        given = self.request.base_framework_version
        if self.framework != _HUGGINGFACE:
            return row
        bases, aliases = row.get("bases", {}), row.get("base_aliases", {})
        if given is None or aliases.get(given, given) not in bases:
            message = "there is no such base framework" if given else "the version of the base framework is required"
            raise _no_image("base_framework_version", message, given, (*bases, *aliases))
        return bases[aliases.get(given, given)]

    def of_python(self, row: VersionRow) -> tuple[str | None, VersionRow]:
        """The Python version that the tag has (None: none), and the images for it."""
        pythons = row.get("pythons", {})
        known = row.get("py_versions", []) or list(pythons)
        given = self.request.py_version
        if not known or (given is None and self.framework == "spark"):
            return None, row
        if given is None and len(known) == 1:
            given = known[0]
        if given is None or given not in known:
            message = "there is no image with this Python version" if given else "a Python version is required"
            raise _no_image("py_version", message, given, known)
        return given, pythons.get(given, row)

    def processor(self, known: list[str]) -> str | None:
        """The name of the machine's processor in the tag; None where all machines have one image."""
        if not known:
            return None
        if not self.family:
            if len(known) > 1:
                raise _no_image("machine", "an instance type or an accelerator is required", None, known)
            return known[0]
        if self.family in known:
            return self.family
        kind = "gpu" if self.family[0] in "gp" else "cpu"
        processor = next((name for name in ("inf", "trn") if self.family.startswith(name)), kind)
        if processor not in known:
            raise self.wrong_machine(f"there is no image for the processor {processor}", known)
        return processor

    def wrong_machine(self, message: str, known: Iterable[str]) -> _NoImageError:
        return _no_image("machine", message, self.request.accelerator or self.request.instance_type, known)

    def container_version(self, image: VersionRow, repository: str, processor: str | None) -> str | None:
        """The end of the tag: what the table says for the processor, or what was asked for."""
        given = self.request.container_version
        if "container_version" not in image:
            without = self.framework not in _TAKES_CONTAINER_VERSION and "neuron" not in repository
            if given is not None and without and repository != f"{self.framework}-inference-graviton":
                raise _no_image("container_version", "the tag of this image has no container version", given)
            return self.with_neuron(image, given) if repository in _NEURON_REPOSITORIES else given
        ends = image["container_version"]
        end = ends.get(processor or "")
        if end is None:
            raise self.wrong_machine(f"there is no image for the processor {processor}", ends)
        if given not in (None, end):
            raise _no_image("container_version", "the image has another container version", given, (end,))
        return self.with_neuron(image, end) if repository in _NEURON_REPOSITORIES + _HUGGINGFACE_NEURON else end

    def with_neuron(self, image: VersionRow, end: str | None) -> str:
        """The end of the tag behind the version of the Neuron SDK; the newest one where none is asked for."""
        known = image.get("sdk_versions", [])
        # As text, like the SDK.
        sdk = self.request.sdk_version or max(known, default=None)
        if sdk is None or sdk not in known:
            raise _no_image("sdk_version", "there is no image with this version of the Neuron SDK", sdk, known)
        if end is None:
            raise _no_image("container_version", "a container version is required", None)
        return f"{sdk}-{end}"

    def huggingface(self, row: ScopeRow, repository: str, version: str, end: str | None) -> tuple[str, str | None]:
        """The beginning of the tag, which names two frameworks, and its end."""
        full = row.get("aliases", {}).get(version, version)
        base = self.request.base_framework_version or ""
        if repository in _HUGGINGFACE_NEURON:
            base = row["versions"][full].get("base_aliases", {}).get(base, base)
        base = base.removeprefix("pytorch").removeprefix("tensorflow")
        return f"{base}-transformers{version if repository in _COMPILER_REPOSITORIES else full}", end

    def check_p2(self, version: str) -> None:
        numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
        first = _NOT_ON_P2.get(self.framework)
        if self.family == "p2" and first is not None and numbers >= first:
            raise self.wrong_machine(f"{self.framework} {version} does not run on machines of the family p2", ())

    def tag(self, version: str, tag: str, processor: str | None) -> str:
        framework = self.framework
        if framework in _ARM_TAGS:
            if self.scope != _GRAVITON_SCOPE:
                return tag
            if self.family and self.family not in _GRAVITON:
                raise self.wrong_machine("the images of this scope are for Graviton", _GRAVITON)
            if version not in _ARM_TAGS[framework]:
                message = f"{framework} {version} has no image for Graviton"
                raise _no_image("version", message, version, _ARM_TAGS[framework])
            return _ARM_TAGS[framework][version]
        if self.family == "p4d" or (self.family and self.request.smdistributed):
            end = _P4D_TAGS.get(f"{framework}-{tag}")
            tag = f"{tag}-{end}" if end else tag
        if framework == "sagemaker-tritonserver" and processor == "gpu":
            return tag.removesuffix("-gpu")
        return tag


def _family(request: ImageRequest) -> str:
    """The family of the machine, such as ``g5``; '' where none is said."""
    if request.accelerator is not None:
        if request.accelerator not in ACCELERATORS:
            raise _no_image("machine", "there is no such accelerator", request.accelerator, ACCELERATORS)
        return _FAMILIES.get(request.accelerator, request.accelerator)
    if request.instance_type is None:
        return ""
    match = _INSTANCE_TYPE.fullmatch(request.instance_type)
    if match is None:
        raise _no_image("machine", "it is no instance type, such as ml.m5.xlarge", request.instance_type)
    return match[1]
