"""Where the folders that come with smgen are found: in the package first, then in the checkout."""

from pathlib import Path

import pytest

from smgen.shipped import ShippedFolder, shipped_folder
from tests.project.checkout import CHECKOUT


@pytest.mark.parametrize("name", ["templates", "contract_specs", "docs/rules"])
def test_a_checkout_has_them_beside_codegen(name: ShippedFolder) -> None:
    assert shipped_folder(name) == CHECKOUT / name


def test_the_package_comes_before_the_checkout(tmp_path: Path) -> None:
    package = tmp_path / "codegen" / "smgen"
    (package / "_templates").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "contract_specs").mkdir()
    assert shipped_folder("templates", package=package) == package / "_templates"
    assert shipped_folder("contract_specs", package=package) == tmp_path / "contract_specs"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    package = tmp_path / "codegen" / "smgen"
    package.mkdir(parents=True)
    (package / "_templates").touch()
    (tmp_path / "templates").mkdir()
    assert shipped_folder("templates", package=package) == tmp_path / "templates"


def test_a_missing_folder_names_both_places(tmp_path: Path) -> None:
    package = tmp_path / "codegen" / "smgen"
    with pytest.raises(FileNotFoundError) as caught:
        shipped_folder("templates", package=package)
    assert str(caught.value) == (
        f"smgen's folder 'templates' is neither in the package ({package / '_templates'}) "
        f"nor in a checkout ({tmp_path / 'templates'}); install smgen again"
    )
