"""What to do where AWS refuses a call, or cannot be asked: credentials, regions, permissions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from smgen.diagnostics import nearest_name

NO_CREDENTIALS: Final = (
    "name a profile (--profile NAME, or AWS_PROFILE), make one with 'aws configure' or 'aws configure sso', or set "
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)
NO_REGION: Final = "write region in the environment's table of pyproject.toml, give --region, or set AWS_DEFAULT_REGION"
_SIGN_IN_AGAIN: Final = (
    "sign in again: 'aws sso login', with --profile where you name one; keys from elsewhere have to be fetched anew"
)
_OTHER_KEYS: Final = (
    "AWS does not know these keys: 'aws sts get-caller-identity' says whose are used; name another profile "
    "(--profile NAME, or AWS_PROFILE), or correct the keys"
)
_NO_CONNECTION: Final = "look at the region, at the network and its proxy, and at --endpoint-url"

_DENIED: Final = frozenset({"AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "403"})
_EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_UNKNOWN_KEYS: Final = frozenset(
    {
        "AuthFailure",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
#: By the names of botocore's own errors, which the service never saw.
_OF_BOTOCORE: Final[Mapping[str, str]] = {
    "NoCredentialsError": NO_CREDENTIALS,
    "PartialCredentialsError": NO_CREDENTIALS,
    "CredentialRetrievalError": NO_CREDENTIALS,
    "NoRegionError": NO_REGION,
    "SSOError": _SIGN_IN_AGAIN,
    "SSOTokenLoadError": _SIGN_IN_AGAIN,
    "UnauthorizedSSOTokenError": _SIGN_IN_AGAIN,
    "TokenRetrievalError": _SIGN_IN_AGAIN,
    "InvalidRegionError": "write a region such as eu-west-1",
    # Of what is given only the endpoint is looked at by Python alone.
    "ValueError": "write the endpoint with its scheme: https://host",
    "EndpointConnectionError": _NO_CONNECTION,
    "ConnectionClosedError": _NO_CONNECTION,
    "ConnectTimeoutError": _NO_CONNECTION,
    "ReadTimeoutError": _NO_CONNECTION,
    "ProxyConnectionError": _NO_CONNECTION,
    "SSLError": _NO_CONNECTION,
}
#: The actions that allow a call of S3, which are not called like it.
_ACTIONS_OF_S3: Final[Mapping[str, str]] = {
    "HeadObject": "s3:GetObject and s3:ListBucket",
    "PutObject": "s3:PutObject",
}
_WHO: Final = re.compile(r"User: (\S+)")
_ACTION: Final = re.compile(r"perform: ([A-Za-z0-9-]+:[A-Za-z0-9*]+)")
_RESOURCE: Final = re.compile(r"on resource: \"?([^\s\"]+)")
_BUCKET: Final = re.compile(r"s3://([^/]+)/")


def connection_fix(error: str, profile: str | None, profiles: Iterable[str]) -> str | None:
    """What to do about an error of botocore, by its class; ``profiles`` are those of the machine."""
    if error == "ProfileNotFound":
        known = tuple(profiles)
        nearest = nearest_name(profile or "", known)
        if nearest is not None:
            return f"write --profile {nearest}"
        return f"name one of {', '.join(known)}" if known else "there is none: make one with 'aws configure'"
    return _OF_BOTOCORE.get(error)


def service_fix(call: str, code: str, message: str) -> str | None:
    """What to do about an answer of AWS that is an error; ``call`` is AWS's name of it, for S3 with the location."""
    if code in _EXPIRED:
        return _SIGN_IN_AGAIN
    if code in _UNKNOWN_KEYS:
        return _OTHER_KEYS
    if code in _DENIED:
        return _allowing(call, message)
    bucket = _BUCKET.search(call)
    if code == "NoSuchBucket" and bucket is not None:
        return f"make the bucket {bucket[1]}, or correct bucket and asset_location of the environment"
    if code in ("301", "PermanentRedirect", "AuthorizationHeaderMalformed") and bucket is not None:
        return f"the bucket {bucket[1]} is in another region than the environment: correct one of the two"
    return None


def _allowing(call: str, message: str) -> str:
    """Which action on which resource somebody has to allow, as far as the answer says."""
    verb = call.partition(" ")[0]
    bucket = _BUCKET.search(call)
    action, resource, who = (pattern.search(message) for pattern in (_ACTION, _RESOURCE, _WHO))
    named = action[1] if action is not None else _ACTIONS_OF_S3.get(verb, f"sagemaker:{verb}")
    if resource is not None:
        where = f" on {resource[1]}"
    elif bucket is not None:
        where = f" on arn:aws:s3:::{bucket[1]} and arn:aws:s3:::{bucket[1]}/*"
    else:
        where = ""
    whom = f" to {who[1]}" if who is not None else ""
    if "explicit deny" in message:
        return f"a policy denies {named}{where}{whom} explicitly: have that statement changed"
    of_bucket = bucket is not None and named.startswith("s3:")
    owner = "; a bucket of another account than the environment's is refused as well" if of_bucket else ""
    return f"allow {named}{where}{whom} in a policy{owner}"
