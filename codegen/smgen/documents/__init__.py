"""Documents and files: located JSON, canonical JSON, paths inside a root, and atomic publishing."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
