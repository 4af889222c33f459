"""Both ways with real voices: equal marks from the same segments; freshly spoken, equal apart from times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
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
from tests.parts.factories import make_parts
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.registry import Registry
from tts_service.errors import VoiceNotFound
from tts_service.jobs.acceptable import Wish
from tts_service.parts import Parts

pytestmark = pytest.mark.slow
VOICES = [("piper:en_US-joe-medium", "pyttsx3:en-us"), ("pyttsx3:en-us", "pyttsx3:en")]


@dataclass(frozen=True, slots=True)
class Served:
    """The article as the service made it, and what spoke it."""

    parts: Parts
    engine: EngineChild
    voice: str
    file: Path
    marks: bytes


@pytest.fixture(scope="module", params=VOICES, ids=["piper", "pyttsx3"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    main, second = request.param
    folder = tmp_path_factory.mktemp("served")
    with closing(make_parts(folder)) as parts, EngineChild(parts.settings) as engine:
        try:
            Registry(parts.settings).find(main)
        except VoiceNotFound:
            pytest.skip(f"{main} isn't installed")
        settle_site(parts, second)
        files, marks = by_the_service(parts, engine, ARTICLE, Wish(voice=main, formats=("mp3",)), folder)
        yield Served(parts, engine, main, files["mp3"], marks)


def test_marks_are_equal(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "file.mp3"
    marks = into_a_file(served.parts, served.engine, ARTICLE, served.voice, file, served.parts.segments)
    assert marks == served.marks
    assert said_of_itself(file) == said_of_itself(served.file)


def test_freshly_spoken_they_are_equal_but_for_times(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "file.mp3"
    same = into_a_file(served.parts, served.engine, ARTICLE, served.voice, file)
    one, other = said_of_itself(file), said_of_itself(served.file)

    assert without_times(same) == without_times(served.marks)
    assert (one["tags"], one["record"]) == (other["tags"], other["record"])
    assert [chapter["metadata"] for chapter in one["chapters"]] == [ch["metadata"] for ch in other["chapters"]]
