"""A dependency that is a file."""

SEED = 7
