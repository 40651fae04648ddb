"""The settings of a project in its pyproject.toml: read with the lines of what stands there, and edited as text."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
