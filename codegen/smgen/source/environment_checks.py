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


def environment_findings(contract: StepContract, sent: Sent, read: Iterable[NameRead]) -> Iterator[Finding]:
    """SMG276 for names without which the script stops and which its contract never gives, SMG275 for not always."""
    toolkit = contract.source is not None and contract.source.launch == "toolkit"
    for item in read:
        if not item.needed or (sent.environment is None or item.name in sent.environment):
            continue
        if item.holder == "hyperparameters":
            yield from _missing(contract, item, item.name, "hyperparameter", sent.hyperparameters)
        elif toolkit and item.name.startswith(_CHANNEL):
            channels = None if sent.channels is None else _variables(_CHANNEL, sent.channels)
            yield from _missing(contract, item, item.name, "channel", channels)
        elif toolkit and item.name.startswith(_HYPERPARAMETER):
            given = {} if sent.hyperparameters is None else _variables(_HYPERPARAMETER, sent.hyperparameters)
            yield from _missing(contract, item, item.name, "hyperparameter", given if sent.whole else None)
        elif contract.kind == "Processing" and item.name.startswith((_CHANNEL, _HYPERPARAMETER)):
            yield from _missing(contract, item, item.name, "environment variable", sent.environment)
        elif contract.environment:
            # The image may have others; only a slip is sure to be one.
            near = nearest_name(item.name, sorted(sent.environment))
            if near is not None and not item.name.startswith(("SM_", "AWS_")):
                yield from _missing(contract, item, item.name, "environment variable", sent.environment)


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
