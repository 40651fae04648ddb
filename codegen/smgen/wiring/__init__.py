"""Wiring: the pipeline as a graph, and the resolver that binds its ports or says why it does not."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
