from smgen.evolution.catalogue import Level as Level
from smgen.evolution.changes import Change as Change, worst_level as worst_level
from smgen.evolution.comparing import contract_changes as contract_changes
from smgen.evolution.versions import fitting_version as fitting_version
