from smgen.contract_model.artifact_types import (
    ArtifactType as ArtifactType,
    ArtifactTypes as ArtifactTypes,
    artifact_types_from_document as artifact_types_from_document,
)
from smgen.contract_model.aws_schemas import schema_of_shape as schema_of_shape
from smgen.contract_model.config_model_fields import (
    ConfigField as ConfigField,
    config_fields as config_fields,
    config_limits as config_limits,
)
from smgen.contract_model.folder_layout import (
    ARTIFACT_TYPES_FILE as ARTIFACT_TYPES_FILE,
    contract_files as contract_files,
)
from smgen.contract_model.framework_images import image_machine as image_machine
from smgen.contract_model.holes import (
    ABSENT as ABSENT,
    ENVIRONMENT_DEFAULTS as ENVIRONMENT_DEFAULTS,
    AbsentType as AbsentType,
    AssetHole as AssetHole,
    DefaultHole as DefaultHole,
    EachHole as EachHole,
    EnvironmentHole as EnvironmentHole,
    ExecutionHole as ExecutionHole,
    Hole as Hole,
    HyperparametersHole as HyperparametersHole,
    InputHole as InputHole,
    ItemHole as ItemHole,
    JoinHole as JoinHole,
    JsonHole as JsonHole,
    ListValue as ListValue,
    LiteralValue as LiteralValue,
    MergeHole as MergeHole,
    ObjectValue as ObjectValue,
    OutputLocationHole as OutputLocationHole,
    PropertyHole as PropertyHole,
    RawLiteral as RawLiteral,
    SettingHole as SettingHole,
    StepNameHole as StepNameHole,
    Value as Value,
    WhenHole as WhenHole,
    children as children,
    parse_value as parse_value,
    walk as walk,
)
from smgen.contract_model.json_schemas import (
    parameters_of_json_schema as parameters_of_json_schema,
    report_of_json_schema as report_of_json_schema,
    schema_of_json_schema as schema_of_json_schema,
)
from smgen.contract_model.model import (
    SCALAR_TYPES as SCALAR_TYPES,
    DependencySpec as DependencySpec,
    EnvironmentImage as EnvironmentImage,
    FrameworkImage as FrameworkImage,
    InputPort as InputPort,
    MetricSpec as MetricSpec,
    OutputPort as OutputPort,
    OutputSpec as OutputSpec,
    ParameterSpec as ParameterSpec,
    PropertyReference as PropertyReference,
    Renaming as Renaming,
    ReportFile as ReportFile,
    ReportNode as ReportNode,
    SettingDefault as SettingDefault,
    SettingSpec as SettingSpec,
    SourceSpec as SourceSpec,
    is_scalar as is_scalar,
)
from smgen.contract_model.names import (
    CONFIG_ATTRIBUTES as CONFIG_ATTRIBUTES,
    PORT_ATTRIBUTES as PORT_ATTRIBUTES,
    REPORT_ATTRIBUTES as REPORT_ATTRIBUTES,
    class_name as class_name,
    module_name as module_name,
    python_identifier as python_identifier,
)
from smgen.contract_model.needs import Need as Need, needs_of as needs_of
from smgen.contract_model.output_folders import folder_of as folder_of, output_folder as output_folder
from smgen.contract_model.parsing import (
    canonical_document as canonical_document,
    contract_from_document as contract_from_document,
)
from smgen.contract_model.registry import (
    ContractRegistry as ContractRegistry,
    ContractSource as ContractSource,
    contract_registry as contract_registry,
)
from smgen.contract_model.request_editing import member as member
from smgen.contract_model.request_images import default_image as default_image
from smgen.contract_model.script_mode import (
    CODE_FOLDER as CODE_FOLDER,
    RESERVED_PREFIX as RESERVED_PREFIX,
    model_ports as model_ports,
)
from smgen.contract_model.settings import limits_in_words as limits_in_words, setting_schemas as setting_schemas
from smgen.contract_model.step_contract import (
    StepContract as StepContract,
    StepSpecification as StepSpecification,
    deferred_contract as deferred_contract,
)
from smgen.contract_model.step_face import (
    VARIABLE_OF_JSON as VARIABLE_OF_JSON,
    MemberForm as MemberForm,
    PortArgument as PortArgument,
    ReportMember as ReportMember,
    config_argument as config_argument,
    located_outputs as located_outputs,
    port_arguments as port_arguments,
    report_members as report_members,
)
from smgen.contract_model.tuning import (
    MODEL_FILE as MODEL_FILE,
    MODEL_FOLDER as MODEL_FOLDER,
    hyperparameter_form as hyperparameter_form,
    is_derived_tuning as is_derived_tuning,
    is_tunable as is_tunable,
    of_rank as of_rank,
    request_value as request_value,
    tunable_hyperparameters as tunable_hyperparameters,
    tuned_outputs as tuned_outputs,
    tuning_contract as tuning_contract,
    tuning_obstacles as tuning_obstacles,
)
from smgen.contract_model.value_schema import (
    Scalar as Scalar,
    ValueSchema as ValueSchema,
    ValueType as ValueType,
    pattern_matcher as pattern_matcher,
    pattern_problem as pattern_problem,
    value_problem as value_problem,
)
from smgen.contract_model.value_text import describe_schema as describe_schema, nearest_value as nearest_value
