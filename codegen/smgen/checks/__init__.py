"""The rules over pipeline definitions, smgen's own or any other, and what runs them."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
