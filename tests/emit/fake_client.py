"""A SageMaker client for tests: answers from memory, counts its calls, and fails where it is told to."""

import threading
from collections.abc import Mapping
from typing import cast

from botocore.exceptions import ClientError


def error(code: str, message: str = "", call: str = "DescribePipeline") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, call)


class FakeClient:
    """An account of pipelines; ``answers`` gives a definition, a whole answer, or the errors before it, by name."""

    def __init__(self, answers: Mapping[str, object], *, page: int = 100, pause: float = 0) -> None:
        self.answers = dict(answers)
        self.page = page
        self.pause = threading.Event(), pause
        self.lists: list[dict[str, str | int]] = []
        self.described: list[str] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()

    def list_pipelines(self, **request: str | int) -> Mapping[str, object]:
        self.lists.append(dict(request))
        start = int(request.get("NextToken", 0))
        prefix = str(request.get("PipelineNamePrefix", ""))
        names = [name for name in self.answers if name.startswith(prefix)]
        page: dict[str, object] = {"PipelineSummaries": [{"PipelineName": n} for n in names[start : start + self.page]]}
        return page | ({"NextToken": str(start + self.page)} if start + self.page < len(names) else {})

    def describe_pipeline(self, **request: str) -> Mapping[str, object]:
        name = request["PipelineName"]
        with self._lock:
            self.described.append(name)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            event, seconds = self.pause
            if seconds:
                event.wait(seconds)
            answer = self.answers[name]
            if isinstance(answer, list):
                several = cast("list[object]", answer)
                answer = several.pop(0) if len(several) > 1 else several[0]
            if isinstance(answer, Exception):
                raise answer
            if isinstance(answer, dict):
                return cast("dict[str, object]", answer)
            return {"PipelineName": name, "PipelineDefinition": answer}
        finally:
            with self._lock:
                self._now -= 1
