"""What changed between two states of contracts, or of pipelines' interfaces, and how far each change reaches."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
