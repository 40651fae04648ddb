"""What changed between two states of contracts, how far each change reaches, and which version says so."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
