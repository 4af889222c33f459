"""The overview: its figures against ones counted by hand, its charts and their tables, and its export."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import update

from tests.parts.staff import Signed, signed
from tests.parts.web_rows import ready_clip
from tts_service.access.keys import create_key
from tts_service.corrections.figures.overview import Overview, overview
from tts_service.db.session import new_id
from tts_service.db.tables import CaseRow, ClipRow, JobRow, ListeningRow, ReportRow
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.parts import Parts
from tts_service.values.spreadsheet import csv_text
from tts_service.web.staff.figures.charts import Chart, draw

HOUR, DAY = 3_600_000, 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Rows with known times, put into the tables."""

    parts: Parts
    now_ms: int

    def case(self, *, state: str = "new", age_h: float = 1, took_h: float | None = None, **values: object) -> str:
        case_id = new_id("cas")
        first = self.now_ms - int(age_h * HOUR)
        row = {
            "site": "gazette",
            "language": "en",
            "voice": "tone:beep",
            "kind": "word",
            "key": case_id,
            "category": "pronunciation",
            "written": "weir",
            "sentence": "The weir.",
            "reason": "",
            "first_ms": first,
            "last_ms": first,
            "updated_ms": first,
            "settled_ms": first + int(took_h * HOUR) if took_h is not None else None,
        }
        with self.parts.database.writing() as session:
            session.add(CaseRow(id=case_id, state=state, **row | values))
        return case_id

    def report(self, *, clip: str = "clip_1", days_ago: float = 0, case: str | None = None) -> None:
        reference = receive(self.parts, ReportDraft(clip_id=clip, category="other"))
        with self.parts.database.writing() as session:
            row = session.get_one(ReportRow, reference)
            row.created_ms, row.case_id = self.now_ms - int(days_ago * DAY), case

    def listened(self, *, starts: int, ends: int = 0, clip: str = "clip_1", days_ago: int = 0) -> None:
        day = datetime.fromtimestamp(self.now_ms / 1000 - days_ago * 86_400, UTC).strftime("%Y-%m-%d")
        with self.parts.database.writing() as session:
            for what, times in (("start", starts), ("end", ends)):
                session.add(ListeningRow(clip_id=clip, revision=1, day=day, what=what, times=times))

    def figures(self, sites: tuple[str, ...] | None = None, days: int = 28) -> Overview:
        with self.parts.database.reading() as session:
            return overview(self.parts.database, session, sites, days)


@pytest.fixture
def desk(parts: Parts) -> Iterator[Desk]:
    for name, site in (("1", "gazette"), ("2", "gazette"), ("3", "herald")):
        ready_clip(parts, name=name, site=site)
    with parts.database.reading() as session:
        now = parts.database.now_ms(session)
    yield Desk(parts=parts, now_ms=now)


class TestFigures:
    def test_an_empty_service_has_no_figures_and_no_error(self, parts: Parts) -> None:
        with parts.database.reading() as session:
            found = overview(parts.database, session, None)
        assert (found.reports, found.listens, found.never_reported, found.fix_median_h) == (0, None, None, None)
        assert (len(found.spans), found.open, found.words) == (28, 0, ())

    def test_reports_are_counted_per_thousand_listens(self, desk: Desk) -> None:
        for days_ago in (0, 0, 3, 27, 28.5):
            desk.report(days_ago=days_ago)
        desk.listened(starts=400, ends=100)
        desk.listened(starts=1600, days_ago=3)
        desk.listened(starts=9999, days_ago=28)
        found = desk.figures()
        assert (found.reports, found.listens, found.reports_per_1000, found.heard_to_end) == (4, 2000, 2.0, 0.05)
        assert [(span.reports, span.listens) for span in found.spans if span.reports or span.listens] == [
            (1, None),
            (1, 1600),
            (2, 400),
        ]

    def test_few_listeners_are_never_told_apart(self, desk: Desk) -> None:
        desk.listened(starts=4)
        assert (desk.figures().listens, desk.figures().spans[-1].listens) == (None, None)
        desk.listened(starts=4, days_ago=1)
        found = desk.figures()
        assert (found.listens, found.spans[-1].listens) == (8, None)

    def test_weeks_hold_what_their_days_hold(self, desk: Desk) -> None:
        for days_ago in (0, 6, 7, 83):
            desk.report(days_ago=days_ago)
        found = desk.figures(days=84)
        assert (found.span_days, len(found.spans)) == (7, 12)
        assert [span.reports for span in found.spans] == [1, *[0] * 9, 1, 2]

    def test_time_to_fix_is_the_median_and_the_ninetieth_of_a_hundred(self, desk: Desk) -> None:
        for hours in range(1, 11):
            desk.case(state="corrected", age_h=24 * 20, took_h=hours)
        desk.case(state="corrected", age_h=24 * 100, took_h=1)  # settled before the period
        desk.case(state="rejected", age_h=24 * 20, took_h=500)
        found = desk.figures()
        assert (found.corrected, found.fix_median_h, found.fix_p90_h) == (10, 5.0, 9.0)

    def test_open_cases_are_counted_by_age(self, desk: Desk) -> None:
        for age_h in (1, 23, 25, 24 * 8, 24 * 29, 24 * 31, 24 * 400):
            desk.case(age_h=age_h, state="confirmed" if age_h == 25 else "new")
        desk.case(state="corrected", took_h=1)
        desk.case(state="duplicate", took_h=1)
        found = desk.figures()
        assert (found.open_by_age, found.open) == ({"1": 2, "7": 1, "30": 2, "older": 2}, 7)

    def test_words_are_counted_over_the_voices_that_say_them(self, desk: Desk) -> None:
        one, other, third = desk.case(), desk.case(voice="tone:other"), desk.case(written="Holyrood", language="en-GB")
        sentence = desk.case(kind="sentence", written="")
        for case in (one, one, other, third, third, third, third, sentence, sentence):
            desk.report(case=case)
        desk.report(case=one, days_ago=40)
        found = [(word.word, word.language, word.reports) for word in desk.figures().words]
        assert found == [("Holyrood", "en-GB", 4), ("weir", "en", 3)]

    def test_clips_that_were_never_reported_are_those_without_any_report(self, desk: Desk) -> None:
        assert desk.figures().never_reported == 1
        desk.report(days_ago=400)
        desk.report()
        assert (desk.figures().clips, desk.figures().never_reported) == (3, 0.6667)
        with desk.parts.database.writing() as session:
            session.get_one(ClipRow, "clip_2").state = "withdrawn"
        assert (desk.figures().clips, desk.figures().never_reported) == (2, 0.5)

    def test_new_clips_are_those_that_were_published(self, desk: Desk) -> None:
        with desk.parts.database.writing() as session:
            session.execute(update(ClipRow).values(created_ms=desk.now_ms))
            session.get_one(ClipRow, "clip_1").state = "withdrawn"
            session.get_one(ClipRow, "clip_2").current_revision = None
        assert [span.clips for span in desk.figures().spans] == [0] * 27 + [2]
        assert [span.clips for span in desk.figures(("gazette",)).spans] == [0] * 27 + [1]

    def test_the_queue_is_the_one_now(self, desk: Desk) -> None:
        with desk.parts.database.writing() as session:
            for job, values in (
                ("job_1", {"state": "queued", "due_ms": desk.now_ms - 90_000}),
                ("job_2", {"state": "queued", "due_ms": desk.now_ms + HOUR}),
                ("job_3", {"state": "failed", "finished_ms": desk.now_ms - HOUR}),
            ):
                for name, value in values.items():
                    setattr(session.get_one(JobRow, job), name, value)
        queue = desk.figures().queue
        assert (queue.waiting, queue.running, queue.failed) == (1, 0, 1)
        assert queue.oldest_s is not None
        assert 90 <= queue.oldest_s < 150

    def test_an_editors_figures_are_their_sites_only(self, desk: Desk) -> None:
        desk.report(clip="clip_3", case=desk.case(site="herald", written="secret"))
        desk.case(site="herald", state="corrected", took_h=1)
        desk.listened(starts=500, clip="clip_3")
        with desk.parts.database.writing() as session:
            session.get_one(JobRow, "job_3").state = "running"
        ours, theirs = desk.figures(("gazette",)), desk.figures(("herald",))
        assert (ours.reports, ours.listens, ours.open, ours.corrected, ours.words, ours.clips) == (0, None, 0, 0, (), 2)
        assert ours.queue.running == 0
        assert (theirs.reports, theirs.listens, theirs.open, theirs.corrected, theirs.clips) == (1, 500, 1, 1, 1)
        assert theirs.never_reported == 0
        assert desk.figures(()) == desk.figures(("nobody",))


class TestPage:
    @pytest.fixture
    def admin(self, desk: Desk) -> Signed:
        desk.report(case=desk.case(written="<b>weir</b>"))
        desk.listened(starts=40, ends=10)
        return signed(desk.parts)

    def test_each_chart_has_a_name_a_summary_and_a_table(self, client: TestClient, admin: Signed) -> None:
        shown = client.get("/staff/overview?days=84", headers=admin.headers).text
        charts = re.findall(r"<svg.*?</svg>", shown, re.DOTALL)
        assert len(charts) == shown.count("<figure") == 6
        for chart in charts:
            root = etree.fromstring(chart)
            names = root.get("aria-labelledby").split()
            assert root.get("role") == "img"
            assert [root.xpath(f"string(//*[@id='{name}'])") != "" for name in names] == [True, True]
        assert shown.count("<table") == 6
        assert "<b>weir</b>" not in shown

    def test_nothing_in_a_chart_is_what_the_page_refuses(self, client: TestClient, admin: Signed) -> None:
        shown = client.get("/staff/overview", headers=admin.headers).text
        assert not re.search(r"<style|<script(?! src)|\sstyle=|javascript:", shown)

    def test_the_page_reads_in_german(self, client: TestClient, admin: Signed) -> None:
        shown = client.get("/staff/overview", headers=admin.headers | {"Accept-Language": "de"}).text
        assert "66,7\xa0%" in shown

    def test_another_site_is_refused(self, client: TestClient, desk: Desk) -> None:
        editor = signed(desk.parts, "editor@example.org", "staff", ["gazette"])
        for name in ("overview", "overview.csv", "overview.json"):
            assert client.get(f"/staff/{name}?site=herald", headers=editor.headers).status_code == 403
            assert client.get(f"/staff/{name}?site=gazette", headers=editor.headers).status_code == 200

    @pytest.mark.parametrize("days", ["0", "365", "x", "-1"])
    def test_a_period_that_is_none_is_refused(self, client: TestClient, admin: Signed, days: str) -> None:
        assert client.get(f"/staff/overview?days={days}", headers=admin.headers).status_code == 422


class TestExport:
    def test_no_cell_runs_as_a_formula(self, client: TestClient, desk: Desk) -> None:
        evil = '=HYPERLINK("https://evil.example","x")'
        for word in (evil, "+1", "-1", "@x", "\t=1", "\r=1"):
            desk.report(case=desk.case(written=word))
        got = client.get("/staff/overview.csv", headers=signed(desk.parts).headers)
        cells = [cell for row in csv.reader(io.StringIO(got.text, newline="")) for cell in row]
        assert got.content.startswith(codecs.BOM_UTF8)
        assert f"'{evil}" in cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert "attachment" in got.headers["content-disposition"]

    def test_json_holds_the_same_figures(self, client: TestClient, desk: Desk) -> None:
        desk.report(case=desk.case(written="=1"))
        got = json.loads(client.get("/staff/overview.json?days=7", headers=signed(desk.parts).headers).text)
        assert (got["reports"], got["open"], len(got["spans"]), got["words"][0]["word"]) == (1, 1, 7, "=1")

    def test_a_key_reads_the_figures_of_its_site(self, client: TestClient, desk: Desk) -> None:
        desk.report(clip="clip_3")
        desk.report()
        for site, reports in (("gazette", 1), ("herald", 1), (None, 2)):
            key = create_key(desk.parts.database, "tool", ("reports",), site)
            got = client.get("/v1/overview?days=7", headers={"Authorization": f"Bearer {key}"})
            assert (got.status_code, got.json()["reports"], got.json()["span_days"]) == (200, reports, 1)

    @given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=3), max_size=4))
    def test_whatever_is_written_no_cell_begins_like_a_formula(self, rows: list[list[str]]) -> None:
        read = list(csv.reader(io.StringIO(csv_text(["name"], rows), newline="")))[1:]
        assert [[cell.removeprefix("'") for cell in row] for row in read] == [
            [cell.removeprefix("'") for cell in row] for row in rows
        ]
        assert not [cell for row in read for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


class TestCharts:
    @pytest.mark.parametrize("horizontal", [True, False])
    @settings(max_examples=30)
    @given(values=st.lists(st.none() | st.integers(0, 10**6), max_size=12))
    def test_each_value_has_its_bar_and_its_hint(self, values: list[int | None], horizontal: bool) -> None:
        labels = tuple(f"<{number}>" for number in range(len(values)))
        chart = Chart(id="c", title="<T>", summary="&", labels=labels, values=tuple(values), horizontal=horizontal)
        root = etree.fromstring(draw(chart, str))
        hints = set(root.xpath("//*[local-name()='g'][@class='bar']/*[local-name()='title']/text()"))
        assert hints == {f"{label}: {value}" for label, value in zip(labels, values, strict=True) if value is not None}
