"""The model."""


def layers() -> int:
    """How many layers it has."""
    return 3
