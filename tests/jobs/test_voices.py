"""A clip with two voices, from the site's policy to the finished file, with tone voices of two sample rates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from tests.jobs.test_slices import live_bytes, turn, work
from tests.parts.factories import make_article, make_parts, stored_audio
from tts_service.audio.decode import decoded
from tts_service.audio.loudness import Meter
from tts_service.audio.peaks import Floats
from tts_service.db.rows import utterance_of
from tts_service.db.tables import ClipRevisionRow, JobRow, UtteranceRow
from tts_service.engines.child.speak import EngineChild
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.policies import set_policy
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.values import Article, SourceFormat

RATE_HZ = 22050
SOURCE = (
    "<p>The harbour town of Elmsworth opened its new bridge on Monday, after eleven years of work and waiting.</p>"
    "<blockquote>We crossed it this morning and nobody wanted to go back, said a baker who lives nearby.</blockquote>"
    "<p>Traffic starts tomorrow, and cyclists may use the northern lane from the first day on.</p>"
)
QUOTES = {"blocks": {"quote": {"voice": "tone:low", "rate": 0.8}}, "pauses": {"quote_ms": 800}}


def quoting(**values: Any) -> Article:
    return make_article(**({"source": SOURCE, "source_format": SourceFormat.HTML} | values))


def entered(parts: Parts, given: dict[str, Any]) -> None:
    set_policy(parts.database, parts.voices, "gazette", given)


def said(parts: Parts, job: JobRow) -> list[UtteranceRow]:
    with parts.database.reading() as session:
        mine = (UtteranceRow.clip_id == job.clip_id, UtteranceRow.revision == job.revision)
        return list(session.scalars(select(UtteranceRow).where(*mine).order_by(UtteranceRow.position)))


def wave_of(mp3: bytes, folder: Path) -> Floats:
    path = folder / "heard.mp3"
    path.write_bytes(mp3)
    return np.concatenate(list(decoded(path, RATE_HZ)))


def lufs(wave: Floats) -> float:
    meter = Meter(RATE_HZ)
    meter.push(np.clip(np.rint(wave * 32768), -32768, 32767).astype(np.int16).tobytes())
    return meter.read()[0]


def test_a_quote_is_spoken_by_the_sites_second_voice(parts: Parts, engine: EngineChild) -> None:
    entered(parts, QUOTES)
    job = work(parts, engine, quoting())
    rows = said(parts, job)
    with parts.database.reading() as session:
        revision = session.scalars(select(ClipRevisionRow)).one()

    assert job.state == "succeeded", job.error
    quotes = [row for row in rows if revision.blocks[row.block]["kind"] == "quote"]
    assert {(row.voice, row.rate) for row in quotes} == {("tone:low", 0.8)}
    assert {(row.voice, row.rate) for row in rows if row not in quotes} == {(None, 1.0)}
    assert quotes[-1].pause_after_ms == 800
    assert [voice["id"] for voice in revision.other_voices or []] == ["tone:low"]
    assert [voice["voice"] for voice in (revision.provenance or {})["voices"]] == ["tone:beep", "tone:low"]


def test_its_file_is_as_long_as_all_of_them_and_as_loud(parts: Parts, engine: EngineChild, tmp_path: Path) -> None:
    """The second voice beeps at another sample rate and 12 dB quieter: neither is heard."""
    entered(parts, QUOTES)
    job = work(parts, engine, quoting())
    rows = said(parts, job)
    wave = wave_of(parts.store.get(stored_audio(parts, job.clip_id)), tmp_path)
    planned = 0.12 + sum((row.samples or 0) / RATE_HZ + row.pause_after_ms / 1000 for row in rows)
    levels = {
        other: [
            lufs(wave[row.start_sample : (row.start_sample or 0) + (row.samples or 0)])
            for row in rows
            if bool(row.voice) is other and (row.samples or 0) > RATE_HZ
        ]
        for other in (False, True)
    }

    assert abs(len(wave) / RATE_HZ - planned) < 0.05
    assert levels[True]
    assert np.mean(levels[True]) == pytest.approx(np.mean(levels[False]), abs=1.0)


def test_live_and_finished_file_agree(parts: Parts, engine: EngineChild, tmp_path: Path) -> None:
    entered(parts, QUOTES)
    job = work(parts, engine, quoting())
    final = wave_of(parts.store.get(stored_audio(parts, job.clip_id)), tmp_path)
    live = wave_of(live_bytes(parts, job.clip_id, 1), tmp_path)

    for row in said(parts, job):
        place = slice(row.start_sample or 0, (row.start_sample or 0) + (row.samples or 0))
        assert np.corrcoef(live[place], final[place])[0, 1] > 0.95, row.position


def test_a_worker_that_takes_over_speaks_with_the_same_voices(tmp_path: Path) -> None:
    streams = []
    for name, slice_s in (("whole", 60.0), ("sliced", 0.0001)):
        parts = make_parts(tmp_path / name, slice_s=slice_s)
        entered(parts, QUOTES)
        with EngineChild(parts.settings) as engine:
            job = work(parts, engine, quoting())
            for _ in range(20):
                if job.state == "queued":
                    job = turn(parts, engine, job.id)
        assert job.state == "succeeded", job.error
        streams.append(live_bytes(parts, job.clip_id, 1))
        parts.close()

    assert streams[0] == streams[1]


def test_a_changed_policy_speaks_only_what_it_changes(parts: Parts, engine: EngineChild) -> None:
    first = work(parts, engine, quoting())
    again = submit(parts, quoting(), Wish(voice="tone:beep"))
    entered(parts, QUOTES)
    second = work(parts, engine, quoting())

    assert (again.job_id, again.created) == (first.id, False)
    assert (second.state, second.revision) == ("succeeded", 2)
    assert second.spoken == len([row for row in said(parts, second) if row.voice])


def test_a_lexicon_entry_speaks_only_the_sentence_with_its_word(parts: Parts, engine: EngineChild) -> None:
    first = work(parts, engine, quoting())
    lexeme = Lexeme(graphemes=("Elmsworth",), language="en", alias="Elmzworth")
    add(parts.database, parts.voices, Place(scope=Scope.SITE, site="gazette"), lexeme, author="test")
    second = work(parts, engine, quoting())
    again = submit(parts, quoting(), Wish(voice="tone:beep"))

    words = [" ".join(word.text for word in utterance_of(row).words) for row in said(parts, second)]
    assert [row.segment_key for row in said(parts, first)] != [row.segment_key for row in said(parts, second)]
    assert (second.state, second.revision, second.spoken) == ("succeeded", 2, 1)
    assert len([text for text in words if "Elmzworth" in text]) == 1
    assert (again.job_id, again.created) == (second.id, False)


def test_another_sites_lexicon_renders_nothing_again(parts: Parts) -> None:
    first = submit(parts, quoting(), Wish(voice="tone:beep"))
    lexeme = Lexeme(graphemes=("Elmsworth",), language="en", alias="Elmzworth")
    add(parts.database, parts.voices, Place(scope=Scope.SITE, site="herald"), lexeme, author="test")

    assert submit(parts, quoting(), Wish(voice="tone:beep")).job_id == first.job_id


def test_the_second_voices_deaths_are_told_by_its_name(parts: Parts, engine: EngineChild) -> None:
    entered(parts, {"blocks": {"quote": {"voice": "tone:faulty"}}, "unspeakable": "refused"})
    job = work(parts, engine, quoting(source=SOURCE.replace("this morning", "CRASH")))

    assert (job.error or {})["code"] == "unspeakable_text"
    assert "tone:faulty crashed 3 times" in (job.error or {})["detail"]
