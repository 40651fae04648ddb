"""What generated code and pipelines import: references, typed variables, builders, and the pipeline itself."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
