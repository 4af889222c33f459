"""Figures of `make listen`: how far an hour's marks drift from its sound, by ears that know only the file.

The first sentences are said again as the last ones, so that each onset of the end has its own counterpart at the
beginning: how a voice begins a word doesn't count. PyAV decodes: FFmpeg's skipping of a codec's delay and padding is
what Chromium and Firefox do with these files too.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tests.measure.bench.texts import ESPEAK
from tests.measure.figures import Figure
from tests.parts.factories import make_settings
from tests.slow.test_journey import long_text
from tts_service.commands.to_file import speak_to_file
from tts_service.values import Article, SourceFormat

MINUTES = 60
_SENTENCES_A_MINUTE = 22
_SAME = 40
"""Sentences that are said at the beginning and at the end."""
_BEFORE_MS, _BEHIND_MS = 200, 400
_LOUD = 0.06
"""Share of the sentence's loudest sample at which it has begun."""
_DRIFT_MS = 20.0
Wave = NDArray[np.int16]


def figures(minutes: int = MINUTES) -> list[Figure]:
    """Of an MP3 and an M4A; each takes about a minute for an hour of sound."""
    return [one for form in ("mp3", "m4a") for one in _of(form, minutes)]


def _of(form: str, minutes: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="tts-drift-") as folder:
        path, marks = Path(folder) / f"hour.{form}", Path(folder) / "marks.json"
        speak_to_file(_article(minutes), path, ESPEAK, make_settings(Path(folder)), marks=marks)
        sentences = json.loads(marks.read_text("utf-8"))["sentences"]
        wave, rate_hz = _sound(path)
    off = _off_ms(wave, rate_hz, sentences[:_SAME]), _off_ms(wave, rate_hz, sentences[-_SAME:])
    drift = [last - first for first, last in zip(*off, strict=True)]
    length = len(wave) / rate_hz / 60
    worst = max(drift, key=abs)
    yield Figure(
        name=f"drift of marks against the sound of {form}, at its end",
        value=abs(worst),
        unit="ms",
        low=min(drift),
        high=max(drift),
        times=len(drift),
        target=_DRIFT_MS,
        note=f"{length:.1f} minutes decoded; onsets of the last {_SAME} sentences against the same ones at the start",
    )
    behind = [abs(one) for one in off[1]]
    yield Figure(
        name="  onset of a sentence from its first word's mark, there",
        value=statistics.median(behind),
        unit="ms",
        low=min(behind),
        high=max(behind),
        times=len(behind),
        note="median; a voice's soft beginnings count",
    )


def _article(minutes: int) -> Article:
    same = long_text(_SAME, "same")
    middle = long_text(minutes * _SENTENCES_A_MINUTE - 2 * _SAME, "middle")
    return Article(
        site="local",
        external_id="hour",
        source=f"{same}\n\n{middle}\n\n{same}",
        source_format=SourceFormat.TEXT,
        language="en",
    )


def _off_ms(wave: Wave, rate_hz: int, sentences: Sequence[dict[str, Any]]) -> list[float]:
    """How far behind its first word's mark each sentence is first heard."""
    return [_onset_ms(wave, rate_hz, said["words"][0]["start_ms"]) for said in sentences]


def _onset_ms(wave: Wave, rate_hz: int, mark_ms: int) -> float:
    first = max(0, (mark_ms - _BEFORE_MS) * rate_hz // 1000)
    heard = np.abs(wave[first : (mark_ms + _BEHIND_MS) * rate_hz // 1000].astype(np.float32))
    loud = np.flatnonzero(heard > heard.max() * _LOUD)
    return (first + int(loud[0])) * 1000 / rate_hz - mark_ms


def _sound(path: Path) -> tuple[Wave, int]:
    """(samples, samples a second) as a browser's decoder gives them."""
    with av.open(str(path), "r") as container:
        rate_hz = container.streams.audio[0].rate
        resampler = av.AudioResampler(format="s16", layout="mono", rate=rate_hz)
        pieces = [one.to_ndarray()[0] for frame in container.decode(audio=0) for one in resampler.resample(frame)]
        pieces += [one.to_ndarray()[0] for one in resampler.resample(None)]
    return np.concatenate(pieces), rate_hz
