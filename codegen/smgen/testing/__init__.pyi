from smgen.testing.compiled_for_tests import PipelineFunction as PipelineFunction, compile_pipeline as compile_pipeline
from smgen.testing.snapshots import assert_snapshot as assert_snapshot
from smgen.testing.tested_execution import Branch as Branch, TestedExecution as TestedExecution
from smgen.testing.tested_pipeline import GivenValues as GivenValues, TestedPipeline as TestedPipeline
from smgen.testing.tested_step import TestedStep as TestedStep
