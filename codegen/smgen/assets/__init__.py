"""Code that a pipeline brings along: content-addressed, packed the same on every machine."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
