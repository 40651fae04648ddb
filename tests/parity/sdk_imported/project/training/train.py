"""Stands for a training script; nothing runs it."""

print("trained")
