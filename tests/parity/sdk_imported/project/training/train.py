"""Trains the model."""

from network import layers

print(layers())
