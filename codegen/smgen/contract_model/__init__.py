"""What a contract says once it was read: ports, settings, holes, types, launches, as frozen values."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
