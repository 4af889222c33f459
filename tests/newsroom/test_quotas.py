"""What a site may send and store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers
from tts_service.db.session import Database
from tts_service.errors import QuotaExceeded
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import cancel
from tts_service.jobs.submit import Submitted, submit
from tts_service.newsroom import quotas
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts

TONE = Wish(voice="tone:beep")
HUNDRED = "A hundred characters are these. ".ljust(100, "e")


def send(parts: Parts, number: int, text: str = HUNDRED) -> Submitted:
    return submit(parts, make_article(external_id=str(number), source=text), TONE)


def test_characters_of_a_day_are_reserved_and_given_back(parts: Parts) -> None:
    set_options(parts.database, "gazette", {"characters_a_day": 250})
    first = send(parts, 1)
    assert not send(parts, 1).created
    send(parts, 2)
    with pytest.raises(QuotaExceeded) as refused:
        send(parts, 3)
    told = refused.value.details
    assert (told["limit"], told["used"], told["asked"]) == (250, 200, 100)
    assert datetime.fromisoformat(told["until"]) > datetime.now(UTC)
    submit(parts, make_article(site="courier", source=HUNDRED), TONE)
    cancel(parts, first.job_id)
    send(parts, 3)


def test_a_new_month_begins_with_nothing_used(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    days = {"now": datetime(2026, 11, 30, 23, 59, tzinfo=UTC)}
    monkeypatch.setattr(Database, "now_ms", lambda *_: int(days["now"].timestamp() * 1000))
    set_options(parts.database, "gazette", {"characters_a_month": 100})
    send(parts, 1)
    with pytest.raises(QuotaExceeded) as refused:
        send(parts, 2)
    assert refused.value.details["until"] == "2026-12-01T00:00:00Z"
    assert refused.value.details["retry_after_s"] == 60
    days["now"] = datetime(2026, 12, 1, tzinfo=UTC)
    send(parts, 2)


def test_no_text_is_taken_beyond_the_bytes_of_a_site(
    parts: Parts, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "_BYTES_FOR_S", 0.0)
    set_options(parts.database, "gazette", {"stored_bytes": 1})
    job = send(parts, 1).job_id
    workers.render(job)
    with pytest.raises(QuotaExceeded) as refused:
        send(parts, 2)
    with parts.database.reading() as session:
        assert refused.value.details["used"] == quotas.stored_bytes(session, "gazette") > 1


@pytest.fixture
def workers(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Workers:
    return Workers(parts, monkeypatch)
