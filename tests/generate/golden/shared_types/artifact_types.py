"""The artifact types of the other package."""

from smgen.runtime import Artifact


class Records(Artifact):
    """Rows of a table."""
