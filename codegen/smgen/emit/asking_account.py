"""Whose account is asked: the caller's, or else the one in the ARN of what is deployed there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from smgen.aws import account_problem
from smgen.emit.deployment import deployed_state
from smgen.emit.service import SageMakerReader, ServiceError, StsClient, called, no_answer

#: Answers of STS that say nothing about the credentials.
_NOT_SAID: Final = ("AccessDenied", "AccessDeniedException", "RegionDisabledException")
_ACCOUNT_IN_ARN: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:([0-9]{12}):")


@dataclass(frozen=True, slots=True)
class AskedAccount:
    """An account's id of 12 digits, and who said so: STS of the caller, or the deployed pipeline's ARN."""

    account: str
    told_by: Literal["GetCallerIdentity", "DescribePipeline"]


def asked_account(sts: StsClient, sagemaker: SageMakerReader, pipeline: str) -> AskedAccount | None:
    """The account that calls go to; None where STS says nothing and no pipeline of that name is there.

    Raises ServiceError where neither can be asked, and for credentials that STS does not know or that have expired.
    """
    account: object = None
    try:
        account = called(sts.get_caller_identity, "GetCallerIdentity").get("Account")
    except ServiceError as error:
        # A network may have an endpoint of SageMaker and none of STS, or a policy may forbid to ask.
        if error.code and error.code not in _NOT_SAID:
            raise
    if isinstance(account, str) and account:
        if account_problem(account) is not None:
            raise no_answer("GetCallerIdentity", "the account is no number of 12 digits")
        return AskedAccount(account, "GetCallerIdentity")
    state = deployed_state(sagemaker, pipeline, tags=False)
    found = None if state is None else account_of_arn(state.arn)
    return None if found is None else AskedAccount(found, "DescribePipeline")


def account_of_arn(arn: str) -> str | None:
    """The account's id in an ARN; None where it has none."""
    found = _ACCOUNT_IN_ARN.match(arn)
    return None if found is None else found[1]
