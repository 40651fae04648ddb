"""What ``smgen breaking`` writes for programs: the form of findings, with the changes as they are."""

from __future__ import annotations

from smgen.cli.breaking_interfaces import interface_object
from smgen.diagnostics import finding_object, findings_document, json_text, well_formed
from smgen.workflows.breaking import BreakingReport, ChangedContract


def breaking_json(report: BreakingReport) -> str:
    """The JSON form of findings and of the state, with the contracts and the interfaces of pipelines that changed."""
    return json_text(
        {
            **findings_document(report.findings),
            "against": well_formed(report.against),
            "contracts": [_contract(contract) for contract in report.contracts],
            "interfaces": [interface_object(interface) for interface in report.interfaces.pipelines],
            "hit": [well_formed(name) for name in report.hit],
        }
    )


def _contract(contract: ChangedContract) -> dict[str, object]:
    changes = [
        {**finding_object(change.finding()), "level": change.level.value, "member": well_formed(change.member)}
        for change in contract.changes
    ]
    return {
        "name": well_formed(contract.name) or None,
        "owner": well_formed(contract.owner) or None,
        "before": contract.before,
        "after": contract.after,
        "level": contract.level.value,
        "pipelines": [well_formed(name) for name in contract.pipelines],
        "changes": changes,
    }
