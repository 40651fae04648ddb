"""Step contracts: what a step takes, gives and asks of AWS, read from JSON and checked against AWS's shapes."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
