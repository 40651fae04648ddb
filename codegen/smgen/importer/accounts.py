"""Which account and region a definition belongs to: told by the ARNs, queues and images in it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from smgen.definition import Definition
from smgen.documents import JsonValue, walk

_ROLE: Final = re.compile(r"arn:[^:\s]*:iam::(\d{12}):role/")
_ARN: Final = re.compile(r"arn:[^:\s]*:[a-z0-9-]*:([a-z0-9-]*):(\d{12}):")
_QUEUE: Final = re.compile(r"://(?:sqs|queue)\.([a-z0-9-]+)\.[a-z.]+/(\d{12})/")
#: An image in a registry of AWS: its region, and the repository with what stands behind it.
REGISTRY: Final = re.compile(r"\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+/(\S+)")
#: What names an account, or a part of one account's network.
OF_ACCOUNT: Final = re.compile(rf"{_ARN.pattern}|{_QUEUE.pattern}|(?:subnet|sg|vpc)-[0-9a-f]{{8,17}}\b")


@dataclass(frozen=True, slots=True)
class Account:
    """An account by its number, and a region in it; None where nothing says it."""

    account: str | None = None
    region: str | None = None

    def may_be(self, other: Account) -> bool:
        """Whether nothing that is known of both differs."""
        pairs = ((self.account, other.account), (self.region, other.region))
        return all(one is None or two is None or one == two for one, two in pairs)


def account_in(value: JsonValue) -> str | None:
    """The account of a role, of another resource or of a queue that a text names."""
    if not isinstance(value, str):
        return None
    role = _ROLE.match(value)
    if role is not None:
        return role[1]
    found = _QUEUE.search(value) or _ARN.search(value)
    return None if found is None else found[2]


def region_in(value: JsonValue) -> str | None:
    """The region of a resource, of a queue or of an image that a text names."""
    if not isinstance(value, str):
        return None
    found = _ARN.search(value) or _QUEUE.search(value)
    if found is not None and found[1]:
        return found[1]
    registry = REGISTRY.search(value)
    return None if registry is None else registry[1]


def account_of_arn(arn: str | None) -> Account:
    """The account and region of a resource."""
    found = None if arn is None else _ARN.match(arn)
    return Account() if found is None else Account(found[2], found[1] or None)


def account_of(definition: Definition) -> Account:
    """The account and region that a definition names most often; of equally many the first."""
    accounts, regions = Counter[str](), Counter[str]()
    for _, value in walk(definition.document):
        accounts.update(filter(None, [account_in(value)]))
        regions.update(filter(None, [region_in(value)]))
    return Account(*(next((item for item, _ in found.most_common(1)), None) for found in (accounts, regions)))
