"""A join of mixed values, a join in a join, and a parameter that only a failure reads."""

from smgen.runtime import Environment, Execution, External, FluentPipelineBuilder, join
from smgen_steps import model_evaluation


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    contact = p.string("Contact")
    evaluation = p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(
            model=External(join("/", env.uri(), "models", Execution.PIPELINE_NAME, "model.tar.gz")),
            test_data=External(env.uri("test.csv")),
        ),
    )
    error = evaluation.metrics.regression_metrics.mse.value
    words = join(" ", "error", error, 7, -0.5, True, "", "“quoted” {braces} %s", env.name)
    gate = p.condition("Gate", error > 1)
    gate.then.fail("Weak", join("\n", words, join("", "call ", contact), Execution.START_DATETIME))
