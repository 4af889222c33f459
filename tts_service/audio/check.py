"""Compares the decoded file with its plan: every utterance once, in order, in place."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tts_service.audio.assemble import faded, planned_samples
from tts_service.audio.decode import decoded
from tts_service.audio.gates import Gate, loudness_tolerance
from tts_service.audio.likeness import likeness, spectrum_likeness
from tts_service.audio.loudness import FULL_SCALE, Meter
from tts_service.audio.peaks import Floats, PeakMeter
from tts_service.errors import ClipDefective
from tts_service.values import PlannedUtterance

_SLACK_MS = 10
"""Maximum displacement of an utterance, from codec delay."""
_SPECTRUM = 0.9
"""Minimum spectral likeness where the waveforms differ too much (Gate.noise_likeness)."""
_BRIEF_S = 0.5
"""In shorter utterances the fades at the ends affect the comparison."""
_QUIET = 0.001
"""Silence threshold: -60 dBFS."""
_EXTRA_SILENCE_MS = 300
_BREATH_MS = 700
"""Longest silence a voice may make within a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Requirements for a finished file."""

    gate: Gate
    """The limits of the file's codec."""
    target_lufs: float = -16.0
    loudness_lu: float | None = None
    """Maximum deviation of the integrated loudness; None: gates.loudness_tolerance decides."""
    ceiling_dbtp: float = -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Measurements of a file that passed."""

    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSound:
    """Measurements of a file's sound."""

    samples: int
    loudness_lufs: float
    true_peak_dbtp: float
    blocks: tuple[float, ...]
    """LUFS of overlapping 400 ms blocks, every 100 ms."""
    over: dict[int, float]
    """Utterance -> highest true peak in dBTP, where above the ceiling."""


def check_clip(
    path: Path, planned: Sequence[PlannedUtterance], pcm_of: Callable[[int], bytes], sample_rate_hz: int, limits: Limits
) -> Checked:
    """Decodes the file and compares it with the plan; `pcm_of(i)`: utterance i as spoken, at any level.

    Raises ClipDefective with the fault. If only the level is wrong, its details contain `true_peak_dbtp`,
    `loudness_lufs` and `over` (see MeasuredSound), so that both can be corrected at once. Holds one utterance in
    memory.
    """
    sound = check_sound(path, planned, pcm_of, sample_rate_hz, limits)
    duration_ms = round(sound.samples * 1000 / sample_rate_hz)
    planned_s = planned_samples(planned) / sample_rate_hz
    off_ms = duration_ms - planned_s * 1000
    padding_ms = limits.gate.padding_samples * 1000 / sample_rate_hz
    if not -limits.gate.length_ms <= off_ms <= limits.gate.length_ms + padding_ms:
        raise ClipDefective(f"{path.name} is {off_ms:+.0f} ms off its planned length.")
    levels = {"true_peak_dbtp": sound.true_peak_dbtp, "loudness_lufs": sound.loudness_lufs}
    if sound.true_peak_dbtp > limits.ceiling_dbtp:
        raise ClipDefective(f"{path.name} peaks at {sound.true_peak_dbtp:.2f} dBTP.", **levels, over=sound.over)
    tolerance = loudness_tolerance(planned_s) if limits.loudness_lu is None else limits.loudness_lu
    if not abs(sound.loudness_lufs - limits.target_lufs) <= tolerance:
        message = f"{path.name} has {sound.loudness_lufs:.2f} LUFS instead of {limits.target_lufs:.2f}."
        raise ClipDefective(message, **levels, over=sound.over)
    return Checked(duration_ms=duration_ms, **levels)


def check_sound(
    path: Path,
    planned: Sequence[PlannedUtterance],
    pcm_of: Callable[[int], bytes],
    sample_rate_hz: int,
    limits: Limits,
    *,
    lead_samples: int = 0,
) -> MeasuredSound:
    """As check_clip, without length and level; the plan starts `lead_samples` into the file. Raises ClipDefective."""
    measured = _Measured(sample_rate_hz, planned, limits.ceiling_dbtp)
    waves = measured.watching(_without(decoded(path, sample_rate_hz, measured.peak), lead_samples))
    reel = _Reel(waves)
    _compare(reel, planned, pcm_of, sample_rate_hz, limits.gate)
    reel.play_out()
    return measured.result(lead_samples)


def check_opening(path: Path, place: PlannedUtterance, pcm: bytes, sample_rate_hz: int, gate: Gate) -> None:
    """Decodes the file up to its first utterance and compares that with the plan. Raises ClipDefective."""
    _compare(_Reel(decoded(path, sample_rate_hz)), (place,), lambda _: pcm, sample_rate_hz, gate)


def _without(waves: Iterator[Floats], samples: int) -> Iterator[Floats]:
    """The waves after dropping the first `samples`."""
    for wave in waves:
        yield wave[samples:]
        samples -= min(samples, len(wave))


def _compare(
    reel: _Reel, planned: Sequence[PlannedUtterance], pcm_of: Callable[[int], bytes], rate: int, gate: Gate
) -> None:
    """Compares every utterance and pause with the sound; `rate` in Hz."""
    slack, margin = (ms * rate // 1000 for ms in (_SLACK_MS, gate.pause_margin_ms))
    if _loudest(reel.take(0, planned[0].start - margin)) > gate.pause_peak:
        raise ClipDefective("There is sound before the first utterance.", utterance=0)
    for position, place in enumerate(planned):
        pcm = pcm_of(position)
        if place.samples < rate * _BRIEF_S:
            pcm = faded(pcm, rate)
        expected = np.frombuffer(pcm, np.int16).astype(np.float32)
        if len(expected) != place.samples:
            raise ClipDefective(f"Utterance {position + 1} has {len(expected)} samples, {place.samples} were planned.")
        got = reel.take(place.start - slack, place.start + place.samples + slack)
        found = likeness(got, expected, slack)
        if found < gate.likeness and not _same_noise(got[slack : slack + len(expected)], expected, found, rate, gate):
            raise ClipDefective(
                f"Utterance {position + 1} of {len(planned)} isn't heard at its place "
                f"({place.start / rate:.2f} s): likeness {found:.2f}.",
                utterance=position,
            )
        behind = place.start + place.samples + margin
        pause = reel.take(behind, behind + place.pause - 2 * margin)
        if _loudest(pause) > gate.pause_peak:
            raise ClipDefective(f"There is sound in the pause behind utterance {position + 1}.", utterance=position)


def _loudest(wave: Floats) -> float:
    return float(np.abs(wave).max(initial=0.0))


def _same_noise(actual: Floats, expected: Floats, found: float, rate: int, gate: Gate) -> bool:
    """Whether sound that differs from the plan sample by sample is the planned noise (a hiss)."""
    if found < gate.noise_likeness:
        return False
    return spectrum_likeness(actual, expected / np.float32(FULL_SCALE), rate) >= _SPECTRUM


class _Reel:
    """Sections of a stream, requested in order; earlier samples are discarded."""

    def __init__(self, waves: Iterator[Floats]) -> None:
        self._waves = waves
        self._held: Floats = np.zeros(0, np.float32)
        self._first = 0

    def take(self, start: int, end: int) -> Floats:
        """Samples start … end-1, zero-padded past the end of the stream."""
        if end <= start:
            return np.zeros(0, np.float32)
        missing = end - self._first - len(self._held)
        pieces = [self._held]
        while missing > 0 and (wave := next(self._waves, None)) is not None:
            pieces.append(wave)
            missing -= len(wave)
        self._held = np.concatenate(pieces) if len(pieces) > 1 else self._held
        ahead = max(0, self._first - start)
        found = self._held[max(0, start - self._first) : max(0, end - self._first)]
        out = np.pad(found, (ahead, end - start - ahead - len(found)))
        # Neighbours may overlap by the slack: keep twice as much.
        gone = max(0, min(len(self._held), end - self._first - 4096))
        self._held = self._held[gone:]
        self._first += gone
        return out

    def play_out(self) -> None:
        for _ in self._waves:
            pass


class _Measured:
    """Measures length, loudness, peak and silences of a stream as it is read."""

    def __init__(self, sample_rate_hz: int, planned: Sequence[PlannedUtterance], ceiling_dbtp: float) -> None:
        self._rate = self._native_rate = sample_rate_hz
        self._planned = planned
        self._meter = Meter(sample_rate_hz)
        self._peaks = PeakMeter(ceiling_dbtp)
        self._samples = 0
        self._silence = _Silence(sample_rate_hz)
        longest_ms = max((place.pause * 1000 // sample_rate_hz for place in planned), default=0)
        self._allowed_ms = max(longest_ms, _BREATH_MS) + _EXTRA_SILENCE_MS

    def watching(self, waves: Iterator[Floats]) -> Iterator[Floats]:
        for wave in waves:
            if (silent_ms := self._silence.push(wave)) > self._allowed_ms:
                at_s = self._samples / self._rate
                raise ClipDefective(
                    f"Silence of more than {silent_ms} ms around {at_s:.1f} s; {self._allowed_ms} planned."
                )
            self._samples += len(wave)
            whole = np.clip(np.rint(wave * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
            self._meter.push(whole.tobytes())
            yield wave

    def peak(self, wave: Floats, rate: int) -> None:
        """Takes the file's samples at their own rate."""
        self._native_rate = rate
        self._peaks.push(wave)

    def result(self, lead_samples: int) -> MeasuredSound:
        lufs, _ = self._meter.read()
        return MeasuredSound(
            samples=self._samples,
            loudness_lufs=lufs,
            true_peak_dbtp=self._peaks.read_dbtp(),
            blocks=tuple(round(block, 2) for block in self._meter.blocks),
            over=self._over(lead_samples),
        )

    def _over(self, lead_samples: int) -> dict[int, float]:
        starts = [place.start for place in self._planned]
        found: dict[int, float] = {}
        for native_sample, dbtp in self._peaks.over:
            sample = native_sample * self._rate / self._native_rate - lead_samples
            # A codec may start a sound early: what directly precedes an utterance belongs to it.
            position = max(bisect_right(starts, sample + _SLACK_MS * self._rate / 1000) - 1, 0)
            found[position] = max(dbtp, found.get(position, dbtp))
        return found


class _Silence:
    """Longest silence of a stream, in steps of 10 ms."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._block = sample_rate_hz // 100
        self._rest: Floats = np.zeros(0, np.float32)
        self._run = 0

    def push(self, wave: Floats) -> int:
        """Returns the longest silence in ms that ends in this piece."""
        wave = np.concatenate((self._rest, wave))
        count = len(wave) // self._block
        self._rest = wave[count * self._block :]
        blocks = np.abs(wave[: count * self._block]).reshape(count, self._block).max(axis=1) < _QUIET
        longest = 0
        for quiet, group in itertools.groupby(blocks.tolist()):
            self._run = self._run + sum(1 for _ in group) if quiet else 0
            longest = max(longest, self._run)
        return longest * 10
