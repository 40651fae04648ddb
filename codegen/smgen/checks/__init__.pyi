from smgen.checks.cache_keys import CacheOfStep as CacheOfStep, caches_of as caches_of
from smgen.checks.catalogue import CHECKS as CHECKS
from smgen.checks.check_settings import (
    CheckSettings as CheckSettings,
    read_check_settings as read_check_settings,
    read_suppressions_beside as read_suppressions_beside,
)
from smgen.checks.context import Check as Check, CheckContext as CheckContext
from smgen.checks.contract_histories import unknown_source_findings as unknown_source_findings
from smgen.checks.contract_requests import contract_request_findings as contract_request_findings
from smgen.checks.dag_validator import DAGValidator as DAGValidator
from smgen.checks.engine import check_definition as check_definition
from smgen.checks.home import Home as Home
from smgen.checks.index import DefinitionIndex as DefinitionIndex, Use as Use, index_definition as index_definition
from smgen.checks.policy import Policy as Policy
from smgen.checks.start_values import start_findings as start_findings
from smgen.checks.step_locations import (
    is_of_parameters as is_of_parameters,
    shown_location as shown_location,
    symbolic_text as symbolic_text,
    writes_of as writes_of,
)
from smgen.checks.suppressions import (
    Suppressed as Suppressed,
    Suppression as Suppression,
    apply_suppressions as apply_suppressions,
    unused_suppression as unused_suppression,
)
