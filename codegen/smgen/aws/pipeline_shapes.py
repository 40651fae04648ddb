"""Shapes that no AWS model has: what a pipeline document itself defines, written down by hand for the pruned table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smgen.aws.limits import (
    FOR_EACH_CONCURRENCY_MAX,
    FOR_EACH_ITEMS_MAX,
    RETRY_ATTEMPTS_MAX,
    RETRY_EXCEPTIONS,
    RETRY_EXPIRE_MINUTES_MAX,
    RETRY_INTERVAL_SECONDS_MAX,
)
from smgen.aws.service_shapes import Member, Shape

# Sources, where no other is named: to_request() and properties of the step classes of sagemaker-mlops 1.27 (SDK 3.27).


@dataclass(frozen=True, slots=True)
class Derived:
    """A shape of AWS without some members, or with another shape or no obligation for some."""

    base: str
    without: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()


def _structure(name: str, required: tuple[str, ...] = (), **members: tuple[str, str]) -> Shape:
    built = {member: Member(member, shape, text) for member, (shape, text) in members.items()}
    return Shape(name, "structure", members=built, required=required)


def _list(name: str, element: str, *, least: int | None = None, most: int | None = None) -> Shape:
    return Shape(name, "list", element=element, min=least, max=most)


def _map(name: str, value: str) -> Shape:
    return Shape(name, "map", key="pipelines.Text", value=value)


def _enum(name: str, *values: str) -> Shape:
    return Shape(name, "string", enum=values)


_SHAPES = (
    Shape("pipelines.Text", "string"),
    Shape("pipelines.Flag", "boolean"),
    Shape("pipelines.AnyValue", "document"),
    # Beside Arguments.
    _list("pipelines.DependsOn", "pipelines.AnyValue"),
    _structure(
        "pipelines.CacheConfig",
        Enabled=("pipelines.Flag", "Whether an earlier successful run with the same arguments may be reused."),
        ExpireAfter=("pipelines.Text", "How old that run may be, as an ISO 8601 duration such as P30D."),
    ),
    _list("pipelines.RetryPolicies", "pipelines.RetryPolicy"),
    _structure(
        "pipelines.RetryPolicy",
        required=("ExceptionType",),
        BackoffRate=("pipelines.BackoffRate", "The factor by which the interval grows with each attempt."),
        IntervalSeconds=("pipelines.IntervalSeconds", "Seconds before the first retry."),
        MaxAttempts=("pipelines.MaxAttempts", "The number of retries; excludes ExpireAfterMin."),
        ExpireAfterMin=("pipelines.ExpireAfterMin", "Minutes after which nothing is retried; excludes MaxAttempts."),
        ExceptionType=("pipelines.ExceptionTypes", "The exceptions that are retried."),
    ),
    Shape("pipelines.BackoffRate", "double", min=0),
    Shape("pipelines.IntervalSeconds", "integer", min=0, max=RETRY_INTERVAL_SECONDS_MAX),
    Shape("pipelines.MaxAttempts", "integer", min=0, max=RETRY_ATTEMPTS_MAX),
    Shape("pipelines.ExpireAfterMin", "integer", min=0, max=RETRY_EXPIRE_MINUTES_MAX),
    _list("pipelines.ExceptionTypes", "pipelines.ExceptionType"),
    _enum("pipelines.ExceptionType", *RETRY_EXCEPTIONS),
    _list("pipelines.PropertyFiles", "pipelines.PropertyFile"),
    _structure(
        "pipelines.PropertyFile",
        required=("PropertyFileName", "OutputName", "FilePath"),
        PropertyFileName=("pipelines.Text", "The name under which other steps read the file."),
        OutputName=("pipelines.Text", "The processing output that holds the file."),
        FilePath=("pipelines.Text", "The path of the file inside that output."),
    ),
    _list("pipelines.OutputParameters", "pipelines.OutputParameter"),
    _structure(
        "pipelines.OutputParameter",
        required=("OutputName", "OutputType"),
        OutputName=("pipelines.Text", "The key under which the value is returned."),
        OutputType=("pipelines.OutputType", "The type of the value."),
    ),
    _enum("pipelines.OutputType", "String", "Integer", "Boolean", "Float"),
    _enum("pipelines.QualityCheckType", "DATA_QUALITY", "MODEL_QUALITY"),
    _enum("pipelines.ClarifyCheckType", "DATA_BIAS", "MODEL_BIAS", "MODEL_EXPLAINABILITY"),
    # Arguments that are no request.
    _map("pipelines.NamedValues", "pipelines.AnyValue"),
    _list("pipelines.Steps", "pipelines.AnyValue"),
    _structure(
        "pipelines.ConditionArguments",
        required=("Conditions",),
        Conditions=("pipelines.Conditions", "The conditions that must all be true."),
        IfSteps=("pipelines.Steps", "The steps that run when they are."),
        ElseSteps=("pipelines.Steps", "The steps that run when they are not."),
    ),
    _list("pipelines.Conditions", "pipelines.AnyValue"),
    _structure(
        "pipelines.FailArguments",
        ErrorMessage=("String3072", "The message that becomes the failure reason of the execution."),
    ),
    _structure(
        "pipelines.EMRArguments",
        required=("StepConfig",),
        StepConfig=("pipelines.EMRStepConfig", "The step that the cluster runs."),
        ClusterId=("emr.ClusterId", "The running cluster; excludes ClusterConfig."),
        ExecutionRoleArn=("emr.ArnType", "The runtime role of the step; needs ClusterId."),
        ClusterConfig=("pipelines.EMRClusterConfig", "The cluster to start for this step; excludes ClusterId."),
    ),
    _structure(
        "pipelines.EMRServerlessArguments",
        required=("ExecutionRoleArn", "JobConfig"),
        ExecutionRoleArn=("emr-serverless.IAMRoleArn", "The role of the job; also stands in JobConfig."),
        JobConfig=("pipelines.EMRServerlessJobConfig", "The job run."),
        ApplicationId=("emr-serverless.ApplicationId", "An existing application; excludes ApplicationConfig."),
        ApplicationConfig=(
            "pipelines.EMRServerlessApplicationConfig",
            "The application to create; excludes ApplicationId.",
        ),
    ),
    _structure(
        "pipelines.LineageArguments",
        Actions=("pipelines.LineageActions", "The actions to record."),
        Artifacts=("pipelines.LineageArtifacts", "The artifacts to record."),
        Contexts=("pipelines.LineageContexts", "The contexts to record."),
        Associations=("pipelines.LineageAssociations", "The associations between them."),
    ),
    _list("pipelines.LineageActions", "CreateActionRequest"),
    _list("pipelines.LineageArtifacts", "CreateArtifactRequest"),
    _list("pipelines.LineageContexts", "CreateContextRequest"),
    _list("pipelines.LineageAssociations", "pipelines.LineageAssociation"),
    _structure(
        "pipelines.LineageAssociation",
        required=("Source", "Destination"),
        Source=("pipelines.LineageEntity", "Where the association starts."),
        Destination=("pipelines.LineageEntity", "Where it ends."),
        AssociationType=("AssociationEdgeType", "The type of the association."),
    ),
    _structure(
        "pipelines.LineageEntity",
        Name=("pipelines.Text", "The name of an entity of the same step; needs Type."),
        Type=("pipelines.LineageEntityType", "The type of that entity."),
        Arn=("pipelines.Text", "The ARN of an entity made elsewhere; excludes Name and Type."),
    ),
    _enum("pipelines.LineageEntityType", "Action", "Artifact", "Context"),
    _structure(
        "pipelines.CleanupArguments",
        required=("Resources",),
        Resources=("pipelines.CleanupResources", "What is deleted."),
    ),
    _structure(
        "pipelines.CleanupResources", S3=("pipelines.CleanupSources", "The steps whose Amazon S3 outputs are deleted.")
    ),
    _list("pipelines.CleanupSources", "pipelines.CleanupSource", least=1),
    _structure(
        "pipelines.CleanupSource",
        required=("StepName",),
        StepName=("StepName", "The step that wrote the objects."),
        S3Uris=("pipelines.CleanupUris", "The objects, for a Processing or Transform step."),
    ),
    _list("pipelines.CleanupUris", "pipelines.Text", least=1),
    _structure(
        "pipelines.ForEachArguments",
        required=("IterableItems", "MaxConcurrency", "ForEachBody"),
        IterableItems=("pipelines.ForEachItems", "The items, or a reference to a JSON list of them."),
        MaxConcurrency=("pipelines.ForEachConcurrency", "How many steps of the body run at once."),
        Selector=("pipelines.ForEachSelector", "Picks one iteration by comparing an output of the body."),
        ForEachBody=("pipelines.Steps", "The steps that run once per item."),
    ),
    _list("pipelines.ForEachItems", "pipelines.AnyValue", least=1, most=FOR_EACH_ITEMS_MAX),
    Shape("pipelines.ForEachConcurrency", "integer", min=1, max=FOR_EACH_CONCURRENCY_MAX),
    _structure(
        "pipelines.ForEachSelector",
        required=("Pick", "Field"),
        Pick=("pipelines.ForEachPick", "Which iteration is picked."),
        Field=("pipelines.AnyValue", "The output that is compared, as a reference below IterationOutput."),
    ),
    _enum("pipelines.ForEachPick", "MaxBy", "MinBy"),
    # Properties that are no response.
    _structure(
        "pipelines.OutputParametersProperties",
        OutputParameters=("pipelines.OutputValues", "The values that the step returned, by OutputName."),
    ),
    _map("pipelines.OutputValues", "pipelines.Text"),
    # Texts of QualityCheckStepMetadata and ClarifyCheckStepMetadata, which name the same files.
    _structure(
        "pipelines.QualityCheckProperties",
        CalculatedBaselineStatistics=("String1024", "The Amazon S3 URI of the newly calculated baseline statistics."),
        CalculatedBaselineConstraints=("String1024", "The Amazon S3 URI of the newly calculated baseline constraints."),
        BaselineUsedForDriftCheckStatistics=("String1024", "The Amazon S3 URI of the statistics that were checked."),
        BaselineUsedForDriftCheckConstraints=("String1024", "The Amazon S3 URI of the constraints that were checked."),
    ),
    _structure(
        "pipelines.ClarifyCheckProperties",
        CalculatedBaselineConstraints=("String1024", "The Amazon S3 URI of the newly calculated baseline constraints."),
        BaselineUsedForDriftCheckConstraints=("String1024", "The Amazon S3 URI of the constraints that were checked."),
    ),
    _structure(
        "pipelines.AutoMLProperties",
        BestCandidateProperties=("pipelines.BestCandidateProperties", "Reports about the best candidate."),
    ),
    _structure(
        "pipelines.BestCandidateProperties",
        ModelInsightsJsonReportPath=("pipelines.Text", "The Amazon S3 URI of the model insights report."),
        ExplainabilityJsonReportPath=("pipelines.Text", "The Amazon S3 URI of the explainability report."),
    ),
    _structure(
        "pipelines.ForEachProperties",
        Status=("ForEachStatus", "The status of the step."),
        InputItemCount=("pipelines.Count", "The number of items."),
        TotalStepCount=("pipelines.Count", "The number of steps that were started over all iterations."),
        SucceededStepCount=("pipelines.Count", "The number of those that succeeded."),
        FailedStepCount=("pipelines.Count", "The number of those that failed."),
        StoppedStepCount=("pipelines.Count", "The number of those that were stopped."),
        IterationOutputs=("pipelines.IterationOutputs", "The outputs of one iteration, by the name of the body step."),
        Selected=("pipelines.SelectedOutputs", "The outputs of the iteration that the selector picked."),
    ),
    Shape("pipelines.Count", "integer", min=0),
    _list("pipelines.IterationOutputs", "pipelines.IterationOutput"),
    # A body step's name and at least one of its properties; then at least one property.
    Shape("pipelines.IterationOutput", "document", min=2),
    Shape("pipelines.SelectedOutputs", "document", min=1),
)

PIPELINE_SHAPES: Mapping[str, Shape] = {shape.name: shape for shape in _SHAPES}
"""The hand-written shapes by name."""

DERIVED_SHAPES: Mapping[str, Derived] = {
    # The name of the step is set when it runs.
    "pipelines.EMRStepConfig": Derived("emr.StepConfig", without=("Name",)),
    # emr_step.py of the SDK refuses these members.
    "pipelines.EMRClusterConfig": Derived(
        "emr.RunJobFlowInput",
        without=("Name", "Steps", "AutoTerminationPolicy"),
        replaced=(("Instances", "pipelines.EMRInstances"),),
    ),
    "pipelines.EMRInstances": Derived(
        "emr.JobFlowInstancesConfig", without=("KeepJobFlowAliveWhenNoSteps", "TerminationProtected")
    ),
    # The application's id is not known when the step creates the application.
    "pipelines.EMRServerlessJobConfig": Derived(
        "emr-serverless.StartJobRunRequest", without=("clientToken",), optional=("applicationId",)
    ),
    "pipelines.EMRServerlessApplicationConfig": Derived(
        "emr-serverless.CreateApplicationRequest", without=("clientToken",)
    ),
}
"""Requests of AWS of which a step takes a part."""


def members_of_the_step(shape: str) -> tuple[str, ...]:
    """The members of AWS's own shape that a step of a pipeline gives by itself, so that nobody else may."""
    return DERIVED_SHAPES[shape].without if shape in DERIVED_SHAPES else ()
