from smgen.contract_model import *  # noqa: F403 - all names of the model, which its own stub lists
from smgen.contracts.reading import read_contracts as read_contracts, read_what_is_readable as read_what_is_readable
from smgen.contracts.rules import rule_findings as rule_findings
from smgen.contracts.unread import unread_findings as unread_findings
