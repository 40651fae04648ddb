"""Checks the source of a contract: its files, how it is launched, and the names that its launcher keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from smgen.contract_model.holes import LiteralValue
from smgen.contract_model.model import Distribution, SourceSpec
from smgen.contract_model.script_mode import LAUNCH_KINDS, RESERVED_PREFIX
from smgen.contract_model.step_contract import StepContract
from smgen.diagnostics import Finding, FindingsError, nearest_name
from smgen.documents import append_pointer, resolve_inside


def source_findings(contract: StepContract, root: Path) -> Iterator[Finding]:
    """SMG118 and SMG119 of the files that ``source`` names, SMG127 and SMG128 of the way in which it is launched."""
    source = contract.source
    if source is None:
        return
    yield from _file_findings(contract, source, root)
    yield from _launch_findings(contract, source)
    if source.launch == "toolkit":
        yield from _reserved_findings(contract)


def _file_findings(contract: StepContract, source: SourceSpec, root: Path) -> Iterator[Finding]:
    files = _Files(contract, root)
    yield from files.in_folder(source.directory, source.entry, "the script", "/source/entry")
    if source.requirements is not None:
        yield from files.in_folder(
            source.directory, source.requirements, "the file of requirements", "/source/requirements"
        )
    for index, dependency in enumerate(source.dependencies):
        yield from files.dependency(dependency, append_pointer("/source/dependencies", index))


class _Files:
    """Looks for the files that a contract names below its folder."""

    def __init__(self, contract: StepContract, root: Path) -> None:
        self.contract = contract
        self.root = root

    def in_folder(self, directory: str, name: str, what: str, pointer: str) -> Iterator[Finding]:
        """A file of the source's folder."""
        place = self.contract.place(pointer)
        try:
            folder = resolve_inside(self.root, directory, self.contract.place("/source/dir"))
            resolve_inside(folder, name, place)
            path = resolve_inside(self.root, f"{directory}/{name}", place)
        except FindingsError as error:
            yield from error.findings
            return
        if not path.is_file():
            given = name if directory == "." else f"{directory}/{name}"
            expected = "a file, relative to the folder of the contract"
            yield self.missing(path, what, pointer, given, expected, Path.is_file, name)

    def dependency(self, name: str, pointer: str) -> Iterator[Finding]:
        """A folder or file beside the script."""
        try:
            path = resolve_inside(self.root, name, self.contract.place(pointer))
        except FindingsError as error:
            yield from error.findings
            return
        if not path.exists():
            expected = "a folder or a file, relative to the folder of the contract"
            yield self.missing(path, "the dependency", pointer, name, expected, Path.exists, name)

    def missing(
        self, path: Path, what: str, pointer: str, given: str, expected: str, fits: Callable[[Path], bool], name: str
    ) -> Finding:
        """SMG119, with the path that was probably meant, written as the contract writes ``name``."""
        siblings = path.parent.iterdir() if path.parent.is_dir() else ()
        nearest = nearest_name(path.name, sorted(entry.name for entry in siblings if fits(entry)))
        if nearest is not None and "/" in name:
            nearest = f"{name.rpartition('/')[0]}/{nearest}"
        return Finding(
            "SMG119",
            f"{what} {'is a folder' if path.is_dir() else 'is not there'}",
            self.contract.place(pointer),
            given=given,
            expected=expected,
            nearest=nearest,
        )


def _launch_findings(contract: StepContract, source: SourceSpec) -> Iterator[Finding]:
    launch, kind = source.launch, contract.kind
    if launch is not None and kind not in LAUNCH_KINDS[launch]:
        fitting = [name for name, kinds in LAUNCH_KINDS.items() if kind in kinds]
        fix = None if fitting else 'leave out \'launch\', and write {"$asset": "code"} where the request takes it'
        message = f"a {kind} step launches no script by the convention '{launch}'"
        expected = ", ".join(fitting) or f"no convention: kind {kind} has none"
        yield _problem(contract, "launch", message, launch, expected, fix)
    if source.whole_folder and source.directory == ".":
        message = "the source is a whole folder, and that of the contracts is not meant to be packed"
        yield _problem(contract, "dir", message, source.directory, "the folder of the script", 'write "dir"')
    if launch != "toolkit":
        if source.by_channel:
            message = "only the toolkit of a framework container can be told to take its code from a channel"
            yield _problem(contract, "by_channel", message, launch or "no 'launch'", "toolkit")
        if source.distribution is not None:
            message = "only the toolkit of a framework container starts a script on several machines"
            yield _problem(contract, "distribution", message, launch or "no 'launch'", "toolkit")
    if source.distribution is not None:
        yield from _distribution_findings(contract, source.distribution)


def _distribution_findings(contract: StepContract, distribution: Distribution) -> Iterator[Finding]:
    """What a launcher is told that it does not take."""
    processes, kind = distribution.processes_per_host, distribution.type
    if processes is not None and kind != "mpi":
        message = f"the launcher '{kind}' is not told the number of its processes"
        yield _problem(contract, "distribution/processes_per_host", message, kind, "mpi")
    if isinstance(processes, LiteralValue) and isinstance(processes.value, int) and processes.value < 1:
        message, given = "a machine runs at least one process", str(processes.value)
        yield _problem(contract, "distribution/processes_per_host", message, given, "a number of 1 or more")
    if distribution.custom_mpi_options is not None and kind not in ("mpi", "smdataparallel"):
        message = f"the launcher '{kind}' takes no options of mpirun"
        yield _problem(contract, "distribution/custom_mpi_options", message, kind, "mpi, smdataparallel")


def _problem(
    contract: StepContract, member: str, message: str, given: str, expected: str, fix: str | None = None
) -> Finding:
    place = contract.place(append_pointer("/source", *member.split("/")))
    return Finding("SMG128", message, place, given=given, expected=expected, fix=fix)


def _reserved_findings(contract: StepContract) -> Iterator[Finding]:
    for parameter in contract.hyperparameters.values():
        if parameter.name.startswith(RESERVED_PREFIX):
            yield Finding(
                "SMG127",
                f"the hyperparameter '{parameter.name}' has a name that the training toolkit keeps for itself",
                contract.place(parameter.pointer, key=True),
                given=parameter.name,
                expected=f"a name that does not begin with {RESERVED_PREFIX}",
                fix="remove it; 'source' says it, or the request where it is written",
            )
