"""The kinds of changes, each a rule: how far it reaches, and how the same is had without a break."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final


class Level(str, Enum):
    """How far a change reaches, the furthest first.

    ``SOURCE``: modules of users no longer type-check or build. ``WIRING``: AUTO ports bind otherwise, or no more.
    ``RUN``: the same module compiles to steps that behave otherwise. ``CACHE``: steps run again although they do the
    same. ``COMPATIBLE``: users may see it, and nothing that they have stops.
    """

    SOURCE = "source"
    WIRING = "wiring"
    RUN = "run"
    CACHE = "cache"
    COMPATIBLE = "compatible"

    @property
    def rank(self) -> int:
        """0 for what reaches furthest."""
        return list(Level).index(self)

    def reaches(self, least: Level) -> bool:
        """Whether it reaches as far as another one, or further."""
        return self.rank <= least.rank


_S, _W, _R, _C, _N = Level

_RESERVE: Final = "bring it back, or publish the contract under a new major version and list the name in 'reserved'"
_OPTIONAL: Final = 'give it a default, or write "required": false'

#: Each kind of change: how far it reaches, and how the same is had without a break.
KINDS: Final[Mapping[str, tuple[Level, str | None]]] = MappingProxyType(
    {
        # The contract.
        "SMG601": (_S, "bring it back with 'deprecated', and remove it when nobody imports its module"),
        "SMG602": (_R, "add a contract of the new kind beside this one"),
        "SMG603": (_W, "keep the name, or add the old one to the lists of sources that have it"),
        "SMG604": (_N, "say in 'deprecated' what to use instead"),
        "SMG605": (_N, "list it in 'reserved', so that it never comes back with another meaning"),
        "SMG606": (_R, "take a name that was never used"),
        "SMG607": (_N, None),
        # It reaches as far as what it is about.
        "SMG608": (_N, "write the version that fits, or take the change back"),
        # Inputs.
        "SMG610": (_S, _RESERVE),
        "SMG611": (_S, 'write "required": false, and say in the request what happens without it'),
        "SMG612": (_S, 'leave it "required": false'),
        "SMG613": (_S, "keep the old name, or release it with a new major version: users write the new name"),
        "SMG614": (_S, "take the old type or one above it, or add an input for the other type"),
        "SMG615": (_S, "keep what it takes, or add an input beside it"),
        "SMG616": (_N, None),
        "SMG617": (_W, "bring the words back; words that were added may make another output the better one"),
        "SMG618": (_R, "keep the place, or change the script together with it and publish a new version"),
        # Outputs.
        "SMG619": (_S, "leave '$output_location' in the request"),
        "SMG620": (_S, _RESERVE),
        "SMG621": (_S, "keep the old name, or release it with a new major version: users write the new name"),
        "SMG622": (_S, "give the old type or one below it, or add an output of the other type"),
        "SMG623": (_N, None),
        "SMG624": (_R, "add an output with the new path beside this one"),
        "SMG625": (_R, "keep the location, or add an output beside this one"),
        "SMG626": (_W, "bring the words back; words that were added may make this output the better one"),
        "SMG627": (_S, "leave that to users, or release it with a new major version"),
        "SMG628": (_S, "bring it back, or release it with a new major version"),
        "SMG629": (_R, "keep the path, or add a file beside this one"),
        # Settings, hyperparameters and environment variables.
        "SMG630": (_S, _RESERVE),
        "SMG631": (_S, "give it a default, or leave its name out of 'required'"),
        "SMG632": (_S, "keep the type, or add another field"),
        "SMG633": (_S, "keep the values that were allowed, or release it with a new major version"),
        "SMG634": (_R, "keep the default: who wants the new value can set it"),
        "SMG635": (_N, None),
        "SMG636": (_R, "leave it where it was, or add a field of another name"),
        "SMG637": (_S, "leave it to the script to say so, or release it with a new major version"),
        # The code and the request.
        "SMG639": (_C, "nothing, where it is meant: the code has another address in S3"),
        "SMG640": (_R, "make it a setting whose default is the old value"),
        "SMG641": (_C, "keep the order and the names, or plan for the run in which every step starts again"),
        "SMG642": (_R, "add a contract with the other script beside this one"),
        "SMG643": (_S, "bring the metric back as it was, or leave its goal open"),
        "SMG644": (_R, "keep what it was, or add a metric of another name"),
        "SMG645": (_S, "take out again what no tuning job can carry, or add a contract beside this one"),
        "SMG648": (_N, None),
        # Artifact types.
        "SMG646": (_S, "bring it back; a type that nothing uses costs nothing"),
        "SMG647": (_S, "keep the parents, or put the new ones above them"),
        "SMG649": (_W, "give the new parent to a type of its own: AUTO now finds outputs where it found none"),
    }
)
