"""Corpus 08: a Lambda function finds the approved model, which scores a batch once the batch has passed a check."""

from __future__ import annotations

from dataclasses import replace

from smgen.runtime import Environment, External, FluentPipelineBuilder
from smgen_steps import batch_transform, create_model, data_quality_check
from tests.corpus import environment
from tests.corpus.golden.corpus_steps import approved_model_lookup

NAME = "pipeline"
ENVIRONMENT = replace(
    environment.ENVIRONMENT,
    model_package_groups={"mammography": "mammo-severity-package-group"},
    values={"lookup_function": "arn:aws:lambda:us-east-1:111122223333:function:approved-model"},
)


def batch_inference_quality(p: FluentPipelineBuilder, env: Environment) -> None:
    """Adds the parameters and steps for one environment."""
    p.string("ProcessingInstanceType", default="ml.m5.xlarge")
    p.integer("ProcessingInstanceCount", default=1)
    batch = p.string("transform_input", default=env.uri("None/data/batch-dataset/mammo-batch-dataset.csv"))

    lookup = p.add_step(
        "LambdaStep",
        approved_model_lookup.StepBuilder(
            approved_model_lookup.Config(
                function_arn=env.text("lookup_function"),
                model_package_group_name=env.model_package_group("mammography"),
            )
        ),
    )
    model = p.add_step(
        "Mammo-CreateModel-CreateModel",
        create_model.StepBuilder(create_model.Config(image=lookup.image_uri), model=lookup.model),
    )
    monitoring = p.add_step(
        "MonitorCustomerChurnDataQuality-monitoring",
        data_quality_check.StepBuilder(
            data_quality_check.Config(
                dataset_format='{"csv": {"header": false, "output_columns_position": "START"}}',
            ),
            data=External(batch),
            supplied_statistics=lookup.baseline_statistics,
            supplied_constraints=lookup.baseline_constraints,
        ),
    )
    p.add_step(
        "MonitorCustomerChurnDataQuality-transform",
        batch_transform.StepBuilder(
            batch_transform.Config(content_type="text/csv", split_type="Line"),
            model=model.model,
            input_data=External(batch),
        ),
        after=[monitoring],
    )
