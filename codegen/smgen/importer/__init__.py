"""Turns existing pipeline definitions into contracts and a typed pipeline module that compiles to the same."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
