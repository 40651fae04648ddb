"""Generated packages on disk: what made them, whose their files are, and whether they are what their contracts say."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
