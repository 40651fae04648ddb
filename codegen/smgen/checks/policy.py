"""What an environment asks of every job: ``[tool.smgen.policy]`` and ``[tool.smgen.environments.<name>.policy]``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a team about its jobs; what is None or empty is not asked for."""

    require_network: bool = False
    require_volume_key: bool = False
    require_output_key: bool = False
    required_tags: tuple[str, ...] = ()
    max_run_time_s: int | None = None
    allowed_instance_types: tuple[str, ...] = ()
    allowed_images: tuple[str, ...] = ()
    max_instance_count: int | None = None
    max_tuning_jobs: int | None = None
