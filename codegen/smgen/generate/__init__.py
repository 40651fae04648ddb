"""From contracts to a typed package: planning, rendering, formatting, checking and publishing."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
