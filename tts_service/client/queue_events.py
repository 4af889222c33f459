"""The stream of changes in the desk's queue, without its transport: how it is asked for, read, and resumed."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx

from tts_service.client.calls.call import Call
from tts_service.client.errors import AudioError, NotReached, Unintelligible
from tts_service.client.retries import Patience
from tts_service.client.values.json_members import Json

_SILENCE_S = 60.0
"""A connection on which nothing came for so long is lost: the service sends something every 15 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEvent:
    """Something changed in the queue."""

    kind: str
    """`open`: changes before it may be missing, load the queue again; `case`: one is new or changed; `reports`: some
    have arrived."""
    id: str
    """Where to go on: `last_event_id` of a later stream."""
    data: Json


class QueueStream:
    """Where one reader of the stream is."""

    def __init__(self, patience: Patience, last_event_id: str | None, for_s: int | None) -> None:
        self._patience = patience
        self._seen = last_event_id
        self._for_s = for_s
        self._again_s = 2.0
        self._failed = 0
        self._fields: dict[str, str] = {}

    def request(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """Asks for everything after the last event that was read."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": self._seen} if self._seen else {})
        self._fields = {}
        call = Call(
            method="GET",
            path="/v1/cases/events",
            params={"for_s": self._for_s},
            headers=headers,
            read=lambda _: None,
            timeout_s=_SILENCE_S,
        )
        return call.request(client)

    def event(self, line: str) -> QueueEvent | None:
        """The event that ends with this line."""
        if line:
            name, _, value = line.partition(":")
            self._fields[name] = value.removeprefix(" ")
            return None
        fields, self._fields = self._fields, {}
        try:
            return self._read(fields)
        except (KeyError, ValueError) as error:
            raise Unintelligible(f"The stream has an unexpected event: {fields!r}") from error

    def pause_s(self, error: AudioError | httpx.TransportError | None) -> float:
        """Seconds until the stream is asked for again. Raises AudioError where that won't help or patience ends."""
        if error is None:
            return self._again_s
        if isinstance(error, httpx.TransportError):
            error = NotReached(f"{type(error).__name__}: {error}")
        self._failed += 1
        wait_s = self._patience.wait_s(error, self._failed)
        if wait_s is None:
            raise error
        return wait_s

    def _read(self, fields: Json) -> QueueEvent | None:
        if "retry" in fields:
            self._again_s = int(fields["retry"]) / 1000
        if "event" not in fields:
            return None  # a comment that keeps the connection open
        event = QueueEvent(kind=fields["event"], id=fields["id"], data=json.loads(fields["data"]))
        missed_nothing = event.kind == "open" and event.id == self._seen
        self._failed, self._seen = 0, event.id
        return None if missed_nothing else event
