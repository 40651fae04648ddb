"""A pipeline that only ends as failed."""

from smgen.runtime import Environment, Execution, FluentPipelineBuilder, join


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    p.fail("Off", join(" ", env.name, "is switched off, execution", Execution.PIPELINE_EXECUTION_ID))
