from smgen.definition.alignment import forgiven as forgiven
from smgen.definition.change_lists import (
    Change as Change,
    ChangeKind as ChangeKind,
    changes as changes,
    naming_member as naming_member,
    shown_value as shown_value,
    value_changes as value_changes,
)
from smgen.definition.change_text import change_lines as change_lines
from smgen.definition.comparing import (
    DefinitionComparison as DefinitionComparison,
    Difference as Difference,
    DifferenceKind as DifferenceKind,
    Unexplained as Unexplained,
    compare as compare,
)
from smgen.definition.definition import (
    Branch as Branch,
    Definition as Definition,
    Dependency as Dependency,
    Parameter as Parameter,
    PropertyFile as PropertyFile,
    Step as Step,
)
from smgen.definition.definition_reading import (
    DEFINITION_VERSION as DEFINITION_VERSION,
    dump_definition as dump_definition,
    parse_definition as parse_definition,
)
from smgen.definition.normalisations import (
    ALL as ALL,
    DEPLOYED as DEPLOYED,
    IMPORTED as IMPORTED,
    N1 as N1,
    N2 as N2,
    N3 as N3,
    N4 as N4,
    N5 as N5,
    N6 as N6,
    N7 as N7,
    N8 as N8,
    N9 as N9,
    N10 as N10,
    N11 as N11,
    Application as Application,
    Normalisation as Normalisation,
    Normalised as Normalised,
    normalise as normalise,
    normalise_pair as normalise_pair,
)
from smgen.definition.provenance import (
    AssetProvenance as AssetProvenance,
    AutoBinding as AutoBinding,
    ExternalBinding as ExternalBinding,
    PortBinding as PortBinding,
    Provenance as Provenance,
    ReferenceBinding as ReferenceBinding,
    StepProvenance as StepProvenance,
)
from smgen.definition.shape import BranchName as BranchName, StepScope as StepScope
