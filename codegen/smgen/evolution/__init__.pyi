from smgen.evolution.change_kinds import Level as Level
from smgen.evolution.changed_interfaces import (
    environment_gone as environment_gone,
    interface_changes as interface_changes,
    interface_level as interface_level,
    pipeline_gone as pipeline_gone,
)
from smgen.evolution.changes import ContractChange as ContractChange, worst_level as worst_level
from smgen.evolution.code_files import CodeFiles as CodeFiles
from smgen.evolution.contract_comparison import contract_changes as contract_changes
from smgen.evolution.interface import PipelineInterface as PipelineInterface, interface_of as interface_of
from smgen.evolution.versions import VERSION_TOO_LOW as VERSION_TOO_LOW, fitting_version as fitting_version
