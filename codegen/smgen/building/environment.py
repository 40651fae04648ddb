"""What differs between the accounts that one pipeline runs in: ``[tool.smgen.environments.<name>]``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar

from smgen.authoring.calls import checked_call, checked_class
from smgen.authoring.missing_values import MissingValues
from smgen.authoring.misuse import Attributes
from smgen.authoring.places import user_place
from smgen.authoring.raw import RawObject
from smgen.aws import ImageProblem, ImageRequest, image_name, image_uri
from smgen.diagnostics import Finding, FindingsError, Place, Subject, nearest_name
from smgen.documents import JsonValue

ParameterValue: TypeAlias = "str | int | float | bool"
V = TypeVar("V", str, int, float, bool)
#: Not bound to str: type checkers keep the very texts of ``choice`` only for a type that the place itself can give.
C = TypeVar("C")


@checked_class("Environment")
@dataclass(frozen=True)
class Environment(Attributes):
    """The values of one environment; every one of them is optional until a pipeline asks for it.

    ``bucket`` is a name, not a URI. ``output_location`` (default ``s3://<bucket>``) and ``asset_location`` (default
    ``s3://<bucket>/<pipeline>/code``) are S3 URIs. ``images`` and ``model_package_groups`` give names to image URIs
    and group names or ARNs; in ``images`` the name of a public image (``sagemaker-xgboost:1.7-1``) stands for a copy of
    it. ``parameters`` are defaults of pipeline parameters that differ here. ``place`` is where
    the environment is written, and ``parameter_places`` where each of those defaults is.

    ``values`` are whatever else differs between the accounts, by names of the project's own.

    Deploying uses ``asset_kms_key`` for what it uploads, ``asset_bucket_owner`` (default: ``account``) as the account
    whose bucket that must be, and ``max_parallel_steps`` (from 1) as the number of steps that may run at once.

    ``shared_accounts`` are other accounts whose resources pipelines use on purpose: lint tells of every other one.

    ``pipeline`` is the one that it says values for, where these are in it, and ``parameters_of_pipeline`` names those
    of the parameters that are given for that pipeline only.

    ``problems`` is what is wrong with values of the settings, and ``repairs`` has a legal one for each that cannot be
    right, by the setting's name. ``missing_values``, where it is given, keeps what is asked for in vain,
    and something else is answered; without it that raises.
    """

    name: str = "default"
    account: str | None = None
    region: str | None = None
    role: str | None = None
    bucket: str | None = None
    output_location: str | None = None
    asset_location: str | None = None
    kms_key: str | None = None
    output_kms_key: str | None = None
    subnets: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    images: Mapping[str, str] = field(default_factory=dict[str, str])
    model_package_groups: Mapping[str, str] = field(default_factory=dict[str, str])
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict[str, ParameterValue])
    values: Mapping[str, ParameterValue] = field(default_factory=dict[str, ParameterValue])
    asset_kms_key: str | None = None
    asset_bucket_owner: str | None = None
    max_parallel_steps: int | None = None
    shared_accounts: tuple[str, ...] = ()
    place: Place = field(default_factory=Place, compare=False)
    parameter_places: Mapping[str, Place] = field(default_factory=dict[str, Place], compare=False)
    pipeline: str | None = field(default=None, compare=False, repr=False)
    parameters_of_pipeline: tuple[str, ...] = field(default=(), compare=False, repr=False)
    problems: tuple[Finding, ...] = field(default=(), compare=False, repr=False)
    repairs: Mapping[str, str] = field(default_factory=dict[str, str], compare=False, repr=False)
    missing_values: MissingValues | None = field(default=None, compare=False, repr=False)

    @property
    def __smgen_name__(self) -> str:
        return f"the environment '{self.name}'"

    def repaired(self) -> Environment:
        """The environment with a legal value in the place of each that cannot be right.

        So that is told once, and not again by every step; nothing that is built with it may be written.
        """
        # The names are those of fields that hold texts, which no type checker can see.
        repairs: dict[str, Any] = dict(self.repairs)
        return replace(self, **repairs)

    def asset_folder(self, pipeline: str) -> str | None:
        """The S3 URI of the folder that the code of a pipeline is uploaded to; None without a bucket."""
        if self.asset_location is not None:
            return self.asset_location
        return None if self.bucket is None else f"s3://{self.bucket}/{pipeline}/code"

    def uri(self, path: str = "") -> str:
        """``path`` in this environment's bucket, as an S3 URI. Raises FindingsError (SMG211) without a bucket."""
        bucket = self.bucket
        if bucket is None:
            bucket = self._text_for(self.missing("bucket", "name of the bucket", user_place()), "bucket")
        return f"s3://{bucket}/{path}" if path else f"s3://{bucket}"

    def image(self, name: str) -> str:
        """The URI of an image by its name here. Raises FindingsError (SMG212) for an unknown one."""
        if name not in self.images:
            return self._text_for(self.missing_image(name, user_place()), name)
        return self.images[name]

    @checked_call("env.framework_image")
    def framework_image(
        self,
        framework: str,
        version: str = "",
        *,
        instance_type: str | None = None,
        accelerator: str | None = None,
        scope: str | None = None,
        py_version: str | None = None,
        base_framework_version: str | None = None,
        container_version: str | None = None,
        sdk_version: str | None = None,
        inference_tool: str | None = None,
        training_compiler: bool = False,
        smdistributed: bool = False,
    ) -> str:
        """The URI of a public image of AWS in this environment's region, found without a connection.

        ``framework`` and ``version`` are those of the SageMaker SDK, ``("xgboost", "1.7-1")``. Where images differ by
        processor, the machine is said by ``instance_type`` or by ``accelerator`` (``"cpu"``, ``"gpu"``, …); where they
        differ by use, that by ``scope`` (``"training"``, ``"inference"``, …). Raises FindingsError (SMG211) without a
        region, and (SMG212) where there is no such image.
        """
        request = ImageRequest(
            framework,
            version,
            None,
            instance_type,
            accelerator,
            scope,
            py_version,
            base_framework_version,
            container_version,
            sdk_version,
            inference_tool,
            training_compiler,
            smdistributed,
        )
        found = self.resolved_image(request, user_place())
        return self._text_for(found, "image") if isinstance(found, Finding) else found

    def resolved_image(self, request: ImageRequest, place: Place) -> str | Finding:
        """The URI of a public image here, of this environment's own copy where it has one; or an SMG211 or SMG212."""
        name = image_name(request)
        if isinstance(name, ImageProblem):
            return self._no_image(request, name, place)
        if name in self.images:
            return self.images[name]
        if self.region is None:
            return self.missing("region", "region of the account, on which the images' registry depends", place)
        found = image_uri(replace(request, region=self.region))
        return self._no_image(request, found, place) if isinstance(found, ImageProblem) else found

    def _no_image(self, request: ImageRequest, problem: ImageProblem, place: Place) -> Finding:
        title = f"{request.framework} {request.version}".rstrip()
        fix = f"write {problem.nearest}" if problem.nearest else None
        if problem.at == "region":
            fix = "copy the image to a registry of your own, and pass its URI"
        elif problem.at == "machine" and problem.given is None:
            fix = "say an instance type that is known when the pipeline is built, an accelerator, or the image's URI"
        return Finding(
            "SMG212",
            f"there is no image {title}: {problem.message}",
            place,
            given=problem.given,
            expected=problem.known,
            nearest=problem.nearest,
            fix=fix,
        )

    def model_package_group(self, name: str) -> str:
        """The group's name or ARN by its name here. Raises FindingsError (SMG211) for an unknown one."""
        if name not in self.model_package_groups:
            finding = self.missing(f"model_package_groups.{name}", "name or ARN of the group", user_place())
            return self._text_for(_with_nearest(finding, name, self.model_package_groups), name)
        return self.model_package_groups[name]

    def text(self, name: str) -> str:
        """The value of that name, a text. Raises FindingsError (SMG211) for an unknown or another one."""
        found = self._value(name, str, "a text")
        return self._text_for(found, name) if isinstance(found, Finding) else found

    def integer(self, name: str) -> int:
        """The value of that name, a whole number. Raises FindingsError (SMG211) for an unknown or another one."""
        found = self._value(name, int, "a whole number")
        return self._noted(found).integer(found) if isinstance(found, Finding) else found

    def number(self, name: str) -> float:
        """The value of that name, a number. Raises FindingsError (SMG211) for an unknown or another one."""
        value = self.values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        found = self._value(name, float, "a number")
        return self._noted(found).number(found) if isinstance(found, Finding) else found

    def flag(self, name: str) -> bool:
        """The value of that name, true or false. Raises FindingsError (SMG211) for an unknown or another one."""
        found = self._value(name, bool, "true or false")
        return self._noted(found).flag(found) if isinstance(found, Finding) else found

    def choice(self, name: str, *allowed: C) -> C:
        """The value of that name, which is one of ``allowed``: for a place that takes certain texts only.

        ``env.choice("machine", "ml.m5.xlarge", "ml.m5.4xlarge")`` fits an instance type, and ``env.text("machine")``
        does not. Raises FindingsError (SMG211) for an unknown name and for any other value.
        """
        given = self._value(name, str, "a text")
        if not isinstance(given, Finding):
            for value in allowed:
                if value == given:
                    return value
            message = f"the value '{name}' of environment '{self.name}' is none of those that are allowed here"
            names = tuple(str(value) for value in allowed)
            nearest = nearest_name(given, names)
            fix = f"write {nearest}" if nearest else None
            finding = Finding("SMG211", message, given=given, expected=", ".join(names), nearest=nearest, fix=fix)
            given = self._asked(finding, user_place())
        self._noted(given).flag(given)
        return allowed[0]

    @checked_call("env.raw")
    def raw(self, by_name: Mapping[str, RawObject]) -> RawObject:
        """JSON that is another one in each environment, by their names: for what is written as it is.

        ``raw={"CacheConfig": …}`` for one and ``raw={}`` for another is ``raw=env.raw({"dev": {…}, "prod": {}})``.
        Raises FindingsError (SMG211) for an environment that is not among them.
        """
        if self.name not in by_name:
            message = f"nothing is said here for the environment '{self.name}'"
            names, fix = ", ".join(by_name), f'add "{self.name}": {{…}}'
            finding = self._asked(Finding("SMG211", message, given=self.name, expected=names, fix=fix), user_place())
            self._noted(finding).flag(finding)
            return {}
        return by_name[self.name]

    def _value(self, name: str, type: type[V], expected: str) -> V | Finding:
        """The value of that name, or what is wrong with it."""
        if name not in self.values:
            return _with_nearest(self.missing(f"values.{name}", expected, user_place()), name, self.values)
        value = self.values[name]
        if not isinstance(value, type) or (isinstance(value, bool) and type is not bool):
            message = f"the value '{name}' of environment '{self.name}' is no {expected.removeprefix('a ')}"
            return self._asked(Finding("SMG211", message, given=repr(value), expected=expected), user_place())
        return value

    def _asked(self, finding: Finding, asked_at: Place | None) -> Finding:
        """A finding at this environment's line, with the place that asks; at that place where there is no such line."""
        finding = replace(finding, about=Subject(environment=self.name))
        if self.place == Place() or asked_at is None:
            return replace(finding, place=self.place if asked_at is None else asked_at)
        return replace(finding, place=self.place, expected_at=asked_at)

    def _noted(self, finding: Finding) -> MissingValues:
        """Where something missing is noted. Raises FindingsError where nothing is collected."""
        if self.missing_values is None:
            raise FindingsError([finding])
        return self.missing_values

    def _text_for(self, finding: Finding, name: str) -> str:
        return self._noted(finding).text(finding, name)

    def default(self, name: str) -> JsonValue:
        """The value of ``{"$default": name}``; None where this environment has none."""
        if name == "network":
            if not self.subnets and not self.security_group_ids:
                return None
            return {"SecurityGroupIds": list(self.security_group_ids), "Subnets": list(self.subnets)}
        if name == "tags":
            return [{"Key": key, "Value": value} for key, value in self.tags.items()] or None
        if name == "subnets":
            return list(self.subnets) or None
        if name == "security_group_ids":
            return list(self.security_group_ids) or None
        values: dict[str, str | None] = {
            "role": self.role,
            "kms_key": self.kms_key,
            "output_kms_key": self.output_kms_key,
            "region": self.region,
            "account": self.account,
            "bucket": self.bucket,
        }
        return values[name]

    def parameter_place(self, name: str) -> Place:
        """Where the default of a parameter is written here."""
        return self.parameter_places.get(name, self.place)

    def undeclared(
        self, name: str, declared: Iterable[str], which: str = "no pipeline of the project declares"
    ) -> Finding:
        """An SMG130 finding: this environment gives a default to a parameter that is not declared."""
        names = tuple(declared)
        nearest = nearest_name(name, names)
        of_pipeline = f".pipelines.{self.pipeline}" if name in self.parameters_of_pipeline else ""
        return Finding(
            "SMG130",
            f"[tool.smgen.environments.{self.name}{of_pipeline}.parameters] has a default of '{name}', which {which}",
            self.parameter_place(name),
            given=name,
            expected=", ".join(names) or "no parameter",
            nearest=nearest,
            fix=f"write {nearest}" if nearest else f"remove '{name}'",
        )

    def missing(self, key: str, what: str, asked_at: Place | None = None) -> Finding:
        """An SMG211 finding at this environment's line: it has no value for ``key``, for which ``asked_at`` asks."""
        table, _, last = f"tool.smgen.environments.{self.name}.{key}".rpartition(".")
        finding = Finding(
            "SMG211",
            f"the environment '{self.name}' has no {key}",
            expected=f"{last} in [{table}]",
            fix=f"add {last} = {_example(key, what)} ({what}) to [{table}] in pyproject.toml",
        )
        return self._asked(finding, asked_at)

    def missing_image(self, name: str, asked_at: Place | None = None) -> Finding:
        """An SMG212 finding at this environment's line: it has no image of that name."""
        nearest = nearest_name(name, self.images)
        finding = Finding(
            "SMG212",
            f"the environment '{self.name}' has no image '{name}'",
            given=name,
            expected=", ".join(self.images) or f"{name} in [tool.smgen.environments.{self.name}.images]",
            nearest=nearest,
            fix=("write the name the same way in both places, or " if nearest else "")
            + f'add {name} = "<image URI>" to [tool.smgen.environments.{self.name}.images] in pyproject.toml',
        )
        return self._asked(finding, asked_at)


def _example(key: str, what: str) -> str:
    """What stands behind the = of a missing setting, as far as its form goes."""
    if key in ("subnets", "security_group_ids"):
        return '["…"]'
    return {"a whole number": "1", "a number": "0.5", "true or false": "true"}.get(what, '"…"')


def _with_nearest(finding: Finding, name: str, among: Iterable[str]) -> Finding:
    """A finding about a name that is missing, with the one among those that are there which was probably meant."""
    nearest = nearest_name(name, among)
    fix = f"write {nearest}, or {finding.fix}" if nearest else finding.fix
    return replace(finding, given=name, nearest=nearest, fix=fix)
