"""smgen: typed steps for Amazon SageMaker pipelines, checked offline and emitted as plain JSON."""
