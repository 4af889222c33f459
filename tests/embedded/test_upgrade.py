"""A data folder made by version 0.1.2: today's code plays its clips, finds its report, speaks only what changed."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.jobs.test_slices import work
from tests.parts.factories import make_article, make_parts
from tests.parts.releases import clips_in, released_versions, unpack_release
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, ReportRow
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.order import ENGLISH, VoiceReason
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.newsroom.lexicon import lexicon_for
from tts_service.newsroom.site_voices import voices_for
from tts_service.newsroom.sites import options_for
from tts_service.parts import Parts
from tts_service.web.app import create_app

ARCHIVE = Path(__file__).parents[1] / "data/of_0_1_2/data.tar.xz"
TEXT = "The ferry to Elmsworth sails. It cost £3m."
VOICES = {"1": "pyttsx3:en-us", "2": "tone:beep"}
"""By the article's id."""
JOE = "piper:en_US-joe-medium"
"""The default for English until 0.2.0."""


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Parts]:
    """The old folder, opened with today's code: its database is brought up to date."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(tmp_path / "data", filter="data")
    parts = make_parts(tmp_path)
    yield parts
    parts.close()


@pytest.mark.parametrize("version", released_versions())
def test_clips_of_each_release_are_played(version: str, tmp_path: Path) -> None:
    unpack_release(version, tmp_path / "data")
    clips = clips_in(tmp_path / "data")
    parts = make_parts(tmp_path)
    with TestClient(create_app(parts)) as client:
        sounds = {clip: client.get(f"/v1/clips/{clip}/audio.mp3").content for clip in clips}
    parts.close()
    assert clips
    assert {clip: hashlib.sha256(sound).hexdigest() for clip, sound in sounds.items()} == clips


@pytest.mark.parametrize("version", released_versions())
def test_the_sites_of_each_release_keep_their_english_voice(version: str, tmp_path: Path) -> None:
    unpack_release(version, tmp_path / "data")
    parts = make_parts(tmp_path)
    old, new = (voices_for(parts.database, parts.voices, site).choice("en") for site in ("gazette", "herald"))
    parts.close()
    assert JOE in (old.voice.id, *old.missing)
    assert new.reason is not VoiceReason.KEPT
    assert new.voice.id == ENGLISH or ENGLISH in new.missing


def test_an_article_of_before_that_is_sent_again_is_known(tmp_path: Path) -> None:
    """What a site keeps is no change of how it is read: no clip is out of date, and nothing is spoken again."""
    unpack_release("0.2.0", tmp_path / "data")
    parts = make_parts(tmp_path)
    article = make_article(external_id="1", source=TEXT, title="Ferry")
    sent = submit(parts, article, Wish(voice="tone:beep", formats=("mp3",)))
    parts.close()
    assert not sent.created


def revision_of(parts: Parts, external_id: str, number: int = 1) -> ClipRevisionRow:
    with parts.database.reading() as session:
        found = select(ClipRevisionRow).join(ClipRow, ClipRow.id == ClipRevisionRow.clip_id).join(ArticleRow)
        found = found.where(ArticleRow.external_id == external_id, ClipRevisionRow.revision == number)
        return session.scalars(found).one()


@pytest.mark.parametrize("external_id", VOICES)
def test_its_clips_are_played_with_their_marks(old: Parts, external_id: str) -> None:
    revision = revision_of(old, external_id)
    (made,) = revision.renditions or []
    with TestClient(create_app(old)) as client:
        clip = f"/v1/clips/{revision.clip_id}/r/1"
        sound, marks = client.get(f"{clip}/audio.mp3"), client.get(f"{clip}/marks.json").json()

    assert (sound.status_code, hashlib.sha256(sound.content).hexdigest()) == (200, made["sha256"])
    assert [line["text"] for line in marks["sentences"]] == ["Ferry", "The ferry to Elmsworth sails.", "It cost £3m."]
    assert [word["spoken"] for word in marks["sentences"][2]["words"]] == ["It", "cost", "three million pounds"]
    starts = [word["start_ms"] for line in marks["sentences"] for word in line["words"]]
    assert starts == sorted(starts)
    assert 0 < starts[-1] < marks["end_ms"] == revision.duration_ms


def test_its_report_its_site_and_its_lexicon_are_there(old: Parts) -> None:
    with old.database.reading() as session:
        report = session.scalars(select(ReportRow)).one()
    with TestClient(create_app(old)) as client:
        assert client.get(f"/v1/feedback/{report.id}").json()["state"] == "new"
    assert (report.sentence, report.comment) == ("The ferry to Elmsworth sails.", "Elmz!")
    assert options_for(old.database, "gazette").title == "The Elmsworth Gazette"
    assert [lexeme.alias for lexeme in lexicon_for(old.database, "gazette", "1").lexemes] == ["Elmzworth"]


@pytest.mark.parametrize(("external_id", "voice"), VOICES.items())
def test_one_changed_sentence_is_one_sentence_spoken(old: Parts, external_id: str, voice: str) -> None:
    before = revision_of(old, external_id)
    if old.voices.find(voice).fingerprint != before.voice["fingerprint"]:
        pytest.skip(f"{voice} is of another version on this machine: everything is spoken anew, as it should be")
    article = make_article(external_id=external_id, source=TEXT.replace("£3m", "£4m"), title="Ferry")
    with EngineChild(old.settings) as engine:
        job = work(old, engine, article, Wish(voice=voice, formats=("mp3",)))

    assert (job.state, job.revision, job.spoken, job.total) == ("succeeded", 2, 1, 3)
    assert revision_of(old, external_id, 2).clip_id == before.clip_id
