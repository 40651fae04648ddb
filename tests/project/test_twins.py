"""Lists that two rooms hold, since neither may import the other, or since a type checker needs one written out."""

from typing import get_args

from smgen.aws.limits import JOB_EXCEPTIONS, OTHER_EXCEPTIONS, STEP_EXCEPTIONS
from smgen.runtime.step_settings import RetryException


def test_a_retry_is_typed_with_the_exceptions_that_are_checked() -> None:
    assert get_args(RetryException) == STEP_EXCEPTIONS + JOB_EXCEPTIONS + OTHER_EXCEPTIONS
