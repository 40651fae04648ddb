"""Splits the data."""

print("split")
