"""What both clients share: everything but sending and sleeping.

A call is a generator of steps: it yields a request to be sent or seconds to be slept, and gets the answer or the error.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from itertools import count
from typing import Any, TypeAlias, TypeVar

import httpx

from tts_service.client.calls import articles, embedding
from tts_service.client.calls.call import Call
from tts_service.client.errors import AudioError, NotAllowed, NotMade, NotReached, StillWaiting
from tts_service.client.methods import Methods
from tts_service.client.retries import Patience, poll_pauses
from tts_service.client.values.articles import Clip, Grant, Job

_Result = TypeVar("_Result")
Steps: TypeAlias = Generator[httpx.Request | float, Any, _Result]
"""Yields a request, to be answered with an httpx.Response or an httpx.TransportError, or seconds to sleep."""
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Errors of a request that certainly hasn't reached the service."""


class ClientSteps(Methods):
    """A client without its transport."""

    _http: httpx.Client | httpx.AsyncClient

    def __init__(self, url: str, patience: Patience | None) -> None:
        self._url = url.rstrip("/")
        self._patience = patience or Patience()

    def embed_code(self, clip: Clip, grant: Grant | None = None) -> str:
        """HTML of a frame with the player, for pages that allow no script."""
        return embedding.embed_code(self._url, clip.id, clip.title, grant)

    def player_code(self, site: str, article_id: str, *, grant: Grant | None = None, renew: str | None = None) -> str:
        """HTML of the player: it finds the article's clip by itself, also one that is made later. For a restricted
        article: the reader's grant, or the address on your own server that returns it as JSON, `{"grant": …}`."""
        return embedding.player_code(self._url, site, article_id, grant, renew)

    def _tries(self, call: Call[_Result]) -> Steps[_Result]:
        """Send a call until it succeeds or patience ends. Raises AudioError."""
        for tried in count(1):
            answer = yield call.request(self._http)
            try:
                if isinstance(answer, httpx.TransportError):
                    raise NotReached(f"{type(answer).__name__}: {answer}") from answer
                return call.result(answer)
            except AudioError as error:
                lost = isinstance(answer, httpx.TransportError) and not isinstance(answer, _NEVER_SENT)
                wait_s = None if lost and call.once else self._patience.wait_s(error, tried)
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
            job = yield from self._tries(articles.job(job.id))
        if job.state != "succeeded":
            raise NotMade(job)
        try:
            return (yield from self._tries(articles.clip(job.clip_id)))
        except NotAllowed as error:
            if error.code != "grant_needed":
                raise
        opened = yield from self._tries(articles.grant_of_clip(job.clip_id))
        return (yield from self._tries(articles.clip(job.clip_id, opened.token)))
