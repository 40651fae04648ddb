from smgen.aws.account_values import (
    REGIONS as REGIONS,
    AccountValueProblem as AccountValueProblem,
    account_of_role as account_of_role,
    account_problem as account_problem,
    bucket_problem as bucket_problem,
    key_problem as key_problem,
    location_problem as location_problem,
    region_problem as region_problem,
    role_problem as role_problem,
)
from smgen.aws.image_packages import (
    image_modules as image_modules,
    image_python as image_python,
    known_image_modules as known_image_modules,
)
from smgen.aws.images import (
    ACCELERATORS as ACCELERATORS,
    ImageProblem as ImageProblem,
    ImageQuestion as ImageQuestion,
    ImageRequest as ImageRequest,
    image_frameworks as image_frameworks,
    image_name as image_name,
    image_problem as image_problem,
    image_scope_of_kind as image_scope_of_kind,
    image_scopes as image_scopes,
    image_table_version as image_table_version,
    image_uri as image_uri,
    image_versions as image_versions,
    reports_metrics as reports_metrics,
)
from smgen.aws.kinds.pipelines import (
    CLEANUP as CLEANUP,
    CONDITION as CONDITION,
    FAIL as FAIL,
    FOR_EACH as FOR_EACH,
    OUTPUT_PARAMETERS as OUTPUT_PARAMETERS,
)
from smgen.aws.kinds.processing import PROCESSING_OUTPUTS as PROCESSING_OUTPUTS
from smgen.aws.kinds.row import (
    COMMON_STEP_FIELDS as COMMON_STEP_FIELDS,
    JobGroup as JobGroup,
    JobPlaces as JobPlaces,
    LaunchConvention as LaunchConvention,
    NamedList as NamedList,
    Read as Read,
    Service as Service,
    StepField as StepField,
    StepKind as StepKind,
    Usual as Usual,
    Write as Write,
)
from smgen.aws.limits import (
    FOR_EACH_CONCURRENCY_MAX as FOR_EACH_CONCURRENCY_MAX,
    FOR_EACH_ITEMS_MAX as FOR_EACH_ITEMS_MAX,
    RetryException as RetryException,
    cache_duration_problem as cache_duration_problem,
    description_problem as description_problem,
    display_name_problem as display_name_problem,
    parameter_name_problem as parameter_name_problem,
    pipeline_name_problem as pipeline_name_problem,
    retry_policy_problems as retry_policy_problems,
    step_name_problem as step_name_problem,
)
from smgen.aws.pipeline_shapes import members_of_the_step as members_of_the_step
from smgen.aws.property_paths import (
    IndexPart as IndexPart,
    KeyPart as KeyPart,
    Leaf as Leaf,
    LeafType as LeafType,
    MemberPart as MemberPart,
    PathPart as PathPart,
    PathProblem as PathProblem,
    PropertyPath as PropertyPath,
    element_of as element_of,
    parse_property_path as parse_property_path,
    properties_shape as properties_shape,
    property_leaf as property_leaf,
    request_member as request_member,
    request_shape as request_shape,
    step_field_member as step_field_member,
    step_field_shape as step_field_shape,
)
from smgen.aws.request_paths import (
    CODE_TEXTS as CODE_TEXTS,
    EACH as EACH,
    Found as Found,
    Path as Path,
    property_at as property_at,
    values_at as values_at,
    way as way,
)
from smgen.aws.rules_between_members import (
    MemberProblem as MemberProblem,
    MemberRule as MemberRule,
    edge_text as edge_text,
    member_problems as member_problems,
    member_rules as member_rules,
)
from smgen.aws.service_shapes import (
    Member as Member,
    ServiceModel as ServiceModel,
    Shape as Shape,
    ShapeType as ShapeType,
    service_model as service_model,
    works_in_pydantic as works_in_pydantic,
    works_in_python as works_in_python,
)
from smgen.aws.step_kinds import STEP_KINDS as STEP_KINDS, step_kind as step_kind, tuning_kind as tuning_kind
from smgen.aws.value_problems import (
    ANY_TEXT as ANY_TEXT,
    NOUNS as NOUNS,
    ONE_LINE as ONE_LINE,
    ValueProblem as ValueProblem,
    is_machine as is_machine,
    is_newer_machine as is_newer_machine,
    range_in_words as range_in_words,
    scalar_problem as scalar_problem,
    shape_in_words as shape_in_words,
)
