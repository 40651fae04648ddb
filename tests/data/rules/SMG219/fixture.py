from smgen.runtime import External, FluentPipelineBuilder, ProxyFactory


def failing(p: FluentPipelineBuilder, steps: ProxyFactory) -> None:
    fit = p.add_step("Fit", steps.builder("Fit", data=External("s3://b/data")))
    p.add_step("Create", steps.builder("Serving", model=fit.output("model")))


def passing(p: FluentPipelineBuilder, steps: ProxyFactory) -> None:
    p.add_step("Create", steps.builder("Serving", model=External("s3://b/repacked/model.tar.gz")))
