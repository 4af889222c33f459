"""A sound file is read as itself: no list in it is followed, no name is an instruction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.measure.doors.sound import READERS, tried, unguarded
from tests.measure.openapi_document import document
from tts_service.provenance.read_back import read_disclosure


def test_no_file_leads_to_another_or_to_the_outside(tmp_path: Path) -> None:
    heard = tried(tmp_path, READERS)
    assert (heard.calls, heard.foreign, heard.wrong) == (0, [], [])
    assert heard.tried > 100
    assert read_disclosure(tmp_path / "secret.wav", "").tags == {"title": "Secret."}  # what a list could have led to


def test_a_plain_call_is_led_astray(tmp_path: Path) -> None:
    heard = tried(tmp_path, {"plain": unguarded})
    assert any("list of files" in line for line in heard.foreign)
    assert any("concat:" in line for line in heard.wrong)


def test_recordings_are_the_only_sound_files_that_are_taken() -> None:
    """They are read as the others are (READERS)."""
    paths: dict[str, Any] = document()["paths"]
    taken = {
        (name, kind)
        for name, path in paths.items()
        for operation in path.values()
        if isinstance(operation, dict)
        for kind in operation.get("requestBody", {}).get("content", {})
    }
    assert ("/v1/jobs", "application/json") in taken
    sounds = {name for name, kind in taken if kind.startswith(("audio/", "video/", "multipart/")) or "octet" in kind}
    assert sounds == {"/v1/articles/{site}/{external_id}/recording"}
