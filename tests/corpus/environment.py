"""The account that the rebuilt pipelines are built for: what their definitions hold in place of the placeholders."""

from __future__ import annotations

from smgen.runtime import Environment

ENVIRONMENT = Environment(
    "dev",
    account="111122223333",
    region="us-east-1",
    role="arn:aws:iam::111122223333:role/CorpusPipelineRole",
    bucket="corpus-dev-111122223333",
    images={
        "scikit-learn": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
        "xgboost": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
    },
    # The bucket of AWS's samples.
    values={"sample_bucket": "sample-files"},
)
