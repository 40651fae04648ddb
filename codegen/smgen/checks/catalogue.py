"""The list of all rules over definitions, in the order in which they run.

A rule with a function of its own is a module of `smgen.checks.rules` and needs no line here. A module with several
imports `CheckContext` from `smgen.checks.context` and `DefinitionIndex` from `smgen.checks.index`, never the engine.
"""

from __future__ import annotations

from typing import Final

from smgen.checks.branches_and_loops import check_loop_items, check_scopes
from smgen.checks.cache_and_retry import cache_findings, retry_findings
from smgen.checks.cache_keys import check_cache_keys
from smgen.checks.condition_types import check_condition_types
from smgen.checks.context import Check
from smgen.checks.definition_limits import name_findings, parameter_findings, size_findings, text_findings
from smgen.checks.deletions import check_deletions
from smgen.checks.duplicates import check_duplicates
from smgen.checks.foreign_arns import check_accounts
from smgen.checks.forms import check_condition_forms, check_execution_variables, check_forms
from smgen.checks.gpu_images import image_findings
from smgen.checks.hidden_edges import check_hidden_edges, check_shared_locations
from smgen.checks.hyperparameters import check_hyperparameters
from smgen.checks.kind_limits import check_kind_limits
from smgen.checks.model_files import check_model_files
from smgen.checks.model_sources import check_model_sources
from smgen.checks.parameters import check_parameters
from smgen.checks.policy_rules import policy_findings
from smgen.checks.requests import request_findings
from smgen.checks.rules import CHECKS as RULE_CHECKS
from smgen.checks.run_conditions import check_run_conditions
from smgen.checks.secrets import secret_findings
from smgen.checks.shared_prefixes import check_shared_prefixes
from smgen.checks.step_references import check_named_steps, check_property_file_outputs, check_step_references
from smgen.checks.structure import check_branches, check_members, check_property_files_are_read, check_step_kinds
from smgen.checks.tuning_rules import check_tuning

_OF_SERVICE: Final = "SMG400"

STRUCTURE: Final[tuple[Check, ...]] = (
    check_members,
    check_parameters,
    check_step_references,
    check_named_steps,
    check_property_file_outputs,
    check_model_files,
    check_scopes,
    check_loop_items,
    check_hidden_edges,
    check_shared_locations,
    check_shared_prefixes,
    check_condition_types,
    check_duplicates,
    check_forms,
    check_condition_forms,
    check_execution_variables,
    check_property_files_are_read,
    check_branches,
    check_step_kinds,
    check_run_conditions,
    check_deletions,
    *(check for rule, check in RULE_CHECKS.items() if rule < _OF_SERVICE),
)
"""The rules about the pipeline itself, SMG301 to SMG325: what its steps read from each other and what they wait for."""

SERVICE: Final[tuple[Check, ...]] = (
    name_findings,
    text_findings,
    parameter_findings,
    size_findings,
    cache_findings,
    check_cache_keys,
    check_kind_limits,
    check_tuning,
    check_hyperparameters,
    check_model_sources,
    retry_findings,
    request_findings,
    secret_findings,
    image_findings,
    check_accounts,
    policy_findings,
    *(check for rule, check in RULE_CHECKS.items() if rule >= _OF_SERVICE),
)
"""The rules about what AWS and the policy take, SMG207 and SMG400 to SMG437."""

CHECKS: Final[tuple[Check, ...]] = (*STRUCTURE, *SERVICE)
"""Every rule."""
