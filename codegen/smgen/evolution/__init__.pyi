from smgen.evolution.changed_interfaces import (
    environment_gone as environment_gone,
    interface_changes as interface_changes,
    pipeline_gone as pipeline_gone,
)
from smgen.evolution.interface import PipelineInterface as PipelineInterface, interface_of as interface_of
