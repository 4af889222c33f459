"""Long articles are finished turn by turn: a worker that dies costs the stretch it was at, whatever the length."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.jobs.test_slices import turn, work
from tests.parts.factories import make_article, make_parts
from tests.parts.queues import claimed
from tts_service.audio import long as long_clips
from tts_service.audio import stretches as cutting
from tts_service.db.tables import ClipRevisionRow, JobRow
from tts_service.engines.child.speak import EngineChild
from tts_service.errors import ClipDefective
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.left_out import FORMATS, make_left_out
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

ARTICLE = make_article(source="\n\n".join(f"The ferry leaves from quay {n}." for n in range(12)), title=None)
WISH = Wish(voice="tone:beep", formats=("mp3", "opus"))


@pytest.fixture
def hasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    """Turns that are over as soon as they have done the least they may."""
    monkeypatch.setattr(cutting, "LONG_S", 4)
    monkeypatch.setattr(cutting, "LEAST_S", 2)
    parts = make_parts(tmp_path, slice_s=0.0001)
    yield parts
    parts.close()


def encodings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """(format, stretch) of everything that was encoded."""
    begun: list[str] = []
    true_encoded = long_clips._Work._encoded

    def encode(this: Any, number: int, sound_of: Any) -> Any:
        begun.append(f"{this._form} {number}")
        return true_encoded(this, number, sound_of)

    monkeypatch.setattr(long_clips._Work, "_encoded", encode)
    return begun


def stretches_of(parts: Parts, job: JobRow) -> list[str]:
    return list(parts.store.names(f"clips/{job.clip_id}/{job.revision}/stretches/"))


def test_each_turn_makes_a_stretch_and_the_next_one_goes_on(hasty: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = encodings(monkeypatch)
    with EngineChild(hasty.settings) as engine:
        job = work(hasty, engine, ARTICLE, WISH)
        made = []
        while job.state != "succeeded":
            made.append(len(begun))
            assert len(made) < 60
            job = turn(hasty, engine, job.id)

    assert len(begun) == len(set(begun)) >= 8
    assert all(later - earlier <= 1 for earlier, later in pairwise(made))
    assert stretches_of(hasty, job) == []


def test_who_dies_at_a_stretch_loses_that_one_and_no_attempt(hasty: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker dies behind every stretch: more often than a job survives that doesn't get on."""
    begun = encodings(monkeypatch)
    with EngineChild(hasty.settings) as engine:
        job = work(hasty, engine, ARTICLE, WISH)
        turns = 0
        while job.state != "succeeded":
            turns += 1
            assert turns < 60
            job = turn(hasty, engine, job.id)
            with hasty.database.writing() as session:  # as if its worker had died right behind the stretch
                gone = (JobRow.id == job.id, JobRow.state == "queued")
                session.execute(update(JobRow).where(*gone).values(state="running", lease_until_ms=1))

    assert len(begun) == len(set(begun)) >= 8
    assert job.attempts <= 1


def test_a_left_out_format_of_a_long_clip_is_made_turn_by_turn(hasty: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = encodings(monkeypatch)
    true_check = long_clips.check_sound

    def refuse(path: Path, *rest: Any, **more: Any) -> Any:
        if path.suffix == ".opus":
            raise ClipDefective("It sounds odd.")
        return true_check(path, *rest, **more)

    with EngineChild(hasty.settings) as engine:
        with monkeypatch.context() as patch:
            patch.setattr(long_clips, "check_sound", refuse)
            job = work(hasty, engine, ARTICLE, WISH)
            for _ in range(60):
                job = job if job.state == "succeeded" else turn(hasty, engine, job.id)
        begun.clear()
        tries = 0
        with hasty.database.writing() as session:
            session.execute(update(ClipRevisionRow).values(again_ms=1))
        while (one := claimed(hasty, FORMATS)) and make_left_out(hasty, engine, one) != ("opus",):
            tries += 1
            assert tries < 20

    assert len(begun) == len(set(begun)) == tries + 1 >= 4
    with hasty.database.reading() as session:
        row = session.scalars(select(ClipRevisionRow)).one()
    assert [one["format"] for one in row.renditions or ()] == ["mp3", "opus"]
    assert stretches_of(hasty, job) == []
