from smgen.contract_model import *  # noqa: F403 - all names of the model, which its own stub lists
from smgen.contracts.checking import registry_findings as registry_findings
from smgen.contracts.reading import (
    ContractReading as ContractReading,
    read_contracts as read_contracts,
    read_what_is_readable as read_what_is_readable,
)
from smgen.contracts.request_explanation import (
    ExplainedMember as ExplainedMember,
    explained_request as explained_request,
)
from smgen.contracts.rules import rule_findings as rule_findings
from smgen.contracts.unread import (
    brought_in_files as brought_in_files,
    packed_folders as packed_folders,
    unread_beside as unread_beside,
    unread_findings as unread_findings,
)
