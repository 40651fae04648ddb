"""Trains one model of a search."""

print("train")
