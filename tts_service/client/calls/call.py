"""One call of the API: the request, and how its answer is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

from tts_service.client.errors import Unintelligible, error_of

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[_Result]):
    """A request, and how its answer is read."""

    method: str
    path: str
    read: Callable[[Any], _Result]
    """From the answer's JSON; None for an answer without a body."""
    json: Any = None
    content: bytes | None = None
    """What is sent instead of JSON."""
    params: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    once: bool = False
    """Whether it would do something twice if it was handled twice: it isn't sent again when its answer was lost."""
    binary: bool = False
    """Whether `read` gets the answer's bytes instead of its JSON."""

    def request(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        params = given(**self.params)
        return client.build_request(
            self.method, self.path, json=self.json, content=self.content, params=params, headers=self.headers
        )

    def result(self, answer: httpx.Response) -> _Result:
        """Raises AudioError."""
        if self.binary and answer.is_success:
            return self.read(answer.content)
        try:
            data = answer.json() if answer.content else None
        except ValueError:
            data = None
        if not answer.is_success:
            problem = data if isinstance(data, dict) else {}
            raise error_of(answer.status_code, problem, answer.headers.get("retry-after"))
        try:
            return self.read(data)
        except (KeyError, TypeError, AttributeError) as error:
            raise Unintelligible(
                f"{self.method} {answer.url} returned an unexpected response: {error!r}", status=answer.status_code
            ) from error


def given(**members: Any) -> dict[str, Any]:
    """The members that aren't None."""
    return {name: value for name, value in members.items() if value is not None}


def path_part(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")
