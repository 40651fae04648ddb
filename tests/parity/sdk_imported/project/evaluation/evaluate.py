"""Writes evaluation.json."""

print("evaluate")
