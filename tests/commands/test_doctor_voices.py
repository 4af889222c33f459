"""What doctor says of voices: who speaks, what isn't installed, whose licence is to be checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import insert

from tests.parts.factories import make_parts
from tts_service.commands.doctor import voices
from tts_service.commands.doctor.finding import Finding
from tts_service.db.tables import SiteRow
from tts_service.engines.voices.registry import Registry
from tts_service.parts import Parts
from tts_service.values import DigitalSourceType, Voice


def voice(engine: str, name: str, language: str) -> Voice:
    kind = DigitalSourceType.RULES if engine == "pyttsx3" else DigitalSourceType.TRAINED
    return Voice(
        engine=engine, name=name, language=language, sample_rate_hz=22050, licence="x", digital_source_type=kind
    )


HEART, JOE = voice("hibari", "heart", "en-US"), voice("piper", "en_US-joe-medium", "en-US")
ESPEAK = [voice("pyttsx3", code, code) for code in ("de", "en", "es", "fr", "it")]


@dataclass(frozen=True, slots=True)
class Plain:
    """An installation with these voices, none of which speaks."""

    parts: Parts
    patch: pytest.MonkeyPatch

    def says(self, *installed: Voice) -> list[Finding]:
        self.patch.setattr(Registry, "_all", lambda _: list(installed))
        self.patch.setattr(voices, "_spoken", lambda _, one: f"{one.id} spoke")
        return list(voices.voice_checks(self.parts.settings))

    def keep(self, site: str, voice_id: str, **policy: dict[str, str]) -> None:
        with self.parts.database.writing() as session:
            row = {"name": site, "created_ms": 0, "updated_ms": 0, "kept_voices": {"en": voice_id}, "policy": policy}
            session.execute(insert(SiteRow), [row])


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plain]:
    parts = make_parts(tmp_path)
    yield Plain(parts, monkeypatch)
    parts.close()


def test_an_installation_with_everything_has_no_warning(plain: Plain) -> None:
    found = plain.says(HEART, JOE, *ESPEAK)
    assert [(one.mark, one.name, one.found) for one in found] == [
        ("ok  ", "voice for English", "hibari:heart (trained)"),
        ("ok  ", "voice pyttsx3", "pyttsx3:de spoke"),
        ("ok  ", "voice hibari", "hibari:heart spoke"),
    ]


def test_a_voice_whose_licence_is_to_be_checked_is_named_with_its_sites(plain: Plain) -> None:
    plain.keep("gazette", JOE.id)
    plain.keep("herald", JOE.id, voices={"en": HEART.id})
    (warning,) = [one for one in plain.says(HEART, JOE, *ESPEAK) if one.mark == "warn"]
    assert warning.found.startswith("gazette: piper:en_US-joe-medium was trained from lessac")
    assert "licence" in warning.advice


def test_what_isnt_installed_is_named_and_so_is_who_speaks(plain: Plain) -> None:
    plain.keep("gazette", JOE.id)
    said = {one.found for one in plain.says(*ESPEAK)}
    assert "pyttsx3:en (rules); not installed: hibari:heart" in said
    assert "gazette: pyttsx3:en speaks English; not installed: piper:en_US-joe-medium, hibari:heart" in said


def test_english_alone_is_fine_and_the_silent_languages_are_named(plain: Plain) -> None:
    found = plain.says(HEART)
    assert all(one.fine for one in found)
    assert [one.found for one in found if one.mark == "warn"] == ["no voice speaks de, es, fr, it"]


def test_many_sites_are_counted(plain: Plain) -> None:
    for number in range(8):
        plain.keep(f"site{number}", JOE.id)
    (warning,) = [one for one in plain.says(HEART, JOE, *ESPEAK) if one.mark == "warn"]
    assert warning.found.startswith("site0, site1, site2, site3, site4 and 3 more: ")
