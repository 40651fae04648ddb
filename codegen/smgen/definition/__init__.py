"""The document model of SageMaker pipeline definitions, their provenance, and how two of them are compared."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
