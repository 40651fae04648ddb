"""A module of the script."""

WIDTH = 64
