"""Turns existing pipeline definitions into contracts and a typed pipeline module that compiles to the same."""
