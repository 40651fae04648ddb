"""The code of a contract as something that a port takes: what serves a model is packed into it by a step before."""

from __future__ import annotations

from typing_extensions import Never

from smgen.authoring.builders import StepBuilder
from smgen.authoring.misuse import short, unchecked
from smgen.authoring.places import user_place
from smgen.authoring.proxies import StepOutputProxy
from smgen.authoring.references import A_co, External
from smgen.contract_model import StepContract
from smgen.diagnostics import Finding, FindingsError


class SourceCode(External[A_co]):
    """The archive of a contract's source, for a port that takes code; see :func:`source_code`."""

    __slots__ = ("__smgen_contract__",)

    def __init__(self, contract: StepContract) -> None:
        """``contract`` has a ``source``; where its archive will lie is known when the pipeline is built."""
        super().__init__(f"the code of contract {contract.name}")
        self.__smgen_contract__ = contract

    def __repr__(self) -> str:
        return f"source_code({self.__smgen_contract__.name})"


def source_code(builder: type[StepBuilder[StepOutputProxy]]) -> SourceCode[Never]:
    """The code that the contract of ``builder`` names as its ``source``, as an archive ``sourcedir.tar.gz``.

    Give it to the port of a step that repacks a model: ``inference_code=source_code(registration.StepBuilder)``. It is
    packed when the pipeline is built, like every source. Raises SMG207 for a builder whose contract has none, or has
    a single file.
    """
    given = unchecked(builder)
    contract: object = getattr(given, "STEP_CONTRACT", None)
    if not isinstance(contract, StepContract):
        raise _problem("the code of something was asked for that is no step builder", short(given))
    if contract.source is None:
        raise _problem(f"the contract {contract.name} has no code", contract.name)
    if not contract.source.is_archive:
        raise _problem(f"the code of contract {contract.name} is a single file and no archive", contract.source.entry)
    return SourceCode(contract)


def _problem(message: str, given: str) -> FindingsError:
    expected = "the StepBuilder of a module whose contract has a 'source' that is packed as a folder"
    return FindingsError([Finding("SMG207", message, user_place(), given=given, expected=expected)])
