"""The fixture package, generated once, and a pipeline to write into."""

from __future__ import annotations

import pytest

from smgen.runtime import FluentPipelineBuilder
from tests.runtime.fixture_package import ENVIRONMENT, Steps, generate, imported


@pytest.fixture(scope="session")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """The modules of the generated fixture package."""
    folder = tmp_path_factory.mktemp("runtime")
    generate(folder)
    return imported(folder)


@pytest.fixture
def p() -> FluentPipelineBuilder:
    """An empty pipeline for an environment that has everything."""
    return FluentPipelineBuilder("Fraud", ENVIRONMENT)
