"""The client for asyncio. methods.py lists its methods."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from types import TracebackType
from typing import Any, TypeVar

import httpx

from tts_service.client.calls.call import Call, error_in
from tts_service.client.errors import AudioError
from tts_service.client.methods import give_methods
from tts_service.client.queue_events import QueueEvent, QueueStream
from tts_service.client.retries import TIMEOUT_S, WAIT_S, Patience
from tts_service.client.steps import ClientSteps, Steps
from tts_service.client.values.articles import Clip, Job

_Result = TypeVar("_Result")


class AsyncClient(ClientSteps):
    """The service, as a CMS sees it, for asyncio.

    `url`: the service's address; `key`: an API key, not needed for what readers may see. Every method raises
    AudioError, but tries again first what may be tried again, within `patience`.
    """

    _http: httpx.AsyncClient

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
        super().__init__(url, patience)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._pause = pause
        self._http = httpx.AsyncClient(base_url=self._url, headers=headers, timeout=timeout_s, transport=transport)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def wait(self, job: Job, timeout_s: float = WAIT_S) -> Clip:
        """The job's clip, once it is finished. A restricted one needs a key with the scope clips:grant.

        Raises NotMade, StillWaiting, NotAllowed."""
        return await self._run(self._waiting(job, timeout_s))

    async def case_events(
        self, *, last_event_id: str | None = None, for_s: int | None = None
    ) -> AsyncIterator[QueueEvent]:
        """What changes in the desk's queue, as it happens, until the caller stops. A stream that ends or is lost is
        resumed: nothing is missed unless the service says so by the event `open`.

        `last_event_id`: of the last event that was read earlier. `for_s`: seconds after which the service ends each
        stream; None: as it likes. Raises AudioError once `patience` ends."""
        stream = QueueStream(self._patience, last_event_id, for_s)
        while True:
            lost: AudioError | httpx.TransportError | None = None
            try:
                answer = await self._http.send(stream.request(self._http), stream=True)
                async with aclosing(answer):
                    if not answer.is_success:
                        await answer.aread()
                        raise error_in(answer)
                    async for line in answer.aiter_lines():
                        if event := stream.event(line):
                            yield event
            except (AudioError, httpx.TransportError) as error:
                lost = error
            await self._pause(stream.pause_s(lost))

    async def _run(self, steps: Steps[_Result]) -> _Result:
        said: Any = None
        while True:
            try:
                step = steps.send(said)
            except StopIteration as ended:
                result: _Result = ended.value
                return result
            said = None
            if isinstance(step, httpx.Request):
                said = await self._send(step)
            else:
                await self._pause(step)

    async def _send(self, request: httpx.Request) -> httpx.Response | httpx.TransportError:
        try:
            return await self._http.send(request)
        except httpx.TransportError as error:
            return error


def _sends(call: Callable[..., Call[Any]]) -> Callable[..., Any]:
    """The method that sends this call."""

    async def method(self: AsyncClient, /, *args: Any, **more: Any) -> Any:
        return await self._run(self._tries(call(*args, **more)))

    return method


give_methods(AsyncClient, _sends)
