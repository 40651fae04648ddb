"""Everything that talks to a service; each library for it is an extra and is imported when it is needed."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
