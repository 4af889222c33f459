"""What is kept long enough goes, and nothing that is still needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from typer.testing import CliRunner

from tests.corrections.desk_bench import Newsroom
from tests.parts.factories import make_parts
from tests.parts.quick_render import Workers
from tts_service.access.keys import create_key
from tts_service.commands import app
from tts_service.corrections.records import clip_corrections
from tts_service.corrections.taking_back import take_back
from tts_service.db.session import Database
from tts_service.db.tables import ClipRevisionRow, DoomedObjectRow, JobRow, UtteranceRow
from tts_service.errors import PruningIncomplete
from tts_service.parts import Parts
from tts_service.retention.doomed import delete_doomed
from tts_service.retention.needed import LIVE_GRACE_MS
from tts_service.retention.prune import HELD_MS, Pruner, held_until, prune_all, weigh_all
from tts_service.values.site_options import USUAL
from tts_service.web.app import create_app

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


class Clock:
    """The database's clock, in the test's hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead_ms = 0
        real = Database.now_ms
        monkeypatch.setattr(Database, "now_ms", lambda database, session: real(database, session) + self.ahead_ms)

    def days(self, parts: Parts, days: int) -> None:
        """Time passes, with a turn of pruning each day."""
        pruner = Pruner(parts)
        for _ in range(days):
            self.ahead_ms += DAY_MS
            assert pruner.turn().held_until_ms is None
        delete_doomed(parts)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    parts = make_parts(tmp_path)
    yield Newsroom(parts, Workers(parts, monkeypatch))
    parts.close()


def names(parts: Parts, prefix: str) -> set[str]:
    return set(parts.store.names(prefix))


def revisions(parts: Parts, clip_id: str) -> list[int]:
    with parts.database.reading() as session:
        mine = ClipRevisionRow.clip_id == clip_id
        return list(session.scalars(select(ClipRevisionRow.revision).where(mine).order_by(ClipRevisionRow.revision)))


def edited(newsroom: Newsroom, times: int) -> str:
    clip = ""
    for number in range(times + 1):
        clip = newsroom.publish(text=f"First we met. This is version {number}. Last we left.")
    return clip


def test_live_pieces_go_when_nobody_can_be_inside_any_more(newsroom: Newsroom, clock: Clock) -> None:
    clip = edited(newsroom, 1)
    prune_all(newsroom.parts)
    assert len(names(newsroom.parts, f"live/{clip}/")) == 10  # a head, three pieces and an end for each
    clock.ahead_ms += LIVE_GRACE_MS + HOUR_MS
    prune_all(newsroom.parts)
    assert names(newsroom.parts, "live/") == set()
    assert revisions(newsroom.parts, clip) == [1, 2]


def test_an_earlier_version_goes_after_the_sites_days_with_what_only_it_needs(newsroom: Newsroom, clock: Clock) -> None:
    parts = newsroom.parts
    clip = edited(newsroom, 3)
    shared = set(newsroom.keys(clip, 4))
    clock.days(parts, USUAL.keep_audio_days)
    assert revisions(parts, clip) == [1, 2, 3, 4]
    clock.days(parts, 2)
    assert revisions(parts, clip) == [4]
    assert {name.rpartition("/")[2] for name in names(parts, "segments/")} == shared
    assert {name.split("/")[2] for name in names(parts, "clips/")} == {"4"}
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(UtteranceRow)) == 3
        assert session.scalar(select(func.count()).select_from(JobRow)) == 1
        assert session.scalar(select(func.count()).select_from(DoomedObjectRow)) == 0
    assert newsroom.job(newsroom.save(text="First we met. This is version 9. Last we left.")).state == "queued"
    assert newsroom.work()[-1].spoken == 1


def test_the_time_of_a_version_begins_when_it_is_replaced(newsroom: Newsroom, clock: Clock) -> None:
    clip = edited(newsroom, 0)
    clock.days(newsroom.parts, 200)
    edited(newsroom, 1)
    clock.days(newsroom.parts, 89)
    assert 1 in revisions(newsroom.parts, clip)
    clock.days(newsroom.parts, 3)
    assert 1 not in revisions(newsroom.parts, clip)


def test_one_clip_with_faulty_rows_keeps_no_other_from_being_pruned(
    newsroom: Newsroom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, faulty = newsroom.parts, edited(newsroom, 1)
    newsroom.render("2", "First we met. Last we left.")
    other = newsroom.render("2", "First we met again. Last we left.")
    newsroom.change(ClipRevisionRow, (faulty, 1), renditions=[{"format": "mp3"}])
    clock.days(parts, USUAL.keep_audio_days + 2)
    assert (revisions(parts, faulty), revisions(parts, other)) == ([1, 2], [2])
    assert prune_all(parts).failed == weigh_all(parts).failed == {faulty}
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
    done = CliRunner().invoke(app, ["prune"])
    assert isinstance(done.exception, PruningIncomplete)
    assert faulty in done.exception.message


def test_a_jump_of_the_clock_takes_nothing(newsroom: Newsroom, clock: Clock) -> None:
    parts = newsroom.parts
    clip = edited(newsroom, 2)
    prune_all(parts)
    clock.ahead_ms = 3650 * DAY_MS
    for _ in range(3):
        assert prune_all(parts).held_until_ms is not None
        assert not Pruner(parts).turn().amounts.total()
    clock.ahead_ms = 0
    assert held_until(parts) is not None
    assert revisions(parts, clip) == [1, 2, 3]
    assert len(names(parts, "live/")) == 15
    for _ in range(HELD_MS // DAY_MS):
        clock.ahead_ms += DAY_MS
        last = prune_all(parts)
    assert last.held_until_ms is None


def test_a_dry_run_says_what_then_goes_and_takes_nothing(newsroom: Newsroom, clock: Clock) -> None:
    parts = newsroom.parts
    edited(newsroom, 2)
    prune_all(parts)
    clock.ahead_ms += LIVE_GRACE_MS + HOUR_MS
    before = names(parts, "")
    told = weigh_all(parts)
    assert names(parts, "") - {"pruning/clock"} == before - {"pruning/clock"}
    assert told.amounts["live pieces"] == 9
    done = prune_all(parts)
    assert (told.amounts, told.bytes) == (done.amounts, done.bytes)


def test_a_correction_keeps_its_words_and_says_that_taking_it_back_is_spoken_again(
    newsroom: Newsroom, clock: Clock
) -> None:
    parts = newsroom.parts
    clip = newsroom.publish()
    made = newsroom.correct().correction_id
    newsroom.work()
    clock.days(parts, 80)
    assert _silent(parts, made) == 0
    clock.days(parts, 12)
    assert _silent(parts, made) == 1
    with parts.database.reading() as session:
        (told,) = clip_corrections(session, clip)
    assert (told.sentences[0].before, told.sentences[0].after) == ("Elmsworth was dark.", "Emsworth was dark.")
    take_back(parts, made, "staff:2")
    assert newsroom.work()[-1].spoken == 1


def _silent(parts: Parts, correction_id: str) -> int:
    with TestClient(create_app(parts)) as client:
        key = create_key(parts.database, "test", ("lexicon",))
        answer = client.get(f"/v1/corrections/{correction_id}", headers={"Authorization": f"Bearer {key}"})
        return int(answer.raise_for_status().json()["silent_clips"])


def test_live_audio_that_is_missing_leads_to_the_finished_file(newsroom: Newsroom) -> None:
    parts = newsroom.parts
    clip = newsroom.publish()
    for name in names(parts, "live/"):
        parts.store.delete(name)
    with TestClient(create_app(parts), follow_redirects=False) as client:
        answer = client.get(f"/v1/clips/{clip}/live.mp3?r=1")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/v1/clips/{clip}/r/1/audio.mp3")


def test_without_its_stored_sentences_an_edit_costs_them_all_once(newsroom: Newsroom) -> None:
    parts = newsroom.parts
    edited(newsroom, 0)
    for name in names(parts, "segments/"):
        parts.store.delete(name)
    for number, cost in ((7, 3), (8, 1)):
        newsroom.save(text=f"First we met. This is version {number}. Last we left.")
        assert newsroom.work()[-1].spoken == cost
