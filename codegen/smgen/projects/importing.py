"""What a pipeline's module may import while it is built, and what to write where an import of it fails."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Final

from smgen.diagnostics import Place, nearest_name
from smgen.documents import read_regular, shown_path
from smgen.packages import read_manifest
from smgen.projects.project import PipelineSource, Project

#: Top-level packages that stay what they are, whatever a project calls its folders.
_NEVER_HIDDEN: Final = ("smgen", "pydantic", "pydantic_core", "typing_extensions", "__main__")
_CANNOT_IMPORT: Final = re.compile(
    r"cannot import name '(?P<name>[^']+)' from (?P<partial>partially .*)?'(?P<module>[^']+)'"
)

#: How many names of a module a message lists.
_MOST_NAMES: Final = 8


class _Beside(MetaPathFinder):
    """Finds the modules beside a pipeline's file by their plain names, as Python does for a program that it runs.

    Unlike there, no module of the standard library is hidden by a file of its name, and none by the pipeline's own.
    """

    def __init__(self, file: Path) -> None:
        self.folder = str(file.parent)
        self._own = file.stem

    def may_find(self, top: str) -> bool:
        """Whether a top-level module of that name could be one beside the file."""
        return top != self._own and top not in _NEVER_HIDDEN and top not in sys.stdlib_module_names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module, where it is a top-level one that is found here."""
        if path is not None or not self.may_find(fullname):
            return None
        found = PathFinder.find_spec(fullname, [self.folder], target)
        if found is None or found.loader is not None:
            return found
        # A folder alone is a package only where nothing else of its name is one.
        other = PathFinder.find_spec(fullname, None, target)
        return found if other is None else None


@contextmanager
def import_paths(project: Project, source: PipelineSource) -> Generator[None]:
    """Lets a pipeline's module import the generated package, what lies beside it, and what lies beside the project.

    Afterwards the process knows nothing of it: another project may have modules of the same names.
    """
    paths = _project_paths(project)
    beside = _Beside(project.root.resolve() / source.file)

    def is_local(module: str) -> bool:
        top = module.partition(".")[0]
        return _is_found_in(top, paths) or (beside.may_find(top) and _is_found_in(top, [beside.folder]))

    before = list(sys.path)
    hidden = {name: module for name, module in sys.modules.items() if is_local(name)}
    for name in hidden:
        del sys.modules[name]
    known = set(sys.modules)
    sys.path[:0] = paths
    sys.meta_path.insert(0, beside)
    # A package that was generated a moment ago may not be in the import system's listing of its folder.
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.meta_path.remove(beside)
        sys.path[:] = before
        for name in [name for name in sys.modules if name not in known and is_local(name)]:
            del sys.modules[name]
        sys.modules.update(hidden)


def import_fix(
    error: BaseException, place: Place, project: Project, source: PipelineSource
) -> tuple[str | None, str | None]:
    """The nearest name and the fix for an import at ``place`` that failed; neither for any other error."""
    if not isinstance(error, ImportError):
        return None, None
    text = str(error)
    if text.startswith("attempted relative import"):
        return None, _fix_of_relative(place, project, source)
    named = _CANNOT_IMPORT.search(text)
    if named is not None:
        if named["partial"]:
            return None, "two modules import each other: move what both need into a third one"
        return _fix_of_name(named["name"], named["module"], project)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _fix_of_missing(error.name, project, source)
    return None, None


def _fix_of_missing(module: str, project: Project, source: PipelineSource) -> tuple[str | None, str | None]:
    generated = _generate_fix(module, project)
    if generated is not None:
        return None, generated
    top, _, rest = module.partition(".")
    if rest and top in sys.modules:
        nearest = nearest_name(rest, _names_in(top))
        return nearest, f"write {top}.{nearest}" if nearest else f"'{top}' has no such module"
    folder = (project.root / source.file).parent
    places = list(dict.fromkeys([folder, project.root, *map(Path, _project_paths(project)[:-1])]))
    elsewhere = next((inner.name for inner in _folders_in(project.root) if top in _modules_in(inner)), None)
    if elsewhere is not None:
        return None, f"write {elsewhere}.{module}, or move it beside {shown_path(project.root / source.file)}"
    nearest = nearest_name(top, [name for place in places for name in _modules_in(place)])
    if nearest is not None:
        return nearest, f"write {nearest}"
    beside = shown_path(folder)
    return None, f"install it beside smgen if it is a package; a module of your own lies in {beside} or in the project"


def _fix_of_name(name: str, module: str, project: Project) -> tuple[str | None, str | None]:
    """The fix for a name that a module does not have."""
    names = _names_in(module)
    package = None if project.output is None else project.root / project.output
    if package is not None and module == package.name and read_manifest(package) is not None:
        # The package is what its contracts say, or nothing would have been built: what is missing has another name.
        modules = [item for item in _modules_in(package) if not item.startswith("_")]
        nearest = nearest_name(name, modules)
        return nearest, f"write {nearest}" if nearest else "name a module of the package, or add the contract"
    nearest = nearest_name(name, names)
    if nearest is not None:
        return nearest, f"write {nearest}"
    shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
    return None, _generate_fix(module, project) or f"'{module}' has {shown or 'no name of its own'}"


def _generate_fix(module: str, project: Project) -> str | None:
    """What to do where what is missing is, or stands in, the package that would have been generated."""
    if project.output is None or module.partition(".")[0] != Path(project.output).name:
        return None
    return "run 'smgen generate'"


def _fix_of_relative(place: Place, project: Project, source: PipelineSource) -> str:
    """A relative import as the absolute one of the same file: a pipeline's module is no part of a package."""
    statement = _import_at(place)
    folder = (project.root.resolve() / source.file).parent
    if statement is not None:
        meant = folder.joinpath(*[".."] * (statement.level - 1)).resolve()
        base = next((base for base in (folder, project.root.resolve()) if meant.is_relative_to(base)), meant)
        dotted = ".".join([*meant.relative_to(base).parts, *([statement.module] if statement.module else [])])
        names = ", ".join(ast.unparse(alias) for alias in statement.names)
        return f"write '{f'from {dotted} ' if dotted else ''}import {names}'"
    return "import it by its plain name: from helper import …"


def _import_at(place: Place) -> ast.ImportFrom | None:
    """The relative import that stands at a place."""
    try:
        tree = ast.parse(read_regular(Path(place.file or "")))
    except (OSError, SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ImportFrom)
            and node.level
            and node.lineno <= (place.line or 0) <= (node.end_lineno or 0)
        ):
            return node
    return None


def _project_paths(project: Project) -> list[str]:
    """The folders of the generated package and of the project."""
    generated = [] if project.output is None else [str((project.root / project.output).resolve().parent)]
    return [*generated, str(project.root.resolve())]


def _is_found_in(top: str, paths: Sequence[str]) -> bool:
    """Whether a top-level package is found in one of the folders as long as they come first."""
    if top in _NEVER_HIDDEN or top in sys.stdlib_module_names:
        return False
    names = [f"{top}.py", f"{top}/__init__.py"]
    if getattr(sys.modules.get(top), "__file__", None) is None:
        # A folder alone is a package only where nothing else of its name is one.
        names.append(top)
    return any(Path(path, name).exists() for path in paths for name in names)


def _names_in(module: str) -> list[str]:
    """What can be imported from a module that is there: its names, and the modules in it."""
    loaded = sys.modules.get(module)
    if loaded is None:
        return []
    names = [name for name in vars(loaded) if not name.startswith("_")]
    return [*names, *(found.name for found in pkgutil.iter_modules(getattr(loaded, "__path__", ())))]


def _modules_in(folder: Path) -> list[str]:
    """The modules and packages in a folder, by name."""
    if not folder.is_dir():
        return []
    entries = sorted(folder.iterdir())
    files = [entry.stem for entry in entries if entry.suffix == ".py"]
    return [name for name in (*files, *(inner.name for inner in _folders_in(folder))) if name.isidentifier()]


def _folders_in(folder: Path) -> Iterable[Path]:
    """The folders in a folder that have Python modules in them."""
    return [inner for inner in sorted(folder.iterdir()) if inner.name.isidentifier() and any(inner.glob("*.py"))]
