"""A clip with Piper and two voices of pyttsx3: a second voice for quotes, and a German one for what is German."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from tests.jobs.test_slices import live_bytes, work
from tests.jobs.test_voices import RATE_HZ, lufs, said, wave_of
from tests.parts.factories import make_article, make_parts, stored_audio
from tts_service.db.tables import ClipRevisionRow, JobRow
from tts_service.engines.child.speak import EngineChild
from tts_service.jobs.acceptable import Wish
from tts_service.newsroom.policies import set_policy
from tts_service.parts import Parts
from tts_service.values import DigitalSourceType, SourceFormat

pytestmark = pytest.mark.slow
PIPER, ENGLISH, GERMAN = "piper:en_US-joe-medium", "pyttsx3:en-us", "pyttsx3:de"
SOURCE = (
    "<p>The ferry between Elmsworth and the islands sailed for the last time on Sunday. Two hundred people stood on "
    "the quay and waved until it was out of sight.</p>"
    "<blockquote>It carried my mother to school and my daughter to her wedding, said the harbour master.</blockquote>"
    "<p>A visitor from Bremen had travelled all night to be on board, and she did not want to leave.</p>"
    "<blockquote>Ich bin mit diesem Schiff jeden Sommer gefahren und werde es sehr vermissen, sagte sie.</blockquote>"
    "<p>From Monday on a bus crosses the new bridge every twenty minutes.</p>"
)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Parts, JobRow]]:
    parts = make_parts(tmp_path_factory.mktemp("voices"))
    set_policy(parts.database, parts.voices, "gazette", {"blocks": {"quote": {"voice": ENGLISH, "rate": 1.1}}})
    article = make_article(title="The last ferry", source=SOURCE, source_format=SourceFormat.HTML)
    with EngineChild(parts.settings) as engine:
        job = work(parts, engine, article, Wish(voice=PIPER))
    assert job.state == "succeeded", job.error
    yield parts, job
    parts.close()


def test_each_sentence_names_its_voice(rendered: tuple[Parts, JobRow]) -> None:
    parts, job = rendered
    with parts.database.reading() as session:
        revision = session.scalars(select(ClipRevisionRow)).one()
    kinds = [revision.blocks[row.block]["kind"] for row in said(parts, job)]
    voices = [(row.voice, row.rate) for row in said(parts, job)]

    quotes = [voice for kind, voice in zip(kinds, voices, strict=True) if kind == "quote"]
    assert [voice for voice, _ in itertools.groupby(quotes)] == [(ENGLISH, 1.1), (GERMAN, 1.1)]
    assert {voice for kind, voice in zip(kinds, voices, strict=True) if kind != "quote"} == {(None, 1.0)}
    provenance = revision.provenance or {}
    assert [voice["voice"] for voice in provenance["voices"]] == [PIPER, ENGLISH, GERMAN]
    assert provenance["digital_source_type"] == DigitalSourceType.TRAINED.uri


def test_durations_add_up_and_words_lie_within(rendered: tuple[Parts, JobRow], tmp_path: Path) -> None:
    parts, job = rendered
    rows = said(parts, job)
    wave = wave_of(parts.store.get(stored_audio(parts, job.clip_id)), tmp_path)
    planned = 0.12 + sum((row.samples or 0) / RATE_HZ + row.pause_after_ms / 1000 for row in rows)

    assert abs(len(wave) / RATE_HZ - planned) < 0.05
    for row in rows:
        ends = [end for _, end in row.words or []]
        assert ends == sorted(ends)
        assert ends[-1] <= (row.samples or 0) * 1000 / RATE_HZ + 0.1


def test_every_voice_is_as_loud_as_the_clip(rendered: tuple[Parts, JobRow], tmp_path: Path) -> None:
    parts, job = rendered
    wave = wave_of(parts.store.get(stored_audio(parts, job.clip_id)), tmp_path)
    levels = {}
    for voice in (None, ENGLISH, GERMAN):
        places = [
            slice(row.start_sample or 0, (row.start_sample or 0) + (row.samples or 0))
            for row in said(parts, job)
            if row.voice == voice
        ]
        levels[voice] = lufs(np.concatenate([wave[place] for place in places]))

    assert levels[ENGLISH] == pytest.approx(levels[None], abs=1.5), levels
    assert levels[GERMAN] == pytest.approx(levels[None], abs=1.5), levels


def test_live_and_finished_file_agree(rendered: tuple[Parts, JobRow], tmp_path: Path) -> None:
    parts, job = rendered
    final = wave_of(parts.store.get(stored_audio(parts, job.clip_id)), tmp_path)
    live = wave_of(live_bytes(parts, job.clip_id, 1), tmp_path)

    assert lufs(live) == pytest.approx(lufs(final), abs=1.0)
    for row in said(parts, job):
        place = slice(row.start_sample or 0, (row.start_sample or 0) + (row.samples or 0))
        assert np.corrcoef(live[place], final[place])[0, 1] > 0.9, row.position
