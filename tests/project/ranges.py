"""Says which versions of what smgen requires are installed here: ``python -m tests.project.ranges``."""

from importlib.metadata import version

from packaging.requirements import Requirement

from tests.project.checkout import pyproject


def ranged() -> dict[str, Requirement]:
    """What the base install, the generator and its watching require, by name."""
    project = pyproject()["project"]
    extras = project["optional-dependencies"]
    texts = [*project["dependencies"], *extras["generate"], *extras["watch"]]
    return {requirement.name: requirement for requirement in map(Requirement, texts)}


def told() -> str:
    """The versions in one line."""
    wanted = [one.name for one in ranged().values() if one.marker is None or one.marker.evaluate()]
    return ", ".join(f"{name} {version(name)}" for name in sorted(wanted))


if __name__ == "__main__":
    print(told())
