"""Who uses a voice: nobody removes it from under a site or a clip without being told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from tests.parts.factories import make_article, make_parts
from tests.parts.web_rows import provenance, ready_clip
from tests.parts.webhooks import make_hook
from tts_service.commands import app
from tts_service.commands import voices as commands
from tts_service.db.tables import AuditRow, ClipRevisionRow, ClipRow, SiteRow
from tts_service.engines.voices.voice_files import VoiceFacts, write_facts
from tts_service.errors import Conflict
from tts_service.jobs.submit import Wish, submit
from tts_service.newsroom.policies import set_policy
from tts_service.newsroom.sites import set_options
from tts_service.newsroom.voice_use import require_unused, uses_of
from tts_service.parts import Parts

VOICE = "tone:low"


def used_by(parts: Parts, voice: str = VOICE) -> list[str]:
    return [use.words for use in uses_of(parts.database, parts.settings, voice)]


def test_a_voice_that_nobody_uses(parts: Parts) -> None:
    ready_clip(parts)
    assert used_by(parts) == []
    require_unused(parts.database, parts.settings, [VOICE])


def test_a_site_that_chose_it_or_keeps_it_is_named(parts: Parts) -> None:
    set_policy(parts.database, parts.voices, "chose", {"voices": {"en": VOICE}})
    set_policy(parts.database, parts.voices, "quotes", {"blocks": {"quote": {"voice": VOICE}}})
    set_policy(parts.database, parts.voices, "other", {"voices": {"en": "tone:beep"}})
    set_options(parts.database, "kept", {})
    with parts.database.writing() as session:
        session.execute(update(SiteRow).where(SiteRow.name == "kept").values(kept_voices={"en": VOICE}))
    assert used_by(parts) == [
        "chosen by the site chose",
        "kept by the site kept from before an update",
        "chosen by the site quotes",
    ]
    with pytest.raises(Conflict, match="tone:low chosen by the site chose; "):
        require_unused(parts.database, parts.settings, ["tone:beep", VOICE])


def test_the_operators_voice_is_in_use(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, default_voice_en=VOICE)
    assert used_by(parts) == ["set as TTS_DEFAULT_VOICE_EN"]
    parts.close()


def test_an_address_that_asks_for_it_is_named(parts: Parts) -> None:
    make_hook(parts, "ghost", voice=VOICE)
    assert used_by(parts) == ["asked for by an address of the site gazette"]


def test_clips_that_it_speaks_are_counted_until_they_are_withdrawn(parts: Parts) -> None:
    for name in ("1", "2"):
        ready_clip(parts, name=name)
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(provenance=provenance(voice=VOICE).as_json()))
    assert used_by(parts) == ["heard in 2 clips, such as clip_1"]
    assert used_by(parts, "tone:lo") == used_by(parts, "tone_low") == used_by(parts, "tone:%") == []
    with parts.database.writing() as session:
        session.execute(update(ClipRow).where(ClipRow.id == "clip_1").values(state="withdrawn"))
    assert used_by(parts) == ["heard in 1 clips, such as clip_2"]


def test_a_job_that_waits_for_it_is_counted(parts: Parts) -> None:
    submit(parts, make_article(), Wish(voice=VOICE))
    assert used_by(parts) == ["asked for by 1 jobs that wait"]


class TestCommand:
    @pytest.fixture
    def folder(self, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The folder of an added voice, which a site chose."""
        monkeypatch.setattr(commands, "built", lambda: replace(parts, close=lambda: None))
        folder = parts.settings.voices_folder / "anna"
        folder.mkdir(parents=True)
        facts = VoiceFacts(
            name="anna", language="de", sample_rate_hz=16000, licence="CC0-1.0", gain_db=0.0, sha256="0" * 64
        )
        write_facts(folder, facts)
        set_policy(parts.database, parts.voices, "chose", {"voices": {"de": "piper:anna"}})
        return folder

    def test_a_voice_in_use_is_removed_by_force_only(self, parts: Parts, folder: Path) -> None:
        refused = CliRunner().invoke(app, ["voices", "remove", "piper:anna"])
        assert isinstance(refused.exception, Conflict)
        assert "piper:anna chosen by the site chose" in refused.exception.message
        assert parts.voices.find("piper:anna")
        done = CliRunner().invoke(app, ["voices", "remove", "piper:anna", "--force"])
        assert (done.exit_code, done.stdout) == (0, "removed: piper:anna\n")
        assert "piper:anna" not in {voice.id for voice in parts.voices.voices()}
        assert list(parts.settings.voices_folder.iterdir()) == []
        with parts.database.reading() as session:
            assert [(row.what, row.subject) for row in session.query(AuditRow).filter_by(what="voice.removed")] == [
                ("voice.removed", "piper:anna")
            ]
