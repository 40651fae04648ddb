"""What teams use in their own tests: a compiled pipeline, assertions on it, and what an execution of it would do."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
