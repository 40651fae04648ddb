from smgen.emit.asking_account import AskedAccount as AskedAccount, asked_account as asked_account
from smgen.emit.deployed import (
    DeployedPipeline as DeployedPipeline,
    pipeline_names as pipeline_names,
    read_deployed as read_deployed,
)
from smgen.emit.deployment import (
    DeployedState as DeployedState,
    Deployment as Deployment,
    DeploymentSettings as DeploymentSettings,
    deploy as deploy,
    deployed_state as deployed_state,
    pipeline_tags as pipeline_tags,
    settings_that_differ as settings_that_differ,
    start as start,
)
from smgen.emit.publishing import (
    Published as Published,
    Upload as Upload,
    UploadSettings as UploadSettings,
    publish as publish,
    read_uploads as read_uploads,
)
from smgen.emit.reading_code import holds_asset as holds_asset
from smgen.emit.sdk_pipeline import (
    HasExpression as HasExpression,
    SdkPipeline as SdkPipeline,
    sagemaker_pipeline as sagemaker_pipeline,
    sdk_variable as sdk_variable,
)
from smgen.emit.service import (
    ConnectionSettings as ConnectionSettings,
    S3Client as S3Client,
    S3Reader as S3Reader,
    SageMakerClient as SageMakerClient,
    SageMakerReader as SageMakerReader,
    ServiceError as ServiceError,
    s3_client as s3_client,
    s3_reader as s3_reader,
    sagemaker_client as sagemaker_client,
    sts_client as sts_client,
)
from smgen.emit.starting_values import start_parameters as start_parameters, typed_values as typed_values
