"""What a config's field may not be called, held against pydantic's own classes: `make ranges` runs this with the lowest
and with the highest version that smgen allows.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import cast

import pytest
from pydantic import BaseModel, create_model

from smgen.contracts import CONFIG_ATTRIBUTES, python_identifier
from smgen.runtime import StepConfig


def test_the_list_is_what_pydantic_has() -> None:
    own = {name for name in (*dir(BaseModel), *dir(type(BaseModel))) if not name.startswith("_")}
    # Where a class inside of it is called so, pydantic takes its members for settings.
    assert own | {"Config"} == CONFIG_ATTRIBUTES


def test_the_config_of_a_step_has_no_more_than_that() -> None:
    own = {name for name in (*dir(StepConfig), *dir(type(StepConfig))) if not name.startswith("_")}
    assert own <= CONFIG_ATTRIBUTES


@pytest.mark.parametrize(
    "name",
    [*sorted(CONFIG_ATTRIBUTES), "model_dump_folder", "model_validate_all", "_private", "self", "root", "fields"],
)
def test_a_field_of_any_name_is_a_field(name: str) -> None:
    field = python_identifier(name, CONFIG_ATTRIBUTES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        make = cast("Callable[..., type[BaseModel]]", create_model)
        made = make("Made", __base__=StepConfig, **{field: (int, 1)})
    assert getattr(made(**{field: 2}), field) == 2
