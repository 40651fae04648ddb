"""Answers requests."""

print("answer")
