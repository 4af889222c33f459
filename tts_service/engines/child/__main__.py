"""The engine child: `python -m tts_service.engines.child` speaks for one worker until the worker closes its pipe.

Requests and answers are frames (framing.py) on standard input and output:

    {"id", "do": "speak" | "warm", "voice": {...}, "rate", "words": [[text, ipa], ...], "about": {...} for the log}
    {"id", "sample_rate_hz", "words": [[start_ms, end_ms], ...]} + PCM     or     {"id", "error": {code, message, ...}}
    {"id", "do": "pronounce", "voice": {...}, "text"}     answered by     {"id", "ipa"}

Frame 0, sent unasked, reports that the child is ready. Engines' standard output is redirected to standard error.
"""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from tts_service.engines.base import Pronounces
from tts_service.engines.child.framing import FrameError, Header, pack, read_frame
from tts_service.engines.installed import InstalledEngines
from tts_service.errors import ServiceError, VoiceNotFound
from tts_service.telemetry.logs import log_as_json
from tts_service.telemetry.subject import working_on
from tts_service.values import DigitalSourceType, SpokenWord, Voice

PR_SET_PDEATHSIG = 1
"""prctl(2) option: signal sent when the thread that started this process ends."""
ADDRESS_SPACE_ABOVE_MB = 4096
"""Address space on top of the memory limit: ONNX maps far more than it uses. The worker checks resident memory."""
UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters end C strings; lone surrogates can't be encoded as UTF-8."""
WARM_WORDS = (SpokenWord(text="Hello."),)

log = logging.getLogger("tts_service.engines.child")
"""Not __name__: the module runs as __main__."""


def main() -> None:
    """Serves requests until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True, help="process id of the worker")
    parser.add_argument("--voices-folder", type=Path, required=True)
    parser.add_argument("--memory-mb", type=int, required=True)
    parser.add_argument("--json-logs", action="store_true")
    options = parser.parse_args()
    end_with(options.parent)
    if options.json_logs:
        log_as_json()
    limit_memory(options.memory_mb)
    requests, answers = own_pipes()
    engines = InstalledEngines(options.voices_folder)
    answers.write(pack({"id": 0}))
    while True:
        try:
            request = read_frame(reader(requests)).header
        except EOFError:
            return
        except FrameError as error:
            sys.exit(f"engine child: {error}")
        with working_on(**request.get("about", {})):
            response = answer(engines, request)
        answers.write(response)


def end_with(parent: int) -> None:
    """Makes this process die with its worker, even on SIGKILL; checks again in case the worker died in the meantime."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("engine child: the worker that started it is gone")


def limit_memory(memory_mb: int) -> None:
    """Caps memory where the worker's periodic check is too slow, and disables core dumps: engines do crash."""
    ceiling = (memory_mb + ADDRESS_SPACE_ABOVE_MB) << 20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > ceiling:
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def own_pipes() -> tuple[BinaryIO, WholeWriter]:
    """Moves the worker's pipes out of reach of libraries that read or print: 0 becomes /dev/null, 1 becomes 2."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, WholeWriter(answers)


class WholeWriter:
    """Writes all bytes; a raw pipe may accept only some of them."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._pipe.write(rest) :]


def reader(pipe: BinaryIO) -> Callable[[int], bytes]:
    """A pipe's `read_exactly`. Raises EOFError at end of input."""

    def read_exactly(size: int) -> bytes:
        data = pipe.read(size)
        if len(data) < size:
            raise EOFError
        return data

    return read_exactly


def answer(engines: InstalledEngines, request: Header) -> bytes:
    """The response frame to a request; engine errors become responses too, so the child survives them."""
    try:
        return speak(engines, request)
    except ServiceError as error:
        failure = {"code": error.code, "message": error.message, "details": {**error.details}}
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        log.warning("the engine raised on a text: %s", reason[:500], exc_info=True)
        failure = {
            "code": "engine_unavailable",
            "message": f"The engine failed on this text: {reason[:500]}",
            "details": {"cause": "raised", "error": reason[:500]},
        }
    return pack({"id": request["id"], "error": failure})


def speak(engines: InstalledEngines, request: Header) -> bytes:
    """Speaks the words of a request. Warming up speaks one word and drops the sound."""
    fields = request["voice"]
    voice = Voice(**{**fields, "digital_source_type": DigitalSourceType(fields["digital_source_type"])})
    engine = engines.engine(voice.engine)
    if engine is None:
        reason = engines.absent[voice.engine]
        raise VoiceNotFound(f"The voice {voice.id!r} is not available: {reason}", voice=voice.id)
    if request["do"] == "pronounce":
        text = UNSPEAKABLE.sub(" ", request["text"])
        return pack(
            {"id": request["id"], "ipa": engine.pronounce(text, voice) if isinstance(engine, Pronounces) else ""}
        )
    if request["do"] == "warm":
        if not voice.remote:  # there is nothing to load, and each word may cost
            engine.speak(WARM_WORDS, voice)
        return pack({"id": request["id"]})
    words = [SpokenWord(text=UNSPEAKABLE.sub(" ", text), ipa=ipa) for text, ipa in request["words"]]
    begun_s = time.process_time()
    sound = engine.speak(words, voice, request["rate"])
    cpu_s = time.process_time() - begun_s
    times = [[word.start_ms, word.end_ms] for word in sound.words]
    header = {"id": request["id"], "sample_rate_hz": sound.sample_rate_hz, "words": times, "cpu_s": cpu_s}
    return pack(header, sound.pcm)


if __name__ == "__main__":
    main()
