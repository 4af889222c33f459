"""The stream of the queue's changes: nothing is lost, and only to those who still may see it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from starlette.requests import Request

from tests.parts.cases import case_row
from tts_service.access.keys import create_key, revoke_key
from tts_service.parts import Parts
from tts_service.web.api import case_events
from tts_service.web.api.case_events import QueueNews, stream_queue
from tts_service.web.auth import caller_of

FOR_S = 1


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_events, "EVENT_POLL_S", 0.001)


def change(parts: Parts, number: int) -> None:
    with parts.database.writing() as session:
        session.add(case_row(number, at_ms=parts.database.now_ms(session)))


def told(parts: Parts, news: QueueNews, then: dict[str, Callable[[], None]], key: str, most: int = 9) -> list[str]:
    """The cases that a stream tells before it ends or has told `most`; `then`: what happens when it has told one, and
    another stream has seen that."""
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"authorization", f"Bearer {key}".encode())]}
    caller = caller_of(parts.database, f"Bearer {key}")

    async def read() -> list[str]:
        cases: list[str] = []
        async for event in stream_queue(Request(scope), caller, parts, news, for_s=FOR_S):
            name = "open" if event.event == "open" else str(event.data["id"] if event.event == "case" else "")
            cases += [name] * (event.event == "case")
            if name in then:
                then[name]()
                await asyncio.sleep(0.002)
                await news.since(0)
            if len(cases) == most:
                break
        return cases

    return asyncio.run(read())


def test_a_change_that_another_stream_sees_first_is_told_all_the_same(parts: Parts) -> None:
    news, key = QueueNews(parts), create_key(parts.database, "desk", ("reports",))
    asyncio.run(news.since(0))
    then = {"open": lambda: change(parts, 1), "case_1": lambda: change(parts, 2), "case_2": lambda: change(parts, 3)}
    assert told(parts, news, then, key, most=3) == ["case_1", "case_2", "case_3"]


def test_a_stream_ends_with_the_right_to_read_it(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_events, "LOOKS_PER_CALLER", 2)
    news, key = QueueNews(parts), create_key(parts.database, "desk", ("reports",))
    asyncio.run(news.since(0))
    revoke = lambda: revoke_key(parts.database, key.split("_")[1], "staff:1")  # noqa: E731
    assert told(parts, news, {"open": lambda: change(parts, 1), "case_1": revoke}, key) == ["case_1"]


def test_a_client_that_missed_dropped_changes_is_told_to_load_the_queue(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_events, "_KEPT", 2)
    news = QueueNews(parts)
    asyncio.run(news.since(0))
    for number in range(1, 5):
        change(parts, number)
    asyncio.run(asyncio.sleep(0.002))
    asyncio.run(news.since(0))
    assert [news.after(news.name(seen)) for seen in range(5)] == [4, 4, 2, 3, 4]
