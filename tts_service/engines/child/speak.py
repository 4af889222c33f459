"""EngineChild: speaks through a process that may crash or hang on ordinary text, and restarts it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tts_service import errors
from tts_service.engines.base import Sound
from tts_service.engines.child.framing import Header, PipeMessage
from tts_service.engines.child.process import GRACE_S, ChildLostError, ChildProcess
from tts_service.errors import EngineUnavailable, ServiceError
from tts_service.settings import Settings
from tts_service.telemetry.metrics import ENGINE_DEATHS
from tts_service.telemetry.subject import subject
from tts_service.telemetry.tracing import traced
from tts_service.values import SpokenWord, Voice, WordTime

START_DEADLINE_S = 60.0
"""Seconds to start and load a voice: on a busy machine a model takes several."""
REMOTE_DEADLINE_S = 30.0
"""Minimum for a remote voice. Its engine has a shorter deadline, so that it can report what went wrong."""
PER_CHARACTER_S = 0.1
"""Seconds per character for a voice that costs less than 20 CPU seconds per minute of speech."""
PER_COST_S = 0.005
"""The same per CPU second that a costlier voice takes: four times what a character costs at 14 characters a second."""


class EngineChild:
    """Owns one engine child, started on demand. One utterance at a time; threads wait for each other.

    The child gets SIGKILL when the *thread* that started it ends: use one long-lived thread, or accept a restart
    (detected before a request is sent, so that no sentence is blamed).
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: ChildProcess | None = None
        self._warm: set[str] = set()
        self._begun: Header | None = None
        """The request that the child works on before it is waited for."""
        self._lock = threading.Lock()

    def __enter__(self) -> EngineChild:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the child; None if none is running."""
        process = self._process
        return process.pid if process and process.alive else None

    def warm(self, voice: Voice) -> None:
        """Starts the child and loads the voice. Raises as `speak`."""
        with self._lock:
            self._ready(voice)

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """Speaks the words of one utterance at `rate` times the voice's normal speed.

        Raises the engine's errors (VoiceNotFound, VoiceRefused), or EngineUnavailable with `cause` in its details:
        "died" (with `signal`), "hung", "memory" and "raised" are blamed on the sentence, "start" is not. After the
        first three, a new child is already starting when this raises.
        """
        characters = sum(len(word.text) + 1 for word in words)
        deadline_s = self._settings.utterance_deadline_s + per_character_s(voice) * characters
        if voice.remote:
            deadline_s = max(deadline_s, REMOTE_DEADLINE_S)
        request = speaking(words, voice, rate)
        with self._lock:
            begun, self._begun = self._begun == request, None
            process = self._process if begun else self._ready(voice)
            assert process is not None, "it has begun"
            try:
                with traced("engine", voice=voice.id, characters=characters):
                    frame = process.receive(deadline_s) if begun else ask(process, request, deadline_s)
            except ChildLostError as lost:
                ENGINE_DEATHS.labels(lost.cause).inc()
                self._replace(voice)
                raise unavailable(voice, lost.cause, str(lost), lost.signal_name) from lost
            try:
                process.check_memory()
            except ChildLostError as lost:
                ENGINE_DEATHS.labels(lost.cause).inc()
                self._replace(voice)  # this sentence is done; the next one gets a new child
        return sound_of(frame, len(words), voice)

    def begin(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> None:
        """See SpeaksAhead. Only where the child has nothing else to do and the voice is loaded."""
        request = speaking(words, voice, rate)
        with self._lock:
            process = self._process
            if process is None or not process.alive or process.answers_due or voice.id not in self._warm:
                return
            try:
                process.send(request, self._settings.utterance_deadline_s)
            except ChildLostError:
                self._end()
            else:
                self._begun = request

    def pronounce(self, text: str, voice: Voice) -> str:
        """How a voice says a text, in IPA; empty if its engine can't tell. Raises as `speak`."""
        request = {"do": "pronounce", "voice": asdict(voice), "text": text}
        with self._lock:
            process = self._process if self._process and self._process.alive else None
            if process is None:
                self._start()
                assert self._process is not None
                process = self._process
            self._begun = None
            try:
                while process.answers_due:
                    process.receive(START_DEADLINE_S)
                frame = ask(process, request, self._settings.utterance_deadline_s)
            except ChildLostError as lost:
                ENGINE_DEATHS.labels(lost.cause).inc()
                self._end()
                raise unavailable(voice, lost.cause, str(lost), lost.signal_name) from lost
        return str(read_answer(frame)["ipa"])

    def close(self) -> None:
        """Ends the child."""
        with self._lock:
            self._end(GRACE_S)

    def _ready(self, voice: Voice) -> ChildProcess:
        """A child with the voice loaded, so that load time is not counted against a sentence.

        One that is killed while it starts is started once more: the job would otherwise go back into the queue, behind
        all those that are due.
        """
        try:
            return self._loaded(voice)
        except ChildLostError:
            ENGINE_DEATHS.labels("start").inc()
            self._end()
        try:
            return self._loaded(voice)
        except ChildLostError as lost:
            ENGINE_DEATHS.labels("start").inc()
            self._end()
            raise unavailable(voice, "start", f"it did not start: {lost}", lost.signal_name) from lost

    def _loaded(self, voice: Voice) -> ChildProcess:
        if self._process is None or not self._process.alive:
            self._start()
        assert self._process is not None
        process = self._process
        while process.answers_due:
            # Ready, warm (if that failed, speaking reports why), or no longer wanted.
            process.receive(START_DEADLINE_S)
        if voice.id not in self._warm:
            read_answer(ask(process, warming(voice), START_DEADLINE_S))
            self._warm.add(voice.id)
        return process

    def _replace(self, voice: Voice) -> None:
        """Ends this child and starts a new one with the voice loaded, without waiting for it."""
        self._start()
        assert self._process is not None
        try:
            self._process.send(warming(voice), START_DEADLINE_S)
        except ChildLostError:
            self._end()
        else:
            self._warm.add(voice.id)

    def _start(self) -> None:
        self._end()
        try:
            self._process = ChildProcess(self._settings)
        except OSError as error:
            raise EngineUnavailable(f"The engine's process can't be started: {error}", cause="start") from error

    def _end(self, grace_s: float = 0.0) -> None:
        if self._process is not None:
            self._process.end(grace_s)
        self._process = None
        self._warm.clear()
        self._begun = None


def ask(process: ChildProcess, request: Header, deadline_s: float) -> PipeMessage:
    """Sends a request and waits for its response. Raises ChildLostError."""
    process.send(request, deadline_s)
    return process.receive(deadline_s)


def per_character_s(voice: Voice) -> float:
    """Seconds allowed per character."""
    return max(PER_CHARACTER_S, PER_COST_S * (voice.cpu_s_per_minute or 0.0))


def speaking(words: Sequence[SpokenWord], voice: Voice, rate: float) -> Header:
    payload = [[word.text, word.ipa] for word in words]
    return {"do": "speak", "voice": asdict(voice), "rate": rate, "words": payload, "about": dict(subject())}


def warming(voice: Voice) -> Header:
    return {"do": "warm", "voice": asdict(voice), "words": []}


def unavailable(voice: Voice, cause: str, message: str, signal_name: str | None = None) -> EngineUnavailable:
    sentence = f"The engine process for {voice.id} failed: {message}."
    return EngineUnavailable(sentence, cause=cause, voice=voice.id, signal=signal_name)


def read_answer(frame: PipeMessage) -> Header:
    """The header of a response. Raises the error it carries."""
    if "error" not in frame.header:
        return frame.header
    failure: dict[str, Any] = frame.header["error"]
    kind = errors_by_code().get(failure["code"], EngineUnavailable)
    raise kind(failure["message"], **failure["details"])


def errors_by_code() -> dict[str, type[ServiceError]]:
    kinds = (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ServiceError))
    return {kind.code: kind for kind in kinds}


def sound_of(frame: PipeMessage, words: int, voice: Voice) -> Sound:
    """The sound in a response. Raises the error it carries; EngineUnavailable if it doesn't match the request."""
    header = read_answer(frame)
    times = tuple(WordTime(start_ms=start, end_ms=end) for start, end in header["words"])
    if len(times) != words or not frame.pcm:
        message = f"it answered {len(times)} word times for {words} words, and {len(frame.pcm)} bytes of sound"
        raise unavailable(voice, "raised", message)
    return Sound(pcm=frame.pcm, sample_rate_hz=header["sample_rate_hz"], words=times, cpu_s=header.get("cpu_s"))
