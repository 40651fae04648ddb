"""Corpus 07: a worker behind a queue prepares taxi trips, among which Random Cut Forest finds the unusual ones."""

from __future__ import annotations

from dataclasses import replace

from smgen.runtime import Environment, External, FluentPipelineBuilder, join
from smgen_steps import batch_transform, create_model, random_cut_forest_training
from tests.corpus import environment
from tests.corpus.golden.corpus_steps import glue_preparation

NAME = "pipeline"
ENVIRONMENT = replace(
    environment.ENVIRONMENT,
    # The author's program took the image that serves the model from another list than that for training.
    images={"serving": "382416733822.dkr.ecr.us-east-1.amazonaws.com/randomcutforest:latest"},
    values={"glue_queue": "https://sqs.us-east-1.amazonaws.com/111122223333/pipeline_callbacks_glue_prep"},
)


def callback_glue_transform(p: FluentPipelineBuilder, env: Environment) -> None:
    """Adds the parameters and steps for one environment."""
    raw_data = env.uri("taxi/")
    p.string("InputData", default=raw_data)
    training_instances = p.integer("TrainingInstanceCount", default=1)
    run = p.string("IdOut", default="taxiout1795443225")
    bucket = env.uri().removeprefix("s3://")
    training_output = env.uri("model/output")

    preparation = p.add_step(
        "GluePrepCallbackStep",
        glue_preparation.StepBuilder(
            glue_preparation.Config(
                queue_url=env.text("glue_queue"),
                output_location=join("/", "s3:/", bucket, "taxi_output", run),
            ),
            raw_data=External(raw_data),
        ),
    )
    training = p.add_step(
        "TrainModel",
        random_cut_forest_training.StepBuilder(
            random_cut_forest_training.Config(
                num_samples_per_tree=200,
                num_trees=50,
                feature_dim=1,
                instance_type="ml.c5.xlarge",
                instance_count=training_instances,
                profiler_output=training_output,
                disable_profiler=False,
            ),
            training_data=preparation.prepared_data,
        ).with_output_locations(model_artifacts=training_output),
    )
    model = p.add_step(
        "TaxiModel-CreateModel",
        create_model.StepBuilder(
            create_model.Config(image=env.image("serving")),
            model=training.model_artifacts,
        ),
    )
    p.add_step(
        "TaxiTransform",
        batch_transform.StepBuilder(
            batch_transform.Config(
                content_type="text/csv",
                split_type="Line",
                accept="text/csv",
                assemble_with="Line",
                input_filter="$[0]",
                output_filter="$[0,-1]",
                join_source="Input",
            ),
            model=model.model,
            input_data=preparation.prepared_data,
        ).with_output_locations(predictions=env.uri("batch-out/")),
    )
