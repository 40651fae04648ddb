"""The forms of what says which account, region, role, bucket or key is meant, and what is wrong with a text of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from smgen.diagnostics import nearest_name

# Each expression is bounded by the texts that it is held against: settings of a project, which its own team writes.
# "botocore" is the shape of that name in botocore 1.44.5; "S3" the user guide's page on the names of buckets; "KMS"
# the parameter KeyId of the KMS reference; "partitions" botocore's partitions.json.

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
#: botocore RoleArn, with the account that the pattern leaves open.
_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/?[a-zA-Z_0-9+=,.@\-_/]+")
_ROLE_NAME: Final = re.compile(r"(?:role/)?([a-zA-Z_0-9+=,.@\-_/]+)")
_ROLE_FORM: Final = "the ARN of an IAM role, arn:aws:iam::111122223333:role/NAME"
#: S3: 3 to 63 small letters, digits, dots and hyphens, between letters or digits.
_BUCKET: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
#: S3: what could be a bucket's name in us-east-1 before March 2018, and may still be one.
_OLD_BUCKET: Final = re.compile(r"[A-Za-z0-9._-]{3,255}")
_BUCKET_FORM: Final = "3 to 63 small letters, digits, '-' and '.', from a letter or digit to a letter or digit"
_LOCATION: Final = re.compile(r"(s3[an]?://)([^/]+)")
_ADDRESS: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
#: KMS: a key's id (of a multi-region key with mrk-), an alias, or the ARN of either.
_KEY_ID: Final = r"(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|mrk-[0-9a-f]{32})"
_ALIAS: Final = r"alias/[a-zA-Z0-9/_-]+"
_KEY: Final = re.compile(rf"{_KEY_ID}|{_ALIAS}|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{{12}}:(?:key/{_KEY_ID}|{_ALIAS})")
#: A key's place in an ARN, whatever the id is: placeholders and imported keys may have an id of another form.
_KEY_ARN: Final = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key|alias)/[a-zA-Z0-9/_-]+")
_KEY_FORM: Final = "the ARN of a KMS key, arn:aws:kms:REGION:111122223333:key/ID, a key's ID, or alias/NAME"

_REGION: Final = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+")
#: partitions: where in its part of the world a region lies; what stands before is open, this is not.
_DIRECTIONS: Final = frozenset(
    ("north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest")
)
#: partitions, without their pseudo regions; ``tests/aws`` compares.
REGIONS: Final = (
    *("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1"),
    *("ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"),
    *("ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1"),
    *("eu-central-1", "eu-central-2", "eu-isoe-west-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1"),
    *("eu-west-2", "eu-west-3", "eusc-de-east-1", "il-central-1", "me-central-1", "me-south-1", "me-west-1"),
    *("mx-central-1", "sa-east-1", "sa-west-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1"),
    *("us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-isob-west-1", "us-isof-east-1", "us-isof-south-1"),
    *("us-west-1", "us-west-2"),
)


@dataclass(frozen=True, slots=True)
class AccountValueProblem:
    """What is wrong with a text: in words, what belongs there, and the right text where there is one like it.

    ``certain`` is false where AWS may know more than smgen: a newer region, a bucket from before 2018.
    """

    words: str
    expected: str
    nearest: str | None = None
    certain: bool = True


def account_problem(text: str) -> AccountValueProblem | None:
    """What is wrong with the id of an account, or None: 12 digits."""
    if _ACCOUNT.fullmatch(text):
        return None
    digits = re.sub(r"[\s-]", "", text)
    nearest = digits if _ACCOUNT.fullmatch(digits) else None
    return AccountValueProblem("an account's id has 12 digits", "12 digits, such as 111122223333", nearest)


def region_problem(text: str) -> AccountValueProblem | None:
    """What is wrong with the name of a region, or None.

    A name that no region has is an error; one that a region may have by now is no certain problem.
    """
    if text in REGIONS:
        return None
    plain = re.sub(r"[\s_]+", "-", text.strip().lower())
    # A region's name with the letter of an availability zone behind it.
    plain = re.sub(r"(?<=[0-9])[a-f]$", "", plain)
    nearest = plain if plain in REGIONS else nearest_name(plain, REGIONS)
    possible = _REGION.fullmatch(text) is not None and text.rsplit("-", 2)[1] in _DIRECTIONS
    words = "no region of this name is known to smgen" if possible else "no region of AWS is called so"
    return AccountValueProblem(words, "a region such as us-east-1", nearest, certain=not possible)


def role_problem(text: str, account: str | None = None) -> AccountValueProblem | None:
    """What is wrong with the ARN of a role, or None; ``account`` helps to put it right."""
    if _ROLE.fullmatch(text):
        return None
    name = _ROLE_NAME.fullmatch(text)
    nearest = f"arn:aws:iam::{account}:role/{name[1]}" if name and account and _ACCOUNT.fullmatch(account) else None
    words = "a role's name is not its ARN" if name else "this is not the ARN of a role"
    return AccountValueProblem(words, _ROLE_FORM, nearest)


def account_of_role(arn: str) -> str | None:
    """The account in the ARN of a role; None for anything else."""
    found = _ROLE.fullmatch(arn)
    return None if found is None else found[1]


def bucket_problem(text: str) -> AccountValueProblem | None:
    """What is wrong with the name of a bucket, or None."""
    location = re.fullmatch(r"s3://([^/]*)(/.*)?", text, re.DOTALL)
    if location or "/" in text:
        expected = "the bucket's name, without s3:// and without a prefix"
        named = location[1] if location else text.partition("/")[0]
        nearest = named if named and bucket_problem(named) is None else None
        return AccountValueProblem("this is a location, not a bucket's name", expected, nearest)
    if 3 <= len(text) <= 63 and _BUCKET.fullmatch(text) and ".." not in text and not _ADDRESS.fullmatch(text):
        return None
    plain = re.sub(r"[^a-z0-9.-]+", "-", text.lower()).strip("-.")
    nearest = plain if plain != text and 3 <= len(plain) <= 63 and _BUCKET.fullmatch(plain) else None
    old = _OLD_BUCKET.fullmatch(text) is not None and not _ADDRESS.fullmatch(text)
    words = "only a bucket of us-east-1 from before March 2018 is called so" if old else "no bucket is called so"
    return AccountValueProblem(words, _BUCKET_FORM, nearest, certain=not old)


def location_problem(text: str) -> AccountValueProblem | None:
    """What is wrong with the bucket of a location in Amazon S3, or None; of an access point nothing is known."""
    found = _LOCATION.match(text)
    if found is None or found[2].startswith("arn:"):
        return None
    problem = bucket_problem(found[2])
    if problem is None:
        return None
    nearest = None if problem.nearest is None else f"{found[1]}{problem.nearest}{text[found.end() :]}"
    return replace(problem, nearest=nearest)


def key_problem(text: str) -> AccountValueProblem | None:
    """What is wrong with what names a KMS key, or None: a key's id or alias, or the ARN of either."""
    if _KEY.fullmatch(text) or _KEY_ARN.fullmatch(text):
        return None
    bare = re.fullmatch(r"[a-zA-Z0-9/_-]+", text)
    nearest = f"alias/{text}" if bare and not text.startswith("key/") else None
    return AccountValueProblem("this names no KMS key", _KEY_FORM, nearest)
