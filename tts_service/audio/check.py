"""The last look before publishing: the file is decoded again and compared with what was planned.

A clip that lacks, repeats or swaps an utterance, clips, falls silent or has another length is never published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tts_service.audio.assemble import end_of
from tts_service.audio.loudness import Floats, Meter, decibels, floats, true_peaks
from tts_service.errors import ClipDefective
from tts_service.values import PlannedUtterance

LENGTH_TOLERANCE_MS = 50
LEAST_CORRELATION = 0.9
SILENCE_TOLERANCE_MS = 300
_SILENT = 0.001
"""Amplitude below which a 10 ms block counts as silent (-60 dBFS)."""
_LAG_S = 0.012
"""How far a codec may shift sound."""
_DECODED_PIECE_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was measured in the decoded file."""

    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the file should be."""

    planned: Sequence[PlannedUtterance]
    pcm_of: Callable[[int], bytes]
    """The unlevelled PCM of the utterance at a position."""
    rate: int
    ceiling_dbtp: float


def check_clip(path: Path, expected: Expected) -> Checked:
    """Decode and compare. Raises ClipDefective naming what is wrong where; loudness is measured, not judged."""
    ears = _Ears(expected)
    for samples in decoded(path, expected.rate):
        ears.hear(samples)
    return ears.verdict(path.name)


def decoded(path: Path, rate: int) -> Iterator[Floats]:
    """A file's sound as mono floats at `rate`, in pieces of about a second. Raises ClipDefective."""
    try:
        with av.open(str(path)) as container:
            resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
            batch: list[Floats] = []
            waiting = 0
            for frame in container.decode(audio=0):
                frame.pts = None
                for ready in resampler.resample(frame):
                    batch.append(ready.to_ndarray().reshape(-1))
                    waiting += ready.samples
                if waiting >= _DECODED_PIECE_S * rate:
                    yield np.concatenate(batch)
                    batch, waiting = [], 0
            batch += [ready.to_ndarray().reshape(-1) for ready in resampler.resample(None)]
            if batch:
                yield np.concatenate(batch)
    except av.error.FFmpegError as error:
        raise ClipDefective(f"{path.name} can't be decoded: {error}") from error


def decoded_ms(path: Path) -> float:
    """Length of a file's decoded sound, in ms."""
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].rate
        return float(Fraction(sum(frame.samples for frame in container.decode(audio=0)) * 1000, rate))


class _Ears:
    """Listens to the decoded stream once; keeps no more than the utterance being compared."""

    def __init__(self, expected: Expected) -> None:
        self._expected = expected
        self._meter = Meter(expected.rate)
        self._heard = 0
        self._buffer = np.zeros(0, np.float32)
        self._buffer_start = 0
        self._next = 0
        self._lag = 0
        self._peak = 0.0
        self._silence = 0
        self._longest_silence = 0

    def hear(self, samples: Floats) -> None:
        self._meter.push(samples)
        self._peak = max(self._peak, float(true_peaks(samples).max()))
        self._count_silence(samples)
        self._heard += len(samples)
        self._buffer = np.concatenate([self._buffer, samples])
        self._compare()

    def verdict(self, name: str) -> Checked:
        """Raises ClipDefective for whatever was heard wrong."""
        expected = self._expected
        planned_ms = end_of(expected.planned) * 1000 / expected.rate
        heard_ms = self._heard * 1000 / expected.rate
        if abs(heard_ms - planned_ms) > LENGTH_TOLERANCE_MS:
            raise ClipDefective(f"{name} is {heard_ms:.0f} ms long; {planned_ms:.0f} ms were planned.")
        if self._next < len(expected.planned):
            raise ClipDefective(f"{name} ends before utterance {self._next + 1}.", utterance=self._next)
        peak = decibels(self._peak)
        if peak > expected.ceiling_dbtp:
            raise ClipDefective(f"{name} peaks at {peak:.2f} dBTP; {expected.ceiling_dbtp} is the ceiling.")
        longest = max(place.pause for place in expected.planned) * 1000 / expected.rate + SILENCE_TOLERANCE_MS
        if self._longest_silence * 10 > longest:
            raise ClipDefective(f"{name} is silent for {self._longest_silence * 10} ms; at most {longest:.0f} is planned.")
        return Checked(duration_ms=round(heard_ms), loudness_lufs=self._meter.read(), true_peak_dbtp=peak)

    def _compare(self) -> None:
        """Compare every utterance that has been heard whole; forget what is compared."""
        slack = int(_LAG_S * self._expected.rate)
        while self._next < len(self._expected.planned):
            place = self._expected.planned[self._next]
            last = place.start + place.samples
            if self._heard < min(last + slack, end_of(self._expected.planned)):
                return
            start = max(0, place.start - slack)
            self._forget(start)
            stretch = self._buffer[: last + slack - start]
            sound = floats(self._expected.pcm_of(self._next))
            found, self._lag = _correlation(stretch, sound, place.start - start, self._lag, slack)
            if found < LEAST_CORRELATION:
                raise ClipDefective(
                    f"Utterance {self._next + 1} isn't heard at its place: correlation {found:.2f}.",
                    utterance=self._next,
                )
            self._next += 1
        self._forget(self._heard)

    def _forget(self, until: int) -> None:
        self._buffer = self._buffer[until - self._buffer_start :]
        self._buffer_start = until

    def _count_silence(self, samples: Floats) -> None:
        block = self._expected.rate // 100
        whole = len(samples) // block * block
        for loud in np.abs(samples[:whole]).reshape(-1, block).max(axis=1) > _SILENT:
            self._silence = 0 if loud else self._silence + 1
            self._longest_silence = max(self._longest_silence, self._silence)


def _correlation(stretch: Floats, sound: Floats, place: int, lag: int, slack: int) -> tuple[float, int]:
    """Best normalised correlation of `sound` within the lags, and the lag it was found at. The last utterance's lag is
    tried first: a codec's shift is constant, and one product is enough then."""
    if not sound.any():
        return 1.0, lag
    at_once = _similarity(stretch, sound, place + lag)
    if at_once >= LEAST_CORRELATION:
        return at_once, lag
    lags = range(-slack, slack + 1)
    found = [_similarity(stretch, sound, place + shift) for shift in lags]
    best = int(np.argmax(found))
    return found[best], lags[best]


def _similarity(stretch: Floats, sound: Floats, at: int) -> float:
    if at < 0:
        return 0.0
    heard = stretch[at : at + len(sound)]
    planned = sound[: len(heard)]
    if len(heard) < len(sound) - len(sound) // 20 - 1:
        return 0.0
    power = float(np.dot(heard, heard)) * float(np.dot(planned, planned))
    return float(np.dot(heard, planned)) / power**0.5 if power > 0 else 0.0
