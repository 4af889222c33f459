"""Where an article's CPU time goes, stage by stage, in this process and its engine child."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.measure.bench.processes import fine_cpu_s
from tests.measure.bench.setting import Bench
from tests.measure.bench.texts import ESPEAK, HIBARI, PIPER
from tests.measure.figures import Figure, Rows, median
from tts_service.audio import check, finish, gain
from tts_service.audio.kept import InFolder, Turn
from tts_service.audio.live import LiveCursor, live_end, live_piece, live_start
from tts_service.audio.loudness import LIVE_CEILING_DBTP, level
from tts_service.commands.speak import article_from_json
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.registry import Registry
from tts_service.narration import Prepared, prepare, provenance_of, spoken, tags_of
from tts_service.narration.script import ScriptLine
from tts_service.narration.spool import SegmentSpool
from tts_service.settings import Settings
from tts_service.storage.segments import SegmentStore
from tts_service.storage.store import open_store
from tts_service.values import PlannedUtterance, Segment


class Stages:
    """CPU time by stage. A stage within another stops the outer one's clock, so that nothing counts twice."""

    def __init__(self, engine: EngineChild) -> None:
        self.spent: Counter[str] = Counter()
        self._engine = engine
        self._open: list[str] = []
        self._mine = time.process_time()
        self._childs = self.child_s()

    def child_s(self) -> float:
        """CPU seconds of the engine child."""
        return fine_cpu_s(self._engine.pid) if self._engine.pid else 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._book()
        self._open.append(name)
        try:
            yield
        finally:
            self._book()
            self._open.pop()

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed as a stage."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.stage(name):
                return function(*args, **kwargs)

        return timed

    def _book(self) -> None:
        mine = time.process_time()
        name = self._open[-1] if self._open else "(between stages)"
        self.spent[name] += mine - self._mine
        self._mine = mine
        if name == "speak (pipe)":  # only then it works
            childs = self.child_s()
            self.spent["synthesis, word alignment (engine child)"] += childs - self._childs
            self._childs = childs


def stages(bench: Bench) -> list[Figure | Rows]:
    """A table per engine of what each stage costs; the rows make up the whole within 3 %."""
    found: list[Figure | Rows] = []
    for voice, label in ((HIBARI, "Hibari"), (PIPER, "Piper"), (ESPEAK, "pyttsx3")):
        rows, total, audio_s = _walk(bench, voice)
        per_minute = tuple((name, seconds / audio_s * 60) for name, seconds in rows.most_common())
        name, note = f"{label}: CPU per audio minute by stage", f"{audio_s:.0f} s of audio, one article, no queue"
        found.append(Rows(name=name, unit="CPU-s", rows=per_minute, total=total / audio_s * 60, note=note))
        covered = sum(rows.values()) / total
        found.append(
            median(f"stages of {label}: gap between their sum and the whole", [abs(1 - covered)], "", target=0.03)
        )
        bench.step(f"stages, {label}")
    return found


@dataclass(kw_only=True)
class _Turn:
    """What a worker's turn has of the clip until it is finished."""

    segments: SegmentStore
    sounds: SegmentSpool
    live: dict[PlannedUtterance, bytes] = field(default_factory=dict)


def _walk(bench: Bench, voice_id: str) -> tuple[Counter[str], float, float]:
    """(CPU by stage, CPU of all, seconds of audio) of one article from text to checked MP3, and its live pieces."""
    settings = Settings(_env_file=None, data_dir=bench.folder / "stages")  # type: ignore[call-arg]
    registry = Registry(settings)
    article = article_from_json(json.dumps(bench.article), "sample", "en-US")
    prepare(article, registry, voice_id)  # once, so that what loads on first use is there
    with (
        tempfile.TemporaryDirectory(dir=bench.folder) as folder,
        tempfile.TemporaryFile() as file,
        EngineChild(settings) as engine,
    ):
        engine.warm(registry.find(voice_id))
        segments = SegmentStore(open_store(settings.model_copy(update={"store_url": f"file://{folder}/store"})))
        turn = _Turn(segments=segments, sounds=SegmentSpool(file, _missing))
        clock = Stages(engine)
        mine, childs = time.process_time(), clock.child_s()
        with clock.stage("prepare the text"):
            prepared = prepare(article, registry, voice_id)
        with _watched(clock, segments):
            _speak(prepared, engine, turn, clock)
            order = _order(prepared, turn, settings)
            kept = Turn(kept=InFolder(Path(folder)), live=turn.live)
            finish.finish_format(order, lambda i: turn.sounds(_line(prepared, i)).pcm, Path(folder), "mp3", kept)
        total = time.process_time() - mine + clock.child_s() - childs
    del clock.spent["(between stages)"]  # what belongs to no stage is the gap
    last = order.planned[-1]
    return clock.spent, total, (last.start + last.samples + last.pause) / order.sample_rate_hz


@contextmanager
def _watched(clock: Stages, segments: SegmentStore) -> Iterator[None]:
    """Clocks around the segment store and around what the final step takes from its neighbours."""
    functions: Sequence[tuple[Any, str, str]] = (
        (segments, "get", "read segments (FLAC)"),
        (segments, "put", "keep segments (FLAC)"),
        (finish, "finish_format", "final file: join, hash"),
        (gain, "level", "final file: level"),
        (finish, "check_clip", "check: decode, true peak, pauses"),
        (check, "likeness", "check: likeness of each utterance"),
        (finish, "encode_clip", "final file: encode MP3"),
        (finish, "write_live_file", "final file: of live frames"),
    )
    makers = (
        (gain, "Meter", "final file: loudness for the gain"),
        (check, "Meter", "check: loudness"),
    )
    with ExitStack() as stack:
        for owner, attribute, name in functions:
            stack.enter_context(patch.object(owner, attribute, clock.around(name, getattr(owner, attribute))))
        for owner, attribute, name in makers:
            make = partial(_clocked, clock, name, getattr(owner, attribute))
            stack.enter_context(patch.object(owner, attribute, make))
        yield


def _clocked(clock: Stages, name: str, make: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What `make` makes, each call of its methods timed."""
    with clock.stage(name):
        return _Clocked(clock, name, make(*args, **kwargs))


class _Clocked:
    """Stands before an object and times its methods."""

    def __init__(self, clock: Stages, name: str, made: Any) -> None:
        self._clock = clock
        self._name = name
        self._made = made

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._made, attribute)
        return self._clock.around(self._name, value) if callable(value) else value


def _speak(prepared: Prepared, engine: EngineChild, turn: _Turn, clock: Stages) -> None:
    """Speak every utterance and make its live piece, as a worker's turn does."""
    voice = prepared.voice
    rate_hz = voice.sample_rate_hz
    cursor: LiveCursor = live_start(rate_hz)
    for position, utterance in enumerate(prepared.utterances):
        with clock.stage("speak (pipe)"):
            segment, _ = spoken(utterance, prepared.cast, turn.segments, engine)
        with clock.stage("keep the turn's sound"):
            turn.sounds.keep(_line(prepared, position), segment)
        with clock.stage("live: level"):
            pcm = level(segment.pcm, voice.gain_db, LIVE_CEILING_DBTP, rate_hz)
        with clock.stage("live: encode"):
            pause = utterance.pause_after_ms * rate_hz // 1000
            start = cursor.sample
            frames, cursor = live_piece(cursor, pcm, pause, rate_hz)
        place = PlannedUtterance(segment_key=segment.key, samples=segment.samples, start=start, pause=pause)
        turn.live[place] = frames
    with clock.stage("live: encode"):
        live_end(cursor, rate_hz)


def _line(prepared: Prepared, position: int) -> ScriptLine:
    said = prepared.utterances[position]
    return ScriptLine(position=position, block=said.block, pause_after_ms=said.pause_after_ms, segment_key="")


def _order(prepared: Prepared, turn: _Turn, settings: Settings) -> finish.ClipOrder:
    record = provenance_of(prepared.cast, site="bench", text="")
    return finish.ClipOrder(
        planned=tuple(turn.live),
        sample_rate_hz=prepared.voice.sample_rate_hz,
        gain_db=prepared.voice.gain_db,
        formats=("mp3",),
        tags=tags_of(record, "en", title="Bench"),
        target_lufs=settings.loudness_lufs,
        ceiling_dbtp=settings.true_peak_dbtp,
        live=True,
    )


def _missing(_: ScriptLine | None) -> Segment:
    raise AssertionError("kept when it was spoken")
