"""A worker's turn with a job, with the tone engine in a real engine child and a real store."""

from __future__ import annotations

import gc
import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.parts.factories import make_article, make_parts, stored_audio
from tts_service.audio import finish, live_file
from tts_service.audio.assemble import joined_pcm
from tts_service.audio.decode import decoded
from tts_service.audio.loudness import Meter
from tts_service.audio.peaks import Floats
from tts_service.db.tables import ClipRevisionRow, ClipRow, JobRow, UtteranceRow
from tts_service.engines.child.speak import EngineChild
from tts_service.errors import ServiceError
from tts_service.jobs import lease as lease_module
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.lease import Lease, claim
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.owner import this_owner
from tts_service.jobs.slices import run_slice
from tts_service.jobs.submit import submit
from tts_service.newsroom.policies import set_policy
from tts_service.parts import Parts
from tts_service.storage.segments import SegmentStore
from tts_service.values import Article, Segment
from tts_service.web.reading import lines_heard

TONE = Wish(voice="tone:beep")


def work(parts: Parts, engine: EngineChild, article: Article, wish: Wish = TONE) -> JobRow:
    """Submit and take one turn, as the Celery task does."""
    job_id = submit(parts, article, wish).job_id
    return turn(parts, engine, job_id)


def turn(parts: Parts, engine: EngineChild, job_id: str) -> JobRow:
    lease = claim(parts, job_id, this_owner())
    if lease is not None:
        try:
            run_slice(parts, engine, lease)
        except ServiceError as error:
            settle_job(parts, lease, error)
    with parts.database.reading() as session:
        return session.scalars(select(JobRow).where(JobRow.id == job_id)).one()


def live_bytes(parts: Parts, clip_id: str, revision: int) -> bytes:
    with parts.database.reading() as session:
        mine = (UtteranceRow.clip_id == clip_id, UtteranceRow.revision == revision)
        rows = session.scalars(select(UtteranceRow).where(*mine).order_by(UtteranceRow.position)).all()
    for before, row in itertools.pairwise(rows):
        assert row.live_start == (before.live_start or 0) + (before.live_bytes or 0)
    folder = f"live/{clip_id}/{revision}"
    names = [f"{folder}/head", *(row.live_piece or "" for row in rows), f"{folder}/end"]
    return b"".join(parts.store.get(name) for name in names)


def test_an_article_becomes_a_clip(parts: Parts, engine: EngineChild) -> None:
    job = work(parts, engine, make_article())

    assert (job.state, job.done, job.total, job.spoken) == ("succeeded", job.total, job.total, job.total)
    with parts.database.reading() as session:
        clip = session.scalars(select(ClipRow)).one()
        revision = session.scalars(select(ClipRevisionRow)).one()
    assert (clip.state, clip.current_revision, revision.state) == ("ready", 1, "ready")
    assert parts.store.size(stored_audio(parts, clip.id)) == (revision.renditions or [{}])[0]["bytes"]


def test_the_finished_file_is_made_of_the_frames_that_were_heard(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "_NEAR_LU", 1.5)  # a beep isn't calibrated as voices are
    again: list[object] = []
    monkeypatch.setattr(live_file, "live_piece", lambda *args: again.append(args))
    job = work(parts, engine, make_article())
    with parts.database.reading() as session:
        names = session.scalars(select(UtteranceRow.live_piece).order_by(UtteranceRow.position)).all()

    assert (job.state, again) == ("succeeded", [])
    frames = b"".join(parts.store.get(name or "") for name in names)
    assert frames in parts.store.get(stored_audio(parts, job.clip_id))


def test_an_article_without_title_and_headings_becomes_a_clip(parts: Parts, engine: EngineChild) -> None:
    job = work(parts, engine, make_article(title=None, source="There is no headline here, only this."))

    assert job.state == "succeeded", job.error


def test_a_turn_leaves_nothing_in_reference_cycles(parts: Parts, engine: EngineChild) -> None:
    """A search for garbage that looks at old objects, too, comes once in some hundred jobs: until then, each would keep
    its sentences and its frames."""
    work(parts, engine, make_article())  # caches are filled
    gc.collect()
    gc.disable()
    try:
        work(parts, engine, make_article(source="Another text is spoken now."))
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        ours = {type(found) for found in gc.garbage if type(found).__module__.startswith("tts_service.")}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()

    assert ours == set()


def test_one_changed_sentence_speaks_one_sentence(parts: Parts, engine: EngineChild) -> None:
    first = make_article()
    work(parts, engine, first)
    changed = make_article(source=first.source.replace("Three hundred", "Four hundred"))

    assert work(parts, engine, changed).spoken == 1


def test_a_broken_segment_is_spoken_again(parts: Parts, engine: EngineChild) -> None:
    work(parts, engine, make_article())
    name = next(iter(sorted(parts.store.names("segments/"))))
    data = bytearray(parts.store.get(name))
    data[-20] ^= 0xFF
    parts.store.put(name, bytes(data))

    assert work(parts, engine, make_article(external_id="2")).spoken == 1


def test_a_text_with_nothing_to_speak_ends_with_the_account(parts: Parts, engine: EngineChild) -> None:
    job = work(parts, engine, make_article(source="<pre>x = 1</pre>", source_format="html", title=None))

    assert (job.state, (job.error or {})["code"]) == ("failed", "nothing_to_speak")
    assert [line["reason"] for line in (job.error or {})["account"]] == ["code"]


def test_a_sentence_that_kills_the_engine_ends_its_own_job_only(parts: Parts, engine: EngineChild) -> None:
    """Where the site wants articles whole or not at all."""
    set_policy(parts.database, parts.voices, "gazette", {"unspeakable": "refused"})
    text = "All is well.\n\nThen CRASH came to town.\n\nNobody was hurt."
    job = work(parts, engine, make_article(source=text), Wish(voice="tone:faulty"))

    assert (job.state, (job.error or {})["code"]) == ("failed", "unspeakable_text")
    assert "CRASH" in (job.error or {})["detail"]
    assert "crashed 3 times" in (job.error or {})["detail"]
    assert work(parts, engine, make_article(external_id="2")).state == "succeeded"


def test_slices_give_the_same_live_bytes_as_one_turn(tmp_path: Path) -> None:
    """A worker that takes over continues at the next frame: the listener's bytes are the same."""
    whole = make_parts(tmp_path / "whole")
    sliced = make_parts(tmp_path / "sliced", slice_s=0.0001)
    streams = []
    for parts in (whole, sliced):
        with EngineChild(parts.settings) as engine:
            job = work(parts, engine, make_article())
            turns = 1
            while job.state == "queued":
                job = turn(parts, engine, job.id)
                turns += 1
                assert turns < 40
            assert job.state == "succeeded"
            streams.append(live_bytes(parts, job.clip_id, 1))
        parts.close()

    assert turns > 3
    assert streams[0] == streams[1]


def test_progress_only_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over all turns, and while the file is made."""
    parts = make_parts(tmp_path, slice_s=0.0001)
    told: list[tuple[int, int | None]] = []
    write = lease_module.write

    def noted(session: Session, lease: Lease, **values: object) -> None:
        write(session, lease, **values)
        job = session.scalars(select(JobRow).where(JobRow.id == lease.job_id)).one()
        session.refresh(job)
        told.append((job.done, job.total))

    for module in ("live", "sink", "rendering"):
        monkeypatch.setattr(f"tts_service.jobs.{module}.write", noted)
    with EngineChild(parts.settings) as engine:
        job = work(parts, engine, make_article())
        while job.state == "queued":
            job = turn(parts, engine, job.id)
    parts.close()

    assert job.state == "succeeded"
    assert {total for _, total in told} == {6}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {done for done, _ in told} == set(range(7))


def sound_of(parts: Parts, clip_id: str, folder: Path) -> Floats:
    """The decoded final file of revision 1."""
    path = folder / "heard.mp3"
    path.write_bytes(parts.store.get(stored_audio(parts, clip_id)))
    return np.concatenate(list(decoded(path, 22050)))


def test_the_clip_is_as_long_as_its_sentences(parts: Parts, engine: EngineChild, tmp_path: Path) -> None:
    job = work(parts, engine, make_article())
    with parts.database.reading() as session:
        rows = session.scalars(select(UtteranceRow).order_by(UtteranceRow.position)).all()
    planned = 0.12 + sum((row.samples or 0) / 22050 + row.pause_after_ms / 1000 for row in rows)

    assert len(rows) == 6
    assert abs(len(sound_of(parts, job.clip_id, tmp_path)) / 22050 - planned) < 0.05


def test_every_word_sounds_when_its_mark_says(parts: Parts, engine: EngineChild, tmp_path: Path) -> None:
    """The tone engine leaves 20 ms of silence before each word: it must lie right before the mark."""
    job = work(parts, engine, make_article())
    heard = np.abs(sound_of(parts, job.clip_id, tmp_path))
    with parts.database.reading() as session:
        lines = lines_heard(session, session.scalars(select(ClipRevisionRow)).one())
    words = [word for line in lines for word in line.words]

    assert len(words) > 30
    for word in words:
        middle = heard[int((word.start_ms + 20) * 22.05) : int((word.end_ms - 20) * 22.05)].max()
        before = heard[int((word.start_ms - 12) * 22.05) : int((word.start_ms - 4) * 22.05)].max()
        assert before < middle * 0.35, word


def test_every_join_is_faded() -> None:
    full_swing = np.full(4410, 20000, np.int16).tobytes()
    clip = np.frombuffer(b"".join(joined_pcm([(full_swing, 2205), (full_swing, 2205)], 22050, 2205)), np.int16)

    for start in (2205, 2205 + 4410 + 2205):
        assert abs(clip[start]) < 400
        assert abs(clip[start + 4409]) < 400
        assert clip[start + 2000] == 20000


def test_the_clip_is_at_the_loudness_target(parts: Parts, engine: EngineChild, tmp_path: Path) -> None:
    job = work(parts, engine, make_article())
    meter = Meter(22050, true_peak=True)
    for piece in np.array_split(sound_of(parts, job.clip_id, tmp_path), 20):
        meter.push(np.clip(np.rint(piece * 32768), -32768, 32767).astype(np.int16).tobytes())
    lufs, peak = meter.read()

    assert abs(lufs + 16) <= 0.5
    assert peak <= -1


def test_a_worker_that_leaves_puts_its_job_down_after_the_sentence(parts: Parts, engine: EngineChild) -> None:
    job_id = submit(parts, make_article(), TONE).job_id
    lease = claim(parts, job_id, this_owner())
    assert lease is not None
    with parts.database.reading() as session:
        due_ms = session.get_one(JobRow, job_id).due_ms
    asked = iter([False, False, True, True])  # told to end while it speaks the second sentence
    assert run_slice(parts, engine, lease, lambda: next(asked)) is False
    with parts.database.reading() as session:
        job = session.scalars(select(JobRow)).one()
        assert (job.state, job.done, job.attempts, job.lease_owner) == ("queued", 2, 0, None)
        assert job.due_ms == due_ms  # before the jobs that came meanwhile
    assert turn(parts, engine, job_id).state == "succeeded"


def test_only_sentences_of_another_turn_are_read_from_the_store_and_each_once(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Counter[str] = Counter()
    get = SegmentStore.get

    def counted(store: SegmentStore, key: str) -> Segment | None:
        found = get(store, key)
        read[key] += found is not None
        return found

    monkeypatch.setattr(SegmentStore, "get", counted)
    text = " ".join(f"This is line {number} of the article." for number in range(6))
    job_id = submit(parts, make_article(source=text), replace(TONE, formats=("mp3", "wav"))).job_id
    lease = claim(parts, job_id, this_owner())
    assert lease is not None
    asked = iter([False, False, False, True, True])  # told to end while it speaks the third sentence
    assert run_slice(parts, engine, lease, lambda: next(asked)) is False
    assert set(read.values()) == {0}
    assert turn(parts, engine, job_id).state == "succeeded"
    assert sorted(read.values()) == [0] * (len(read) - 3) + [1] * 3
