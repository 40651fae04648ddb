"""What an environment asks of every job: ``[tool.smgen.policy]`` and ``[tool.smgen.environments.<name>.policy]``."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

from smgen.settings import SettingsTable


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


def read_policy(table: SettingsTable) -> Policy:
    """The policy in its table, which notes SMG130 for every setting that is unknown or cannot be used.

    A setting with a finding is left out of the policy.
    """
    table.known(POLICY_SETTINGS)
    return Policy(
        require_network=table.switch("require_network"),
        require_volume_key=table.switch("require_volume_key"),
        require_output_key=table.switch("require_output_key"),
        required_tags=_texts(table, "required_tags"),
        max_run_time_s=table.count("max_run_time_s"),
        allowed_instance_types=_texts(table, "allowed_instance_types"),
        allowed_images=_texts(table, "allowed_images"),
        max_instance_count=table.count("max_instance_count"),
        max_tuning_jobs=table.count("max_tuning_jobs"),
    )


def _texts(table: SettingsTable, key: str) -> tuple[str, ...] | None:
    """A list of texts, none of them empty; None where there is none."""
    before = len(table.findings)
    texts = table.texts(key, filled=True)
    return texts if key in table.values and len(table.findings) == before else None
