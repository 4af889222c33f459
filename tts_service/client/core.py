"""What both clients share: everything but sending and sleeping.

A call is a generator of steps: it yields a request to be sent or seconds to be slept, and gets the answer or the error.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Generator
from itertools import count
from typing import Any, TypeAlias, TypeVar

import httpx

from tts_service.client import calls
from tts_service.client.calls import Call
from tts_service.client.errors import AudioError, NotAllowed, NotMade, NotReached, StillWaiting
from tts_service.client.retries import Patience, poll_pauses
from tts_service.client.values import Clip, Grant, Job

_Result = TypeVar("_Result")
_Method = TypeVar("_Method", bound=Callable[..., Any])
Steps: TypeAlias = Generator[httpx.Request | float, Any, _Result]
"""Yields a request, to be answered with an httpx.Response or an httpx.TransportError, or seconds to sleep."""


class ClientCore:
    """A client without its transport."""

    _http: httpx.Client | httpx.AsyncClient

    def __init__(self, url: str, patience: Patience | None) -> None:
        self._url = url.rstrip("/")
        self._patience = patience or Patience()

    def embed_code(self, clip: Clip, grant: Grant | None = None) -> str:
        """HTML of a frame with the player, for pages that allow no script."""
        return calls.embed_code(self._url, clip.id, clip.title, grant)

    def player_code(self, site: str, article_id: str, *, grant: Grant | None = None, renew: str | None = None) -> str:
        """HTML of the player: it finds the article's clip by itself, also one that is made later. For a restricted
        article: the reader's grant, or the address on your own server that returns it as JSON, `{"grant": …}`."""
        return calls.player_code(self._url, site, article_id, grant, renew)

    def _tries(self, call: Call[_Result]) -> Steps[_Result]:
        """Send a call until it succeeds or patience ends. Raises AudioError."""
        for tried in count(1):
            answer = yield call.request(self._http)
            try:
                if isinstance(answer, httpx.TransportError):
                    raise NotReached(f"{type(answer).__name__}: {answer}") from answer
                return call.result(answer)
            except AudioError as error:
                wait_s = self._patience.wait_s(error, tried)
                if wait_s is None:
                    raise
            yield wait_s
        raise AssertionError  # count has no end

    def _waiting(self, job: Job, timeout_s: float) -> Steps[Clip]:
        """Poll a job until it has ended, then read its clip."""
        until = time.monotonic() + timeout_s
        pauses = poll_pauses()
        while not job.ended:
            if time.monotonic() >= until:
                raise StillWaiting(job, timeout_s)
            yield next(pauses)
            job = yield from self._tries(calls.job(job.id))
        if job.state != "succeeded":
            raise NotMade(job)
        try:
            return (yield from self._tries(calls.clip(job.clip_id)))
        except NotAllowed as error:
            if error.code != "grant_needed":
                raise
        opened = yield from self._tries(calls.grant_of_clip(job.clip_id))
        return (yield from self._tries(calls.clip(job.clip_id, opened.token)))


def named_after(call: Callable[..., Call[Any]], method: _Method) -> _Method:
    """The method with the name, signature and docstring of the call that it sends."""
    signature = inspect.signature(call)
    me = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    method.__name__ = method.__qualname__ = call.__name__
    method.__doc__ = call.__doc__
    method.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[me, *signature.parameters.values()],
        return_annotation=signature.return_annotation.removeprefix("Call[").removesuffix("]"),
    )
    return method
