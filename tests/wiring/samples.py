"""Small contracts for the tests of the resolver."""

from collections.abc import Mapping

from smgen.contracts import ArtifactType, ArtifactTypes, StepContract, contract_from_document
from smgen.documents import JsonObject

_OUTPUTS = "ProcessingOutputConfig.Outputs"

TYPES = ArtifactTypes(
    {
        "Dataset": ArtifactType("Dataset"),
        "TrainingData": ArtifactType("TrainingData", "Dataset"),
        "Model": ArtifactType("Model"),
        "Report": ArtifactType("Report"),
    }
)


def contract(
    name: str, inputs: Mapping[str, JsonObject] | None = None, outputs: Mapping[str, JsonObject] | None = None
) -> StepContract:
    """A contract with these ports; the type of a port is Dataset unless it says another."""
    document: JsonObject = {
        "name": name,
        "version": "1.0.0",
        "kind": "Processing",
        "owner": "tests",
        "description": "",
        "inputs": {port: {"type": "Dataset", **value} for port, value in (inputs or {}).items()},
        "outputs": {
            port: {
                "type": "Dataset",
                "property_path": f"ProcessingOutputConfig.Outputs['{port}'].S3Output.S3Uri",
                **value,
            }
            for port, value in (outputs or {}).items()
        },
        "request": {},
    }
    return contract_from_document(document)
