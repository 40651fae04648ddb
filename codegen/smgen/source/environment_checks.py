"""What a script looks up, held against the channels, hyperparameters and variables that its contract gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from smgen.contracts import StepContract
from smgen.diagnostics import Finding, nearest_name
from smgen.source.script_environment import NameRead
from smgen.source.script_sending import Sent

_CHANNEL: Final = "SM_CHANNEL_"
_HYPERPARAMETER: Final = "SM_HP_"


def environment_findings(
    contract: StepContract, sent: Sent, read: Iterable[NameRead], *, known_image: bool
) -> Iterator[Finding]:
    """SMG276 for names without which the script stops and which its contract never gives, SMG275 for not always.

    ``known_image`` says that the image is one of AWS's, which sets no such names by itself.
    """
    for item in read:
        if item.needed and sent.environment is not None and item.name not in sent.environment:
            what, given = _given(contract, sent, sent.environment, item, known_image=known_image)
            yield from _missing(contract, item, item.name, what, given)


def _given(
    contract: StepContract, sent: Sent, environment: Mapping[str, bool], item: NameRead, *, known_image: bool
) -> tuple[str, Mapping[str, bool] | None]:
    """What a name is one of, and all that the contract gives of these; None where there may be others."""
    if item.holder == "hyperparameters":
        return "hyperparameter", sent.hyperparameters
    of_toolkit = item.name.startswith((_CHANNEL, _HYPERPARAMETER))
    if of_toolkit and sent.written_by == "toolkit":
        if item.name.startswith(_CHANNEL):
            return "channel", None if sent.channels is None else _variables(_CHANNEL, sent.channels)
        known = _variables(_HYPERPARAMETER, sent.hyperparameters or {})
        return "hyperparameter", known if sent.whole else None
    variable = "environment variable"
    if of_toolkit:
        return variable, environment if contract.step_kind.is_processing_job and known_image else None
    # The image may have others; only a slip is sure to be one.
    slip = not item.name.startswith(("SM_", "AWS_")) and nearest_name(item.name, sorted(environment)) is not None
    return variable, environment if slip else None


def _variables(prefix: str, names: Mapping[str, bool]) -> dict[str, bool]:
    """The variables that the toolkit makes of names."""
    return {f"{prefix}{name.upper()}": always for name, always in names.items()}


def _missing(
    contract: StepContract, item: NameRead, name: str, what: str, given: Mapping[str, bool] | None
) -> Iterator[Finding]:
    if given is None:
        return
    if name in given:
        if not given[name]:
            yield Finding(
                "SMG275",
                f"the script stops without {name}, and its contract gives the {what} only where a step does",
                item.place,
                given=name,
                expected_at=contract.place(),
                expected=f"a {what} that is required, or a script that does without",
            )
        return
    nearest = nearest_name(name, sorted(given))
    yield Finding(
        "SMG276",
        f"the script stops without {name}, and its contract gives no such {what}",
        item.place,
        given=name,
        expected=", ".join(sorted(given)) or f"no {what}",
        expected_at=contract.place(),
        nearest=nearest,
        fix=f"read {nearest}, or have the contract give {name}" if nearest else f"have the contract give {name}",
    )
