"""What a builder asks of whatever fills the holes of its request while the pipeline is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from smgen.authoring.config_values import ConfigValue
    from smgen.authoring.variables import Variable
    from smgen.diagnostics import Finding, Place
    from smgen.documents import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class ParameterDefault:
    """The default of a pipeline parameter as it would be deployed, and where it is written."""

    parameter: str
    value: JsonValue
    place: Place


#: Gives the default of a variable that is a parameter of the pipeline.
DefaultOf: TypeAlias = "Callable[[Variable[object]], ParameterDefault | None]"


class RequestFiller(Protocol):
    """Fills the request of one step; what is wrong goes to its ``findings``."""

    @property
    def place(self) -> Place:
        """Where the step was added."""
        ...

    @property
    def findings(self) -> list[Finding]:
        """What was found so far, in order."""
        ...

    def request(self) -> JsonObject:
        """The step's ``Arguments``."""
        ...

    def value_of(self, value: ConfigValue) -> JsonValue:
        """A value that the author gave, with what its variables read noted."""
        ...

    def text_of(self, value: ConfigValue, form: str) -> JsonValue:
        """A value that the author gave as AWS's maps of texts take it, in the form ``text`` or ``json``."""
        ...
