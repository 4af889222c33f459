"""Planted faults of a whole installation, each of which `tts-service doctor` must find; for tests and `make seams`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.parts.doctor_setting import installation, proxy
from tests.parts.factories import make_parts, make_settings
from tests.parts.s3_servers import s3_server, settings_of
from tts_service.audio import id3, sound_file
from tts_service.commands.doctor import journey, parts
from tts_service.commands.doctor.finding import finding_of
from tts_service.commands.doctor.journey import ADDRESS, sentence_checks
from tts_service.commands.doctor.voices import _english
from tts_service.engines.voices.registry import Registry
from tts_service.provenance.read_back import State
from tts_service.settings import Settings

STEPS = ["sentence", "mark", "formats", "read back", "served"]
_TONE = {"default_voice_en": "tone:beep"}
_SPOKEN: dict[str, bytes] = {}
"""The doctor's sentence, spoken and signed once a process: most faults lie behind that."""


@dataclass(frozen=True, slots=True)
class Plant:
    """An installation with one fault."""

    name: str
    look: Callable[[Path], str]
    """Plants it in an empty folder; what doctor says of it, empty: nothing."""
    says: str


def first_failure(settings: Settings) -> str:
    """What the first step that isn't fine says; empty: all are."""
    return next((one.found for one in sentence_checks(settings) if not one.fine), "")


def spoken(folder: Path) -> Path:
    """The doctor's sentence as a signed file."""
    way = journey._Journey(make_settings(folder, **_TONE), folder)
    if not _SPOKEN:
        journey._speak(way)
        _SPOKEN["mp3"] = way.data
    way.file.write_bytes(_SPOKEN["mp3"])
    return way.file


def speak_quickly(patch: pytest.MonkeyPatch, file: Path) -> None:
    """The doctor's sentence is a copy of this MP3, and no other format is looked at."""
    patch.setattr(journey, "OTHERS", ())
    patch.setattr(journey, "speak_to_file", lambda _, out, *__, **___: shutil.copy(file, out))


def _opus_without_a_mark(folder: Path) -> str:
    """Only what is said of Opus: everything else is fine."""
    true = journey.read_disclosure

    def told(file: Path) -> Any:
        found = true(file)
        return replace(found, state=State.UNSIGNED) if file.suffix == ".opus" else found

    with installation(folder) as made, pytest.MonkeyPatch.context() as patch:
        patch.setattr(journey, "read_disclosure", told)
        found = list(sentence_checks(made.settings))
    assert [one.name for one in found if not one.fine] == ["formats"]
    return found[2].found


def _of_another_version(folder: Path) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sound_file, "_tags_as_they_are", lambda _: {"of_another_version": True})
        return first_failure(make_settings(folder, **_TONE))


def _address_byte_for_byte(folder: Path) -> str:
    frame = id3._frame

    def raw(name: str, body: bytes) -> bytes:
        return frame(name, ADDRESS.encode("latin-1") if name == "WOAS" else body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(id3, "_frame", raw)
        return first_failure(make_settings(folder, **_TONE))


def _store(folder: Path, **manner: Any) -> str:
    with s3_server(**manner) as bucket:
        found = finding_of("store", lambda: parts._store(make_settings(folder, **settings_of(bucket))), "")
    return "" if found.fine else found.found


def _full_disk(folder: Path) -> str:
    return finding_of("store", lambda: parts._store(make_settings(folder, min_free_mb=10**9)), "").found


def _voice_not_here(folder: Path) -> str:
    settings = make_settings(folder, default_voice_en="tone:nope")
    return finding_of("voice", lambda: _english(settings, Registry(settings)), "").found


def _behind(
    folder: Path, headers: dict[str, str], answers: dict[str, bytes], *, path: str = "", strip: str = "", **known: Any
) -> str:
    """A healthy installation behind a proxy that does something else than its settings say."""
    file = spoken(folder)
    with installation(folder, **known) as made, pytest.MonkeyPatch.context() as patch:
        speak_quickly(patch, file)
        with proxy(made.settings.port, headers, strip=strip, answers=answers) as address:
            return first_failure(made.settings.model_copy(update={"public_url": address + path}))


def _nobody_there(folder: Path) -> str:
    file = spoken(folder)
    make_parts(folder).close()
    with pytest.MonkeyPatch.context() as patch:
        speak_quickly(patch, file)
        return first_failure(make_settings(folder, **_TONE, public_url="http://127.0.0.1:9"))


def _another_database(folder: Path) -> str:
    file = spoken(folder)
    make_parts(folder / "other").close()
    with installation(folder) as made, pytest.MonkeyPatch.context() as patch:
        speak_quickly(patch, file)
        return first_failure(make_settings(folder / "other", **_TONE, port=made.settings.port))


_TOLD = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/tts"}
_PUBLIC = {"public_url": "https://news.example/audio", "trusted_proxies": "127.0.0.1"}
PLANTS = (
    Plant("an argument of another av version", _of_another_version, "of_another_version"),
    Plant("an address byte for byte in a tag", _address_byte_for_byte, "don't say"),
    Plant("an Opus file that says nothing", _opus_without_a_mark, "opus: sentence.opus is"),
    Plant("a bucket that takes nothing", partial(_store, refuses_puts=403), "privileges"),
    Plant("a bucket that spoils what it takes", partial(_store, spoils=True), "can't be read back"),
    Plant("a full disk", _full_disk, "TTS_MIN_FREE_MB=1000000000"),
    Plant("a voice that isn't here", _voice_not_here, "TTS_DEFAULT_VOICE_EN: Unknown voice 'tone:nope'"),
    Plant("nobody at the public address", _nobody_there, "http://127.0.0.1:9/healthz doesn't respond"),
    Plant(
        "another server at the public address",
        partial(_behind, headers={}, answers={"healthz": b"<h1>It works!</h1>"}),
        "Something other than this service responds",
    ),
    Plant("an API with another database", _another_database, "returned 404"),
    Plant(
        "a prefix that only the proxy knows",
        partial(_behind, headers={}, answers={"healthz": b'{"status": "ok"}'}, strip="/audio", path="/audio"),
        "links to other addresses than",
    ),
    Plant(
        "a cache that keeps half a file",
        partial(_behind, headers={}, answers={".mp3": b"half a fi"}),
        "returned different bytes than were written: 9 instead of",
    ),
    Plant(
        "a prefix and headers that contradict each other",
        partial(_behind, headers=_TOLD, answers={}, strip="/audio", path="/audio", **_PUBLIC),
        "X-Forwarded-Prefix says /tts, the path of TTS_PUBLIC_URL is /audio",
    ),
    Plant(
        "a proxy that isn't trusted",
        partial(_behind, headers={"X-Forwarded-For": "203.0.113.7"}, answers={}),
        "isn't in TTS_TRUSTED_PROXIES",
    ),
)
