"""What users' pipeline modules say wrongly, found in their syntax tree, and AUTO ports written out; nothing is run."""

from smgen.lazy_names import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, __file__)
