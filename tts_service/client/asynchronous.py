"""The client for asyncio; synchronous.py has the same methods."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Literal, TypeVar

import httpx

from tts_service.client import calls
from tts_service.client.calls import Call, not_reached
from tts_service.client.errors import AudioError, NotAllowed, NotMade, StillWaiting
from tts_service.client.retries import TIMEOUT_S, WAIT_S, Patience, poll_pauses
from tts_service.client.values import Article, Clip, Explained, Grant, Job, Report, ReportPage, ReportState

_Result = TypeVar("_Result")


class AsyncClient:
    """The service, as a CMS sees it, for asyncio.

    `url`: the service's address; `key`: an API key, not needed for what readers may see. Every method raises
    AudioError: what may be tried again is tried again first, as `patience` says.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._url = url.rstrip("/")
        self._patience = patience or Patience()
        self._pause = pause
        self._http = httpx.AsyncClient(base_url=self._url, headers=headers, timeout=timeout_s, transport=transport)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def request(
        self,
        article: Article,
        *,
        voice: str | None = None,
        formats: Sequence[str] = ("mp3",),
        priority: Literal["breaking", "normal", "backfill"] = "normal",
        publish_at: datetime | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> Job:
        """Ask for an article's audio. The same article again is the same job.

        `voice`: engine:name; None: the usual one of its language. `publish_at`: embargo; without a time zone it is
        in the site's. `idempotency_key`: one is drawn when it is left out; give one that you keep if your own process
        may die.
        """
        return await self._send(
            calls.request(
                article,
                voice=voice,
                formats=formats,
                priority=priority,
                publish_at=publish_at,
                callback_url=callback_url,
                idempotency_key=idempotency_key,
            )
        )

    async def job(self, job_id: str) -> Job:
        """How a job stands."""
        return await self._send(calls.job(job_id))

    async def cancel(self, job_id: str) -> Job:
        """Stop a job. Raises Conflict when it has ended already."""
        return await self._send(calls.cancel(job_id))

    async def wait(self, job: Job, timeout_s: float = WAIT_S) -> Clip:
        """The job's clip, once it is finished. One that isn't public needs a key with the right clips:grant.

        Raises NotMade, StillWaiting, NotAllowed."""
        until = time.monotonic() + timeout_s
        pauses = poll_pauses()
        while not job.ended:
            if time.monotonic() >= until:
                raise StillWaiting(job, timeout_s)
            await self._pause(next(pauses))
            job = await self.job(job.id)
        if job.state != "succeeded":
            raise NotMade(job)
        try:
            return await self.clip(job.clip_id)
        except NotAllowed as error:
            if error.code != "grant_needed":
                raise
        opened = await self._send(calls.grant_of_clip(job.clip_id))
        return await self._send(calls.clip(job.clip_id, opened.token))

    async def withdraw(self, site: str, article_id: str) -> None:
        """Take an article's clip offline, at once. Raises NotFound when the article never came."""
        await self._send(calls.withdraw(site, article_id))

    async def clip(self, clip_id: str, grant: str | None = None) -> Clip:
        """A clip's description. Raises NotFound, also for one that was withdrawn; NotAllowed for one that isn't public
        without a grant that holds."""
        return await self._send(calls.clip(clip_id, grant))

    async def grant(
        self, site: str, article_id: str, *, life_s: int | None = None, renew_s: int | None = None
    ) -> Grant:
        """Let one reader, who may read this article, hear its clip: for `life_s` seconds, renewed for `renew_s`.

        It goes into that reader's page and nowhere else. Raises NotFound, NotAllowed."""
        return await self._send(calls.grant(site, article_id, life_s, renew_s))

    async def find(
        self,
        *,
        site: str | None = None,
        article_id: str | None = None,
        url: str | None = None,
        grant: str | None = None,
    ) -> Clip | None:
        """The clip of an article: by site and id, or by its address; None: there is none, or not any more."""
        return await self._send(calls.find(site, article_id, url, grant))

    def embed_code(self, clip: Clip, grant: Grant | None = None) -> str:
        """HTML of a frame with the player, for pages that allow no script."""
        return calls.embed_code(self._url, clip.id, clip.title, grant)

    def player_code(self, site: str, article_id: str, *, grant: Grant | None = None, renew: str | None = None) -> str:
        """HTML of the player: it finds the article's clip by itself, also one that is made later. For one that isn't
        public: the reader's grant, or the address on your own server that gives it as JSON, `{"grant": …}`."""
        return calls.player_code(self._url, site, article_id, grant, renew)

    async def explain(
        self, text: str, *, language: str | None = None, site: str | None = None, article_id: str | None = None
    ) -> Explained:
        """What is said for each word of a text, by the lexicon and policy of a site."""
        return await self._send(calls.explain(text, language, site, article_id))

    async def reports(self, *, state: str | None = None, cursor: str | None = None, limit: int = 50) -> ReportPage:
        """What listeners reported, newest first."""
        return await self._send(calls.reports(state, cursor, limit))

    async def settle(self, reference: str, *, state: str | None = None, note: str | None = None) -> Report:
        """Set a report's state (new, confirmed, corrected, rejected) and note."""
        return await self._send(calls.settle(reference, state, note))

    async def send_report(
        self,
        clip: Clip,
        category: Literal["pronunciation", "number", "missing", "extra", "sound", "other"],
        *,
        position_ms: int = 0,
        token: int | None = None,
        comment: str | None = None,
        email: str | None = None,
    ) -> str:
        """Report what was heard at a place of a clip; its reference. The description must be at most 2 h old."""
        place = {"position_ms": position_ms, "token": token, "comment": comment, "email": email}
        return await self._send(calls.send_report(clip, category, place))

    async def report_state(self, reference: str) -> ReportState:
        """What became of a report."""
        return await self._send(calls.report_state(reference))

    async def _send(self, call: Call[_Result]) -> _Result:
        tried = 0
        while True:
            tried += 1
            try:
                return call.result(await self._http.send(call.request(self._http)))
            except httpx.TransportError as error:
                failed, cause = not_reached(error), error
            except AudioError as error:
                failed, cause = error, None
            wait_s = self._patience.wait_s(failed, tried)
            if wait_s is None:
                raise failed from cause
            await self._pause(wait_s)
