"""Both ways with real voices: equal marks from the same segments; freshly spoken, equal apart from times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.narration.both_ways import (
    ARTICLE,
    by_the_service,
    into_a_file,
    said_of_itself,
    settle_site,
    without_times,
)
from tts_service.engines.registry import Registry
from tts_service.engines.speak import EngineChild
from tts_service.errors import VoiceNotFound
from tts_service.jobs.submit import Wish
from tts_service.parts import Parts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
VOICES = [("piper:en_US-joe-medium", "pyttsx3:en-us"), ("pyttsx3:en-us", "pyttsx3:en")]


@pytest.fixture(params=VOICES, ids=["piper", "pyttsx3"])
def voices(request: pytest.FixtureRequest, parts: Parts) -> tuple[str, str]:
    main, second = request.param
    try:
        Registry(parts.settings).find(main)
    except VoiceNotFound:
        pytest.skip(f"{main} isn't installed")
    return main, second


@pytest.fixture
def engine(parts: Parts) -> Iterator[EngineChild]:
    with EngineChild(parts.settings) as child:
        yield child


def test_marks_are_equal(voices: tuple[str, str], parts: Parts, engine: EngineChild, tmp_path: Path) -> None:
    settle_site(parts, voices[1])
    wish = Wish(voice=voices[0], formats=("mp3",))
    served, marks = by_the_service(parts, engine, ARTICLE, wish, tmp_path)
    file = tmp_path / "file.mp3"
    assert into_a_file(parts, engine, ARTICLE, voices[0], file, parts.segments) == marks
    assert said_of_itself(file) == said_of_itself(served["mp3"])


def test_freshly_spoken_they_are_equal_but_for_times(
    voices: tuple[str, str], parts: Parts, engine: EngineChild, tmp_path: Path
) -> None:
    settle_site(parts, voices[1])
    wish = Wish(voice=voices[0], formats=("mp3",))
    served, marks = by_the_service(parts, engine, ARTICLE, wish, tmp_path)
    file = tmp_path / "file.mp3"
    same = into_a_file(parts, engine, ARTICLE, voices[0], file)
    one, other = said_of_itself(file), said_of_itself(served["mp3"])

    assert without_times(same) == without_times(marks)
    assert (one["tags"], one["record"]) == (other["tags"], other["record"])
    assert [chapter["metadata"] for chapter in one["chapters"]] == [ch["metadata"] for ch in other["chapters"]]
