"""Stands for a script; the tests pack it and never run it."""
