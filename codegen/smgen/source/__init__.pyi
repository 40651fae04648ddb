from smgen.source.auto_edits import (
    AutoEdit as AutoEdit,
    AutoSource as AutoSource,
    RewrittenModule as RewrittenModule,
    WrittenReference as WrittenReference,
    WrittenStep as WrittenStep,
)
from smgen.source.explicit_references import write_references as write_references
from smgen.source.import_reading import PackageImports as PackageImports, package_imports as package_imports
from smgen.source.module_checking import (
    check_source as check_source,
    function_lines as function_lines,
    parameter_lines as parameter_lines,
    statement_lines as statement_lines,
)
from smgen.source.module_file import ModuleFile as ModuleFile, read_module as read_module
from smgen.source.script_checking import script_findings as script_findings
from smgen.source.script_explaining import script_explanation as script_explanation
