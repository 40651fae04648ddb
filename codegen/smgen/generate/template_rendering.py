"""Lays view models out with the Jinja templates."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from smgen.distribution import need
from smgen.generate.literals import comment, docstring, python_literal
from smgen.shipped import shipped_folder

if TYPE_CHECKING:
    from jinja2 import Environment


def render_template(name: str, **values: object) -> str:
    """The template ``name`` filled with ``values``; a name that it does not know raises jinja2's UndefinedError.

    Raises MissingExtraError where there is no jinja2.
    """
    text: str = _environment().get_template(name).render(**values)
    return text


@cache
def _environment() -> Environment:
    need("generate")
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(shipped_folder("templates")),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # A plain dict of functions: jinja2 gives it the type of its own filters only.
    filters: dict[str, Callable[..., str]] = environment.filters  # pyright: ignore[reportAssignmentType]
    filters |= {"comment": comment, "docstring": docstring, "literal": python_literal}
    return environment
