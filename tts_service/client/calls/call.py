"""One call of the API: the request, and how its answer is read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

from tts_service.client.errors import AudioError, Unintelligible, error_of

_Result = TypeVar("_Result")
_PIECE_BYTES = 256 * 1024


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
    file: Path | None = None
    """What is sent instead of either, piece by piece."""
    params: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    once: bool = False
    """Whether it would do something twice if it was handled twice: it isn't sent again when its answer was lost."""
    timeout_s: float | None = None
    """Seconds without data from the service; None: as for the client's other calls."""
    binary: bool = False
    """Whether `read` gets the answer's bytes instead of its JSON."""

    def request(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        params, headers = given(**self.params), dict(self.headers)
        content: bytes | Iterator[bytes] | AsyncIterator[bytes] | None = self.content
        timeout = httpx.USE_CLIENT_DEFAULT if self.timeout_s is None else httpx.Timeout(self.timeout_s)
        if self.file is not None:
            headers["Content-Length"] = str(self.file.stat().st_size)
            content = _pieces(self.file) if isinstance(client, httpx.Client) else _pieces_later(self.file)
        return client.build_request(
            self.method, self.path, json=self.json, content=content, params=params, headers=headers, timeout=timeout
        )

    def result(self, answer: httpx.Response) -> _Result:
        """Raises AudioError."""
        if self.binary and answer.is_success:
            return self.read(answer.content)
        data = _json_of(answer)
        if not answer.is_success:
            raise error_in(answer)
        try:
            return self.read(data)
        except (KeyError, TypeError, AttributeError) as error:
            raise Unintelligible(
                f"{self.method} {answer.url} returned an unexpected response: {error!r}", status=answer.status_code
            ) from error


def error_in(answer: httpx.Response) -> AudioError:
    """The error that an answer stands for."""
    data = _json_of(answer)
    problem = data if isinstance(data, dict) else {}
    return error_of(answer.status_code, problem, answer.headers.get("retry-after"))


def _json_of(answer: httpx.Response) -> Any:
    try:
        return answer.json() if answer.content else None
    except ValueError:
        return None


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE_BYTES):
            yield piece


async def _pieces_later(file: Path) -> AsyncIterator[bytes]:
    for piece in _pieces(file):
        yield piece


def given(**members: Any) -> dict[str, Any]:
    """The members that aren't None."""
    return {name: value for name, value in members.items() if value is not None}


def path_part(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")
