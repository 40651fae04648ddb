"""What changes between two states of a contract or of a pipeline, and whom a change breaks."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
