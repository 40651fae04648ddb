"""SMG430 to SMG437: the jobs of a definition against what the environment's policy asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from smgen.aws import EACH, Found, JobGroup, JobPlaces, Path, values_at
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import ExpressionValues, has_placeholder
from smgen.checks.index import DefinitionIndex
from smgen.checks.masking import shown_value
from smgen.checks.policy import Policy
from smgen.definition import Step
from smgen.diagnostics import Finding, Place
from smgen.documents import append_pointer
from smgen.expressions import Members, Value, elements_at, is_worked_out, looks_like_expression, members_at, value_at

_LONGEST_TEXT: Final = 2_048
"""Longer texts are neither instance types nor images, and matching them against a pattern takes long."""

#: Machines with disks of their own: a `d` behind the generation, and the younger families with GPUs and Trainium.
_LOCAL_STORAGE: Final = re.compile(
    r"ml\.(?:[a-z]+[0-9]+[a-z]*d[a-z]*|g5|g6e?|g6f|gr6|p5(?:e|en)?|p6[a-z0-9-]*|trn[12][a-z]*)\.[a-z0-9-]+"
)

_SETTING: Final = "[tool.smgen.policy]"


def policy_findings(index: DefinitionIndex, context: CheckContext) -> Iterator[Finding]:
    """Every job, model, endpoint and registration against the policy; nothing without one.

    Parameters count with their defaults and are not looked at without one. What a kind has no setting for is not asked
    of it: a transform job runs in the network of its model.
    """
    policy = context.policy
    if policy is None:
        return
    values = ExpressionValues.of(index.definition, index.by_name)
    for step in index.steps:
        if step.kind.job is not None:
            yield from _PolicyStep(index, values, policy, step).findings(step.kind.job)


@dataclass(frozen=True, slots=True)
class _PolicyStep:
    index: DefinitionIndex
    values: ExpressionValues
    policy: Policy
    step: Step

    @property
    def arguments(self) -> Value:
        return self.step.own["Arguments"]

    def findings(self, places: JobPlaces) -> Iterator[Finding]:
        for group in places.groups:
            for root in values_at(self.arguments, group.root):
                if isinstance(root.value, dict) and not looks_like_expression(root.value):
                    yield from self.group(group, root.parts, root.value)
        yield from self.tags(places)
        if places.job_count is not None and self.policy.max_tuning_jobs is not None:
            for found in values_at(self.arguments, places.job_count):
                yield from self.number(
                    "SMG437", found, self.policy.max_tuning_jobs, "jobs in a tuning step", "max_tuning_jobs"
                )

    def group(self, group: JobGroup, root: tuple[str | int, ...], value: Members) -> Iterator[Finding]:
        policy = self.policy
        if policy.require_network and group.network is not None:
            yield from self.network(group.network, root, value)
        if policy.require_volume_key and group.volume_keys and not self.has_no_volume(group, value):
            yield from self.key("SMG431", "its volumes", "require_volume_key", group.volume_keys, root, value)
        # Without the object that says where outputs go there are none (a processing job).
        if policy.require_output_key and group.output_key and any(values_at(value, group.output_key[:-1])):
            yield from self.key("SMG432", "its outputs", "require_output_key", (group.output_key,), root, value)
        if policy.max_run_time_s is not None and group.run_time is not None:
            yield from self.run_time(group.run_time, policy.max_run_time_s, root, value)
        if policy.allowed_instance_types:
            yield from self.allowed(
                "SMG435", "the instance type", "allowed_instance_types", policy.allowed_instance_types,
                self.all(group.instance_types, root, value),
            )  # fmt: skip
        if policy.allowed_images:
            yield from self.allowed(
                "SMG436", "the image", "allowed_images", policy.allowed_images, self.all(group.images, root, value)
            )
        if policy.max_instance_count is not None:
            for found in self.all(group.instance_counts, root, value):
                yield from self.number("SMG437", found, policy.max_instance_count, "instances", "max_instance_count")

    @staticmethod
    def all(paths: Sequence[Path], root: tuple[str | int, ...], value: Members) -> Iterator[Found]:
        for path in paths:
            for found in values_at(value, path):
                yield Found((*root, *found.parts), found.value)

    def has_no_volume(self, group: JobGroup, value: Members) -> bool:
        """Whether a key for a volume cannot be given: no machine of its own (serverless), or only ones with disks.

        AWS refuses a volume key for machines with local storage, which encrypt it themselves.
        """
        if not group.instance_types:
            return False
        if any(hidden(value, path[: path.index(EACH)] if EACH in path else path[:-1]) for path in group.instance_types):
            return False
        machines = [self.values.default(found.value) for found in self.all(group.instance_types, (), value)]
        return all(isinstance(machine, str) and _LOCAL_STORAGE.fullmatch(machine) for machine in machines)

    def network(self, path: Path, root: tuple[str | int, ...], value: Members) -> Iterator[Finding]:
        if hidden(value, path):
            return
        network = next(values_at(value, path), None)
        given = members_at(None if network is None else network.value)
        empty = [member for member in ("Subnets", "SecurityGroupIds") if not given.get(member)]
        if empty:
            yield self.finding(
                "SMG430",
                f"{'.'.join(path)} is missing, so it runs outside the network"
                if network is None
                else f"{'.'.join(path)} has no {' and no '.join(empty)}",
                self.place((*root, *path), network is None),
                expected=f"{'.'.join(path)} with Subnets and SecurityGroupIds",
                setting="require_network = true",
                fix=f"add {'.'.join((*path, empty[0])) if network is not None else '.'.join(path)}",
            )

    def key(
        self,
        rule: str,
        what: str,
        setting: str,
        paths: tuple[Path, ...],
        root: tuple[str | int, ...],
        value: Members,
    ) -> Iterator[Finding]:
        for path in paths:
            if hidden(value, path) or any(found.value != "" for found in values_at(value, path)):
                return
        path = next((path for path in paths if any(values_at(value, path[:-1]))), paths[0])
        yield self.finding(
            rule,
            f"{'.'.join(path)} is missing, so {what} have no key of the team",
            self.place((*root, *path), True),
            expected=f"a KMS key at {'.'.join(path)}",
            setting=f"{setting} = true",
            fix=f"add {path[-1]}",
        )

    def run_time(self, path: Path, most: int, root: tuple[str | int, ...], value: Members) -> Iterator[Finding]:
        found = next(values_at(value, path), None)
        if found is not None:
            at = Found((*root, *found.parts), found.value)
            yield from self.number("SMG434", at, most, "seconds", "max_run_time_s")
        elif not hidden(value, path):
            yield self.finding(
                "SMG434",
                f"{'.'.join(path)} is missing, so AWS's own limit holds",
                self.place((*root, *path), True),
                expected=f"at most {most:,} seconds",
                setting=f"max_run_time_s = {most}",
                fix=f"add {'.'.join(path)}",
            )

    def tags(self, places: JobPlaces) -> Iterator[Finding]:
        wanted, arguments = self.policy.required_tags, self.arguments
        if not wanted or hidden(arguments, places.tags):
            return
        if places.no_tags_with is not None and value_at(arguments, places.no_tags_with) is not None:
            return
        found = next(values_at(arguments, places.tags), None)
        keys = [value_at(tag, "Key") for tag in elements_at(None if found is None else found.value)]
        if any(not isinstance(key, str) or has_placeholder(key) for key in keys):
            # A key that is known only when the pipeline runs, or no tag at all: the request rules say that.
            return
        missing = [key for key in wanted if key not in keys]
        if missing:
            given = ", ".join(key for key in keys if isinstance(key, str))
            yield self.missing_tags(missing, self.place(places.tags, found is None), given)

    def missing_tags(self, missing: Sequence[str], place: Place, given: str) -> Finding:
        names, wanted = ", ".join(missing), self.policy.required_tags or ()
        tags, are = ("tags", "are") if len(missing) > 1 else ("tag", "is")
        return self.finding(
            "SMG433",
            f"the {tags} {names} {are} missing",
            place,
            given=given or "no tags",
            expected=f"tags with the keys {', '.join(wanted)}",
            setting=f"required_tags = {list(wanted)}",
            fix=f"add the {tags} {names}",
        )

    def allowed(
        self, rule: str, what: str, setting: str, patterns: tuple[str, ...], found: Iterator[Found]
    ) -> Iterator[Finding]:
        for item in found:
            text = self.values.default(item.value)
            if not isinstance(text, str) or not text or has_placeholder(text) or len(text) > _LONGEST_TEXT:
                continue
            if any(fnmatchcase(text, pattern) for pattern in patterns):
                continue
            yield self.finding(
                rule,
                f"the policy does not allow {what} {text}{self.source(item.value)}",
                self.place(item.parts),
                given=shown_value("", text),
                expected=", ".join(patterns),
                setting=setting,
                fix="take one that a pattern of the policy matches",
            )

    def number(self, rule: str, found: Found, most: int, what: str, setting: str) -> Iterator[Finding]:
        given = self.values.default(found.value)
        if not isinstance(given, (int, float)) or isinstance(given, bool) or given <= most:
            return
        yield self.finding(
            rule,
            f"{_last_name(found.parts)} is {given:,}{self.source(found.value)}, and the policy allows {most:,} {what}",
            self.place(found.parts),
            given=f"{given:,}",
            expected=f"at most {most:,} {what}",
            setting=f"{setting} = {most}",
            fix=f"write {most} or less",
        )

    def source(self, value: Value) -> str:
        """Where a value comes from, when it does not stand there itself."""
        parameter = self.values.parameter(value)
        return "" if parameter is None else f", the default of parameter {parameter.name}"

    def place(self, parts: Sequence[str | int], missing: bool = False) -> Place:
        """A place in the arguments; of something that is missing the object that lacks it."""
        at: tuple[str | int, ...] = tuple(parts)
        if missing:
            ways = (at[:length] for length in range(len(at), 0, -1))
            at = next((way for way in ways if value_at(self.arguments, *way) is not None), ())
        pointer = append_pointer(self.step.pointer, *(("Arguments", *at) if self.step.arguments else ()))
        return self.index.definition.place(pointer, step=self.step.name)

    def finding(
        self, rule: str, what: str, place: Place, *, expected: str, setting: str, fix: str, given: str | None = None
    ) -> Finding:
        return Finding(
            rule,
            f'step "{self.step.name}": {what}',
            place,
            given=given,
            expected=f"{expected} ({_SETTING} {setting})",
            fix=fix,
        )


def _last_name(parts: Sequence[str | int]) -> str:
    return next((part for part in reversed(parts) if isinstance(part, str)), "the value")


def hidden(holder: Value, path: Path) -> bool:
    """Whether an expression, of which nothing is known, stands on the way to a path: then nothing is missing there."""
    return any(is_worked_out(value_at(holder, *path[:length])) for length in range(len(path) + 1))
