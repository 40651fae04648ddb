"""What AWS says: step kinds, the pruned service model, property and request paths, limits."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
