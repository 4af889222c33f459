"""An article that is erased is nowhere any more, and nothing else is touched."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from tests.corrections.desk_bench import Newsroom
from tests.measure.doors.erasure import EMAIL, SITE, erased, found, hashed, traces
from tests.parts.factories import make_parts
from tests.parts.quick_render import Workers
from tests.parts.web_rows import ready_clip
from tests.retention.test_doomed import later
from tts_service.access.audit import COMMAND_LINE, deeds
from tts_service.commands import app as command_line
from tts_service.corrections.follow_up import follow_up
from tts_service.corrections.taking_back import take_back_clip
from tts_service.db.tables import ArticleRow, CaseRow, CorrectionClipRow, CorrectionRow
from tts_service.errors import NotFound, StoreUnavailable
from tts_service.newsroom.lexicon_place import ArticleName, Place
from tts_service.newsroom.lexicon_version import lexicon_version
from tts_service.parts import Parts
from tts_service.retention.doomed import LATE_WRITES_MS, delete_doomed
from tts_service.retention.erasure import erase_article

NAME = "the-Mäñ-7"


def test_nothing_is_left_of_an_erased_article_and_nothing_is_missing_beside_it() -> None:
    done, rest, report, lost = erased()
    assert (rest, report, lost) == ([], [], [])
    assert done.rows >= 15
    assert done.files >= 3
    assert done.log_lines == 2


def test_the_log_says_that_it_was_erased_by_whom_and_no_name() -> None:
    with traces() as left:
        name = left.gone[0]
        erase_article(left.parts, SITE, name, COMMAND_LINE)
        about = [line for line in deeds(left.parts.database) if line.subject == hashed(SITE, name)]
        assert {line.what for line in about} >= {"article.erased", "article.withdrawn", "report.changed"}
        assert about[0].who == COMMAND_LINE
        assert found(left, [EMAIL.format(name)]) == []
        with pytest.raises(NotFound):
            erase_article(left.parts, SITE, name, COMMAND_LINE)


def test_an_erasure_that_is_killed_after_its_first_step_has_a_line(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_clip(parts)
    monkeypatch.setattr("tts_service.retention.erasure.clean_logs", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        erase_article(parts, "gazette", "1", "staff:stf_9")
    [line] = deeds(parts.database)
    assert (line.who, line.what, line.subject) == ("staff:stf_9", "article.withdrawn", hashed("gazette", "1"))


def test_a_store_that_fails_keeps_nothing_from_being_erased_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = make_parts(tmp_path)
    made = ready_clip(parts)

    def broken(_store: object, _name: str) -> None:
        raise StoreUnavailable("broken on purpose")

    with monkeypatch.context() as patch:
        patch.setattr(type(parts.store), "delete", broken)
        with pytest.raises(StoreUnavailable):
            erase_article(parts, "gazette", "1", COMMAND_LINE)
    assert erase_article(parts, "gazette", "1", COMMAND_LINE).files > 0
    assert not [name for name in parts.store.names("") if made.id in name]


def test_no_correction_and_no_entry_names_an_erased_article(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom = Newsroom(parts, Workers(parts, monkeypatch))
    clip, other = newsroom.publish(NAME), newsroom.publish("2")
    case = newsroom.case(other)
    own = newsroom.correct(place=Place.of("gazette", NAME)).entry_id
    newsroom.correct(place=Place.of("gazette", NAME), alias=None, entry_id=own)
    newsroom.correct("Last", "Laast", except_articles=(ArticleName("gazette", NAME), ArticleName("gazette", "3")))
    kept = newsroom.correct("First", "Fast")
    newsroom.work()
    take_back_clip(parts, kept.correction_id, clip, COMMAND_LINE)
    newsroom.work()
    waiting = newsroom.correct(case_id=case, version=1)
    newsroom.turn(newsroom.clip_of(waiting.correction_id, other).job_id or "")
    follow_up(parts)
    assert newsroom.correction(waiting.correction_id).state == "rendering"
    with parts.database.writing() as session:  # as an earlier version would have taken it in
        mine = {"from_revision": 1, "state": "done", "reason": "", "changes": [], "updated_ms": 1}
        correction = session.scalars(select(CorrectionRow.id).where(CorrectionRow.entry_id == own).limit(1)).one()
        session.add(CorrectionClipRow(correction_id=correction, clip_id=other, **mine))
    before = lexicon_version(parts.database, "gazette", "")
    erase_article(parts, "gazette", NAME, COMMAND_LINE)
    later(parts, LATE_WRITES_MS)  # until then, a worker may still write files of the clip
    delete_doomed(parts)

    with closing(sqlite3.connect(parts.settings.database.removeprefix("sqlite:///"))) as database:
        left = [
            line for line in database.iterdump() if any(one in line for one in (NAME, json.dumps(NAME)[1:-1], clip))
        ]
    assert left == []
    entries = {entry.graphemes[0]: entry.except_articles for entry in newsroom.entries()}
    assert entries == {"Last": [["gazette", "3"]], "First": None, "Elmsworth": None}
    assert lexicon_version(parts.database, "gazette", "") != before
    assert newsroom.correction(waiting.correction_id).state == "done"
    assert newsroom.row(CaseRow, case).state == "corrected"


def test_the_command_asks_before_it_erases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = make_parts(tmp_path)
    ready_clip(parts)
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
    for answer, exit_code, there in (("n\n", 1, True), ("y\n", 0, False)):
        assert CliRunner().invoke(command_line, ["erase", "gazette", "1"], input=answer).exit_code == exit_code
        with parts.database.reading() as session:
            assert (session.get(ArticleRow, "art_1") is not None) == there
