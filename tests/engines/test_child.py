"""Engines crash, hang and take memory; the worker that speaks through a child does not."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.parts.places import ROOT
from tts_service.engines.child.framing import FrameError, pack, read_frame
from tts_service.engines.child.process import ChildLostError, ChildProcess
from tts_service.engines.child.speak import PER_CHARACTER_S, EngineChild, per_character_s
from tts_service.engines.tone import BEEP, FAULTY
from tts_service.engines.voices.registry import Registry
from tts_service.errors import EngineUnavailable
from tts_service.settings import Settings
from tts_service.values import SpokenWord

pytestmark = pytest.mark.slow

HELLO = [SpokenWord(text="Hello."), SpokenWord(text="World.")]
ORPHAN = """
import sys
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.tone import BEEP
from tts_service.settings import Settings
child = EngineChild(Settings())
child.warm(BEEP)
print(child.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def child(tmp_path: Path) -> Iterator[EngineChild]:
    with EngineChild(Settings(voices_dir=tmp_path, utterance_deadline_s=0.2, engine_memory_mb=500)) as child:
        yield child


def misbehaving(child: EngineChild, word: str) -> EngineUnavailable:
    """The error that the word brings about; checks that a fresh child then speaks."""
    child.warm(FAULTY)
    broken = child.pid
    with pytest.raises(EngineUnavailable) as caught:
        child.speak([SpokenWord(text=word)], FAULTY)
    assert broken is not None
    with pytest.raises(ProcessLookupError):
        os.kill(broken, 0)
    started = time.monotonic()
    assert len(child.speak(HELLO, FAULTY).words) == 2
    assert time.monotonic() - started < 5
    assert child.pid != broken
    return caught.value


def test_a_crash_is_told_with_its_signal_and_a_fresh_child_speaks(child: EngineChild) -> None:
    error = misbehaving(child, "CRASH")
    assert (error.details["cause"], error.details["signal"]) == ("died", "SIGSEGV")
    assert not error.permanent


def test_a_voice_that_costs_more_has_more_time() -> None:
    assert per_character_s(BEEP) == PER_CHARACTER_S
    assert per_character_s(replace(BEEP, cpu_s_per_minute=0.1)) == PER_CHARACTER_S
    assert per_character_s(replace(BEEP, cpu_s_per_minute=50.0)) == 0.25


def test_a_hang_ends_at_the_deadline(child: EngineChild) -> None:
    assert misbehaving(child, "HANG").details["cause"] == "hung"


def test_a_memory_hog_is_stopped(tmp_path: Path) -> None:
    with EngineChild(Settings(voices_dir=tmp_path, engine_memory_mb=150)) as child:
        assert misbehaving(child, "SWELL").details["cause"] == "memory"


def test_a_child_that_grew_too_large_is_replaced_after_the_sentence(
    child: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large_when_done(process: ChildProcess) -> None:
        if not process.answers_due:
            raise ChildLostError("memory", "it grew")

    child.warm(BEEP)
    before = child.pid
    monkeypatch.setattr(ChildProcess, "check_memory", too_large_when_done)
    assert len(child.speak(HELLO, BEEP).words) == 2
    assert child.pid != before


def test_a_child_that_was_killed_while_idle_is_no_sentences_fault(child: EngineChild) -> None:
    child.warm(BEEP)
    assert child.pid is not None
    watched = os.pidfd_open(child.pid)
    os.kill(child.pid, signal.SIGKILL)
    assert select.select([watched], [], [], 5)[0]
    os.close(watched)
    assert len(child.speak(HELLO, BEEP).words) == 2


def test_a_child_that_is_killed_while_it_starts_is_started_again(
    child: EngineChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job would go back into the queue, behind all others that are due."""
    started: list[int] = []
    really_start = ChildProcess.__init__

    def start_and_be_killed(process: ChildProcess, settings: Settings) -> None:
        really_start(process, settings)
        started.append(process.pid)
        if len(started) == 1:
            os.kill(process.pid, signal.SIGKILL)

    monkeypatch.setattr(ChildProcess, "__init__", start_and_be_killed)
    assert len(child.speak(HELLO, BEEP).words) == 2
    assert len(started) == 2


def test_a_child_that_never_starts_is_told_as_that(child: EngineChild, monkeypatch: pytest.MonkeyPatch) -> None:
    really_start = ChildProcess.__init__

    def start_and_be_killed(process: ChildProcess, settings: Settings) -> None:
        really_start(process, settings)
        os.kill(process.pid, signal.SIGKILL)

    monkeypatch.setattr(ChildProcess, "__init__", start_and_be_killed)
    with pytest.raises(EngineUnavailable) as caught:
        child.speak(HELLO, BEEP)
    assert caught.value.details["cause"] == "start"


def test_closing_ends_the_child(child: EngineChild) -> None:
    child.warm(BEEP)
    pid = child.pid
    child.close()
    assert child.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid or 0, 0)
    assert len(child.speak(HELLO, BEEP).words) == 2


def test_a_killed_worker_leaves_no_child(tmp_path: Path) -> None:
    root = str(ROOT)
    worker = subprocess.Popen(
        [sys.executable, "-c", ORPHAN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
    )
    with worker:
        assert worker.stdout is not None
        watched = os.pidfd_open(int(worker.stdout.readline()))
        worker.kill()
    assert select.select([watched], [], [], 5)[0]
    os.close(watched)


def test_the_child_gets_no_secrets(child: EngineChild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTS_OIDC_CLIENT_SECRET", "hidden")
    child.warm(BEEP)
    assert b"hidden" not in Path(f"/proc/{child.pid}/environ").read_bytes()


def test_frames_travel_whole() -> None:
    data = pack({"id": 7, "text": "é\ud800"}, b"\x01\x02")
    rest = bytearray(data)

    def read_exactly(size: int) -> bytes:
        out = bytes(rest[:size])
        del rest[:size]
        return out

    frame = read_frame(read_exactly)
    assert (frame.header["text"], frame.pcm, rest) == ("é\ud800", b"\x01\x02", b"")


@pytest.mark.parametrize("noise", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02{]", b"\x00\x00\x00\x02{}"])
def test_noise_is_no_frame(noise: bytes) -> None:
    rest = bytearray(noise)

    def read_exactly(size: int) -> bytes:
        out = bytes(rest[:size])
        del rest[:size]
        return out

    with pytest.raises(FrameError):
        read_frame(read_exactly)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["s'" * 75, "a." * 100, "..a" * 120])
def test_text_that_crashes_piper_leaves_the_worker_alive(tmp_path: Path, text: str) -> None:
    registry = Registry(Settings(voices_dir=tmp_path))
    if "piper" in registry.absent:
        pytest.skip(registry.absent["piper"])
    voice = registry.find("piper:en_US-joe-medium")
    with EngineChild(registry.settings) as child:
        with pytest.raises(EngineUnavailable) as caught:
            child.speak([SpokenWord(text=text)], voice)
        assert caught.value.details["cause"] == "died"
        assert caught.value.details["signal"] in ("SIGSEGV", "SIGABRT")
        assert len(child.speak(HELLO, voice).words) == 2
