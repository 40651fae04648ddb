from smgen.evolution.change_kinds import Level as Level
from smgen.evolution.changes import ContractChange as ContractChange, worst_level as worst_level
from smgen.evolution.code_files import CodeFiles as CodeFiles
from smgen.evolution.contract_comparison import contract_changes as contract_changes
from smgen.evolution.versions import fitting_version as fitting_version
