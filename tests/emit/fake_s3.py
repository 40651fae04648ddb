"""An S3 client for tests: a bucket in memory that counts its calls and fails where it is told to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from botocore.exceptions import ClientError


def error(code: str, call: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "told to"}}, call)


@dataclass
class FakeS3:
    """``objects`` by ``bucket/key``; ``fail_at`` is the number (from 1) of the put that fails."""

    objects: dict[str, bytes] = field(default_factory=dict[str, bytes])
    fail_at: int | None = None
    forbidden: bool = False
    heads: list[Mapping[str, object]] = field(default_factory=list[Mapping[str, object]])
    puts: list[Mapping[str, object]] = field(default_factory=list[Mapping[str, object]])
    _lock: Lock = field(default_factory=Lock)

    def head_object(self, **request: str) -> Mapping[str, object]:
        with self._lock:
            self.heads.append(dict(request))
        if self.forbidden:
            raise error("403", "HeadObject")
        content = self.objects.get(f"{request['Bucket']}/{request['Key']}")
        if content is None:
            raise error("404", "HeadObject")
        return {"ContentLength": len(content), "ETag": "e"}

    def put_object(self, **request: object) -> Mapping[str, object]:
        with self._lock:
            self.puts.append({name: value for name, value in request.items() if name != "Body"})
            if len(self.puts) == self.fail_at:
                raise error("AccessDenied", "PutObject")
            content = request["Body"]
            assert isinstance(content, bytes)
            self.objects[f"{request['Bucket']}/{request['Key']}"] = content
        return {"ETag": "e"}
