"""An engine child that all threads of a process share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tts_service.engines.child import resident
from tts_service.engines.child.resident import ResidentEngine
from tts_service.errors import EngineUnavailable
from tts_service.parts import Parts
from tts_service.values import SpokenWord

WORDS = (SpokenWord(text="Hello"), SpokenWord(text="there."))


@pytest.fixture
def engine(parts: Parts) -> Iterator[ResidentEngine]:
    built = ResidentEngine(parts.settings)
    yield built
    built.close()


def test_it_starts_with_the_first_sentence_and_outlives_the_thread_that_asked(
    parts: Parts, engine: ResidentEngine
) -> None:
    voice = parts.voices.find("tone:beep")
    assert engine.pid is None
    with ThreadPoolExecutor(4) as threads:
        sounds = list(threads.map(lambda _: engine.speak(WORDS, voice), range(8)))
    first = engine.pid
    assert len({sound.pcm for sound in sounds}) == 1
    assert engine.speak(WORDS, voice).words == sounds[0].words
    assert (engine.pid, first is not None) == (first, True)


def test_it_ends_when_it_is_idle_and_starts_again(parts: Parts) -> None:
    engine = ResidentEngine(parts.settings, idle_s=0.05)
    voice = parts.voices.find("tone:beep")
    engine.speak(WORDS, voice)
    child = engine._child._process
    assert child is not None
    child._process.wait(20)
    assert engine.speak(WORDS, voice).pcm
    engine.close()
    assert engine.pid is None


def test_whoever_waits_too_long_is_told(parts: Parts) -> None:
    engine = ResidentEngine(parts.settings, wait_s=0.05)
    busy = threading.Event()
    with pytest.raises(EngineUnavailable, match="took longer than"):
        engine._done(lambda: busy.wait(20))
    late: list[int] = []
    with pytest.raises(EngineUnavailable):
        engine._done(lambda: late.append(1))
    busy.set()
    engine.close()
    assert late == []


def test_too_many_at_once_are_refused_and_closing_waits_for_none_of_them(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resident, "_END_S", 0.01)
    engine = ResidentEngine(parts.settings, wait_s=0.01)
    busy = threading.Event()
    messages = set()
    for _ in range(25):
        try:
            engine._done(lambda: busy.wait(20))
        except EngineUnavailable as error:
            messages.add(error.message.split(":")[0])
    closing = threading.Thread(target=engine.close, daemon=True)
    closing.start()
    closing.join(10)
    closed = not closing.is_alive()
    busy.set()
    assert closed
    assert "Too many requests to the voices at once" in messages


def test_an_engines_error_reaches_the_caller(parts: Parts, engine: ResidentEngine) -> None:
    with pytest.raises(EngineUnavailable):
        engine.speak((SpokenWord(text="CRASH"),), parts.voices.find("tone:faulty"))
