"""What an environment asks of every job: ``[tool.smgen.policy]`` and ``[tool.smgen.environments.<name>.policy]``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, cast

from smgen.diagnostics import Finding, Place, nearest_name


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a team about its jobs. None says nothing, and so leaves the word to the table that is merged over.

    ``required_tags`` are keys of tags. ``allowed_instance_types`` and ``allowed_images`` are patterns of shells
    (``ml.m5.*``, ``123456789012.dkr.ecr.*/team/*``), in which case counts; an empty list allows all. ``max_run_time_s``
    is in seconds, ``max_instance_count`` is for one job, ``max_tuning_jobs`` for one tuning step.
    """

    require_network: bool | None = None
    require_volume_key: bool | None = None
    require_output_key: bool | None = None
    required_tags: tuple[str, ...] | None = None
    max_run_time_s: int | None = None
    allowed_instance_types: tuple[str, ...] | None = None
    allowed_images: tuple[str, ...] | None = None
    max_instance_count: int | None = None
    max_tuning_jobs: int | None = None


POLICY_SETTINGS: Final = tuple(field.name for field in fields(Policy))
"""The settings of a policy table, in the order of the documentation."""


def merged(base: Policy, over: Policy) -> Policy:
    """The policy of an environment: what ``over`` says, and of the rest what ``base`` says.

    Lists are not joined: the environment's own takes the place of the general one, and an empty one lifts it.
    """
    said = {name: value for name in POLICY_SETTINGS if (value := getattr(over, name)) is not None}
    return replace(base, **said)


def read_policy(
    table: Mapping[str, object], where: str, place: Callable[[str], Place]
) -> tuple[Policy, tuple[Finding, ...]]:
    """Read a policy table as TOML gives it, with SMG130 for every setting that is unknown or cannot be used.

    ``where`` is the name of the table for messages, such as ``tool.smgen.policy``; ``place`` gives the place of one of
    its settings. A setting with a finding is left out of the policy.
    """
    reader = _Reader(where, place, [])
    for key in table:
        if key not in POLICY_SETTINGS:
            reader.unknown(key)
    policy = Policy(
        require_network=reader.switch(table, "require_network"),
        require_volume_key=reader.switch(table, "require_volume_key"),
        require_output_key=reader.switch(table, "require_output_key"),
        required_tags=reader.texts(table, "required_tags"),
        max_run_time_s=reader.number(table, "max_run_time_s"),
        allowed_instance_types=reader.texts(table, "allowed_instance_types"),
        allowed_images=reader.texts(table, "allowed_images"),
        max_instance_count=reader.number(table, "max_instance_count"),
        max_tuning_jobs=reader.number(table, "max_tuning_jobs"),
    )
    return policy, tuple(reader.findings)


@dataclass(frozen=True, slots=True)
class _Reader:
    where: str
    place: Callable[[str], Place]
    findings: list[Finding]

    def unknown(self, key: str) -> None:
        nearest = nearest_name(key, POLICY_SETTINGS)
        self.findings.append(
            Finding(
                "SMG130",
                f"[{self.where}] has no setting '{key}'",
                self.place(key),
                given=key,
                expected=", ".join(POLICY_SETTINGS),
                nearest=nearest,
                fix=f"write {nearest}" if nearest else f"remove '{key}'",
            )
        )

    def wrong(self, key: str, given: object, expected: str) -> None:
        message = f"the setting '{key}' of [{self.where}] cannot be used"
        self.findings.append(Finding("SMG130", message, self.place(key), given=repr(given), expected=expected))

    def switch(self, table: Mapping[str, object], key: str) -> bool | None:
        value = table.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(key, value, "true or false")
        return None

    def number(self, table: Mapping[str, object], key: str) -> int | None:
        value = table.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
            return value
        self.wrong(key, value, "a whole number from 1")
        return None

    def texts(self, table: Mapping[str, object], key: str) -> tuple[str, ...] | None:
        value = table.get(key)
        if value is None:
            return None
        # The items of a TOML list may be anything.
        items = cast("list[object]", value) if isinstance(value, list) else [None]
        texts = tuple(item for item in items if isinstance(item, str) and item)
        if len(texts) != len(items):
            self.wrong(key, table[key], "a list of texts")
            return None
        return texts
