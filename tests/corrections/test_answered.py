"""From report to answer: the correction's new revision, the listener's page, the one mail, the public log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.corrections.desk_bench import Newsroom
from tests.parts.mail_server import Inbox, mail_server
from tts_service.corrections.public_log import public_corrections
from tts_service.corrections.taking_back import take_back
from tts_service.db.tables import CorrectionRow, ReportRow
from tts_service.listeners.answers import answer_reports
from tts_service.web.app import create_app


@pytest.fixture
def inbox(newsroom: Newsroom) -> Iterator[Inbox]:
    with mail_server() as server:
        mailing = {"smtp_url": server.url, "mail_from": "audio@gazette.example"}
        object.__setattr__(newsroom.parts, "settings", newsroom.parts.settings.model_copy(update=mailing))
        yield server


def reported(newsroom: Newsroom, clip: str) -> tuple[str, str]:
    """(case, report): with an address."""
    case = newsroom.case(clip)
    with newsroom.parts.database.reading() as session:
        [report] = session.query(ReportRow.id).filter_by(case_id=case).all()
    newsroom.change(ReportRow, report[0], email="ann@example.org", locale="en")
    return case, report[0]


def test_a_listener_hears_of_the_correction_once_it_can_be_heard(newsroom: Newsroom, inbox: Inbox) -> None:
    clip = newsroom.publish()
    case, report = reported(newsroom, clip)
    newsroom.correct(case_id=case, version=1)
    assert answer_reports(newsroom.parts) == 0
    newsroom.work()
    assert [answer_reports(newsroom.parts) for _ in range(2)] == [1, 0]
    [text] = inbox.texts()
    assert "It has been corrected" in text
    assert f"/feedback/{report}" in text
    assert newsroom.row(ReportRow, report).email is None
    with TestClient(create_app(newsroom.parts)) as client:
        shown = client.get(f"/feedback/{report}").text
        assert f"/v1/clips/{clip}/r/1/audio.mp3#t=" in shown
        assert f"/v1/clips/{clip}/r/2/audio.mp3#t=" in shown


def test_a_correction_that_is_taken_back_before_the_answer_is_not_announced(newsroom: Newsroom, inbox: Inbox) -> None:
    case, report = reported(newsroom, newsroom.publish())
    accepted = newsroom.correct(case_id=case, version=1)
    newsroom.work()
    take_back(newsroom.parts, accepted.correction_id, "staff:1")
    newsroom.work()
    assert answer_reports(newsroom.parts) == 0
    assert inbox.mails == []
    assert newsroom.row(ReportRow, report).email == "ann@example.org"


def test_the_public_log_says_what_was_corrected_and_that_it_was_taken_back(newsroom: Newsroom) -> None:
    clips = [newsroom.publish(str(number)) for number in range(2)]
    accepted = newsroom.correct()
    with newsroom.parts.database.reading() as session:
        assert public_corrections(session, "gazette") == ()
    newsroom.work()
    with newsroom.parts.database.reading() as session:
        [logged] = public_corrections(session, "gazette")
    heard_ms = logged.at_ms
    assert (logged.id, logged.written, logged.why) == (accepted.correction_id, ("Elmsworth",), "as locals say it")
    assert {article.clip_id for article in logged.articles} == set(clips)
    first = logged.articles[0]
    assert (first.said_before, first.said_now, first.sentence) == ("Elmsworth", "Emsworth", "Elmsworth was dark.")
    assert first.sound_before is not None
    assert first.sound_now is not None
    newsroom.change(CorrectionRow, accepted.correction_id, done_ms=heard_ms - 60_000)
    take_back(newsroom.parts, accepted.correction_id, "staff:1")
    newsroom.work()
    with newsroom.parts.database.reading() as session:
        [logged] = public_corrections(session, "gazette")
    assert logged.taken_back_ms is not None
    assert logged.at_ms == heard_ms - 60_000
    assert logged.count == 2
