"""The untyped expression tree of SageMaker pipeline definitions: Get, Join, JsonGet, conditions, and their JSON."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
