"""Overview, correction log, answers and summaries on PostgreSQL, which groups and counts in its own way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.parts.correction_rows import corrected
from tests.parts.factories import make_parts
from tests.parts.mail_server import Inbox, mail_server
from tests.parts.web_rows import ready_clip
from tests.web.test_overview import Desk
from tts_service.access.staff import add_person
from tts_service.corrections.figures.summary import send_summaries, want_summary
from tts_service.corrections.public_log import public_corrections
from tts_service.db.tables import ReportRow
from tts_service.listeners.answers import answer_reports
from tts_service.listeners.reports import ReportDraft, change_report, receive
from tts_service.parts import Parts

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory, postgres: str, inbox: Inbox) -> Iterator[Parts]:
    built = make_parts(
        tmp_path_factory.mktemp("answers"), database_url=postgres, smtp_url=inbox.url, mail_from="audio@gazette.example"
    )
    for name, site in (("1", "gazette"), ("2", "gazette"), ("3", "herald")):
        ready_clip(built, name=name, site=site)
    yield built
    built.close()


def test_the_figures_are_the_same_there(parts: Parts) -> None:
    with parts.database.reading() as session:
        desk = Desk(parts=parts, now_ms=parts.database.now_ms(session))
    case = desk.case(age_h=30)
    for hours in (1, 2, 3):
        desk.case(state="corrected", age_h=100, took_h=hours)
    for days_ago in (0, 0, 3, 40):
        desk.report(case=case, days_ago=days_ago)
    desk.listened(starts=1000, ends=250)
    for sites in (None, ("gazette",)):
        found = desk.figures(sites)
        assert (found.reports, found.reports_per_1000, found.heard_to_end) == (3, 3.0, 0.25)
        assert (found.fix_median_h, found.fix_p90_h, found.open_by_age["7"]) == (2.0, 3.0, 1)
        assert [(word.word, word.reports) for word in found.words] == [("weir", 3)]
    assert (desk.figures().never_reported, desk.figures(("herald",)).never_reported) == (0.6667, 1.0)


def test_the_correction_log_is_the_same_there(parts: Parts) -> None:
    first, second = corrected(parts, "clip_1", "clip_2"), corrected(parts, "clip_3", site=None)
    with parts.database.reading() as session:
        [logged] = public_corrections(session, "gazette")
        assert (logged.id, logged.count, len(logged.articles)) == (first, 2, 2)
        assert logged.articles[0].sound_now is not None
        assert [one.id for one in public_corrections(session, "herald")] == [second]
        assert public_corrections(session, "gazette", before=first) == ()


def test_mails_are_sent_once_there_too(parts: Parts, inbox: Inbox) -> None:
    reference = receive(parts, ReportDraft(clip_id="clip_1", revision=1, category="other", email="ann@example.org"))
    change_report(parts, reference, "corrected")
    with parts.database.writing() as session:
        session.get_one(ReportRow, reference).settled_ms = 1  # before its second revision was finished
    row = add_person(parts.database, "ben@example.org", "staff", "test", ["gazette"])
    want_summary(parts.database, row.id, "de")
    assert [answer_reports(parts) for _ in range(2)] == [1, 0]
    assert [send_summaries(parts, 4_100_000_000_000) for _ in range(2)] == [1, 0]
    assert inbox.recipients == ["ann@example.org", "ben@example.org"]
