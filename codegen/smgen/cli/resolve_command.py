"""``smgen resolve``: binds the ports of the steps of a DAG file, and explains each decision."""

from __future__ import annotations

from pathlib import Path

import click

from smgen.cli.findings import fail, format_option, reported
from smgen.cli.locations import contracts_folder, contracts_option


@click.command(name="resolve")
@click.argument("dag", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@contracts_option
@click.option("--explain", "explained", is_flag=True, help="Show the evidence for each decision, with its weight.")
@format_option
def command(dag: Path, contracts: Path | None, explained: bool, output_format: str) -> None:
    """Bind the ports of the steps in the file DAG, and say which are ambiguous or open.

    DAG is JSON: {"nodes": [{"name": "Train", "step": "XGBoostTraining"}], "edges": [["Prepare", "Train"]]}. A step is
    the name of a contract, or Contract:variant. An edge says that data may flow, not through which ports.
    """
    from smgen.contracts import read_contracts
    from smgen.documents import read_document, shown_path
    from smgen.wiring import dag_from_document, explain

    text = output_format == "text"
    with reported(output_format):
        folder = contracts_folder(contracts)
        document = read_document(dag, shown_as=shown_path(dag))
        registry = read_contracts(folder, shown_root=shown_path(folder))
        graph = dag_from_document(document, registry)
        graph.auto_resolve_dependencies()
        if graph.resolution is not None:
            click.echo(explain(graph.resolution, evidence=explained), nl=False, err=not text)
        findings = graph.validate()
        if findings:
            fail(findings, output_format)
