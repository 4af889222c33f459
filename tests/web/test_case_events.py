"""The stream of the queue's changes: nothing is lost, and only to those who still may see it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from starlette.requests import Request

from tests.parts.cases import case_row
from tts_service.access.keys import create_key, revoke_key
from tts_service.parts import Parts
from tts_service.web.api import case_events
from tts_service.web.api.case_events import QueueNews, stream_queue
from tts_service.web.auth import caller_of
from tts_service.web.shared_poll import SharedPolls

FOR_S = 1


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_events, "EVENT_POLL_S", 0.001)


def change(parts: Parts, *numbers: int) -> None:
    with parts.database.writing() as session:
        session.add_all(case_row(number, at_ms=parts.database.now_ms(session)) for number in numbers)


def told(
    parts: Parts, news: QueueNews, then: dict[str, Callable[[], None]], key: str, most: int = 9, streams: int = 1
) -> list[list[str]]:
    """`open` and the cases that each stream tells before it ends or has told `most`; `then`: what happens when the
    first has told one."""
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"authorization", f"Bearer {key}".encode())]}
    caller, polls = caller_of(parts.database, f"Bearer {key}"), SharedPolls(streams)

    async def read() -> list[str]:
        names: list[str] = []
        with polls.place() as place:
            async for event in stream_queue(Request(scope), caller, parts, news, place, FOR_S, news.name(0)):
                if event.event == "reports":
                    continue
                names.append("open" if event.event == "open" else str(event.data["id"]))
                then.pop(names[-1], lambda: None)()
                if len(names) == most:
                    break
        return names

    async def read_all() -> list[list[str]]:
        return await asyncio.gather(*(read() for _ in range(streams)))

    return asyncio.run(read_all())


def test_every_stream_tells_every_change(parts: Parts) -> None:
    news, key = QueueNews(parts), create_key(parts.database, "desk", ("reports",))
    news.look()
    then = {"open": lambda: change(parts, 1), "case_1": lambda: change(parts, 2), "case_2": lambda: change(parts, 3)}
    assert told(parts, news, then, key, most=4, streams=2) == [["open", "case_1", "case_2", "case_3"]] * 2


def test_a_look_whose_stream_has_gone_keeps_its_changes_for_the_others(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, began, go_on = QueueNews(parts), threading.Event(), threading.Event()
    news.look()
    change(parts, 1)
    real = news.look

    def slow_look() -> int:
        began.set()
        go_on.wait()
        return real()

    async def leave() -> None:
        polls = SharedPolls(1)
        with polls.place() as place:
            place.follow("queue", slow_look, 0)
            await asyncio.to_thread(began.wait)
        go_on.set()
        while polls.running:
            await asyncio.sleep(0)

    asyncio.run(leave())
    assert [one.change.id for one in news.since(0)] == ["case_1"]


def test_a_stream_ends_with_the_right_to_read_it(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_events, "CALLER_AGAIN_S", 0.0)
    news, key = QueueNews(parts), create_key(parts.database, "desk", ("reports",))
    news.look()
    revoke = lambda: revoke_key(parts.database, key.split("_")[1], "staff:1")  # noqa: E731
    assert told(parts, news, {"open": lambda: change(parts, 1), "case_1": revoke}, key) == [["open", "case_1"]]


def test_a_client_that_missed_dropped_changes_is_told_to_load_the_queue(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_events, "_KEPT", 2)
    news = QueueNews(parts)
    news.look()
    for number in range(1, 5):
        change(parts, number)
    news.look()
    assert [news.after(news.name(seen)) for seen in range(5)] == [4, 4, 2, 3, 4]


def test_a_stream_that_is_read_too_slowly_says_that_the_queue_must_be_loaded_again(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_events, "_KEPT", 2)
    news, key = QueueNews(parts), create_key(parts.database, "desk", ("reports",))
    news.look()
    then = {"open": lambda: change(parts, 1), "case_1": lambda: change(parts, 2, 3, 4, 5)}
    assert told(parts, news, then, key, most=3) == [["open", "case_1", "open"]]
