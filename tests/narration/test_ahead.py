"""The engine speaks the next sentence while the one before is encoded and stored."""

from __future__ import annotations

from typing import Any

import pytest

from tests.jobs.test_slices import work
from tests.parts.factories import make_article
from tts_service.engines.child.process import ChildProcess
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.tone import BEEP, FAULTY
from tts_service.errors import EngineUnavailable
from tts_service.jobs import sink
from tts_service.jobs.live import LiveWriter
from tts_service.jobs.rendering import keep_script
from tts_service.parts import Parts
from tts_service.storage.segments import SegmentStore
from tts_service.values import Segment, SpokenWord

HELLO, LONGER = [SpokenWord(text="Hello.")], [SpokenWord(text="Good"), SpokenWord(text="evening.")]
CRASH = [SpokenWord(text="CRASH")]


def test_what_was_begun_sounds_as_if_it_had_not_been(engine: EngineChild) -> None:
    usual = engine.speak(LONGER, BEEP)
    engine.begin(LONGER, BEEP)

    begun = engine.speak(LONGER, BEEP)
    assert (begun.pcm, begun.words) == (usual.pcm, usual.words)


@pytest.mark.parametrize("rate", [1.0, 1.5])
def test_what_was_begun_is_never_taken_for_something_else(engine: EngineChild, rate: float) -> None:
    usual = engine.speak(HELLO, BEEP)
    engine.begin(LONGER if rate == 1.0 else HELLO, BEEP, rate)

    assert engine.speak(HELLO, BEEP).pcm == usual.pcm


def test_a_death_on_what_was_begun_is_blamed_on_it(engine: EngineChild) -> None:
    engine.warm(FAULTY)
    engine.begin(CRASH, FAULTY)
    with pytest.raises(EngineUnavailable) as caught:
        engine.speak(CRASH, FAULTY)

    assert caught.value.details["cause"] == "died"
    assert engine.speak(HELLO, FAULTY).words


def test_each_sentence_is_begun_before_the_last_is_stored_and_asked_for_once(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    send, put, put_segment = ChildProcess.send, LiveWriter._put, SegmentStore.put

    def sent(self: ChildProcess, header: dict[str, Any], deadline_s: float) -> None:
        happened.extend(["asked"] * (header["do"] == "speak"))
        send(self, header, deadline_s)

    def stored(self: SegmentStore, segment: Segment) -> Segment:
        happened.append("stored")
        return put_segment(self, segment)

    def written(self: LiveWriter, one: Any) -> dict[str, Any]:
        happened.append("written")
        return put(self, one)

    def kept(*args: Any) -> Any:
        happened.append("script kept")
        return keep_script(*args)

    engine.warm(BEEP)
    monkeypatch.setattr(sink, "keep_script", kept)
    monkeypatch.setattr(ChildProcess, "send", sent)
    monkeypatch.setattr(SegmentStore, "put", stored)
    monkeypatch.setattr(LiveWriter, "_put", written)
    job = work(parts, engine, make_article())

    assert happened.count("asked") == happened.count("written") == job.spoken
    assert happened[:5] == ["asked", "script kept", "asked", "stored", "written"]


def test_a_sentence_that_comes_twice_in_a_row_is_asked_for_once(
    parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    send = ChildProcess.send

    def sent(self: ChildProcess, header: dict[str, Any], deadline_s: float) -> None:
        asked.extend([header["words"]] * (header["do"] == "speak"))
        send(self, header, deadline_s)

    engine.warm(BEEP)
    monkeypatch.setattr(ChildProcess, "send", sent)
    job = work(parts, engine, make_article(title=None, source="They sang it. They sang it. They sang it."))

    assert (job.state, job.total, job.spoken, len(asked)) == ("succeeded", 3, 1, 1)
