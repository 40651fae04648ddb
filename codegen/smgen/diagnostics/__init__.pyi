from smgen.diagnostics.counting import counted as counted, first_of as first_of
from smgen.diagnostics.errors import FindingsError as FindingsError
from smgen.diagnostics.escaping import bounded as bounded, visible as visible
from smgen.diagnostics.finding import (
    Details as Details,
    Finding as Finding,
    Place as Place,
    Subject as Subject,
    sorted_findings as sorted_findings,
)
from smgen.diagnostics.machine import (
    finding_object as finding_object,
    findings_document as findings_document,
    json_text as json_text,
    well_formed as well_formed,
)
from smgen.diagnostics.nearest import is_slip as is_slip, nearest_name as nearest_name
from smgen.diagnostics.rendering import Format as Format, render as render
from smgen.diagnostics.rule_modules import rule_checks as rule_checks
from smgen.diagnostics.rules import (
    RULES as RULES,
    Rule as Rule,
    Severity as Severity,
    read_rule as read_rule,
    rule_page as rule_page,
)
from smgen.diagnostics.sarif import sarif_log as sarif_log
from smgen.diagnostics.text import place_in_file as place_in_file
