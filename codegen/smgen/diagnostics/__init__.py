"""Findings: what is wrong, where, and how to put it right, with stable rule ids and four output forms."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
