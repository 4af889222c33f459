"""A person's recording: decoded, measured, and cut into pieces that are levelled and checked like sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tts_service.audio.assemble import plan
from tts_service.audio.loudness import FULL_SCALE, Meter
from tts_service.audio.mixdown import OffsetFilter, mixed_down
from tts_service.audio.order import PcmOf
from tts_service.audio.peaks import Floats
from tts_service.errors import RecordingRefused
from tts_service.values import PlannedUtterance

RATE_HZ = 24_000
"""Sample rate of recorded clips: every format has it, and at its bit rates a higher one would add nothing."""
LONGEST_S = 2 * 3600
SHORTEST_S = 2
_SILENT_LUFS = -50.0
"""Anything quieter is only noise."""
_LEAST_HEARD = 10
"""Loudness blocks, 100 ms each, in which there must be more than noise."""
_LIMIT = 0.99
"""Full scale 1. Mastered sound stays below, except for single samples."""
_OVERDRIVEN = 0.05
"""Share of samples at the limit from which words are hard to understand."""
_BLOCK = RATE_HZ // 100
"""Samples of a block: 10 ms."""
_QUIET = 0.002
"""Peak of a quiet block after levelling, full scale 1: -54 dBFS. A clip's check treats anything quieter as silence."""
_HEARD = 0.02
"""A stretch between two pauses that never gets louder than this is a breath or a click: part of the pause."""
_PAUSE = 50
"""Blocks: a shorter silence stays inside its piece."""
_MARGIN = 10
"""Blocks of a pause that stay with the pieces beside it, so that no word's end is cut off."""
_LONGEST_PIECE = 1500
"""Blocks: a longer piece is cut at its quietest place, so that little is in memory at once."""
_LAST_PAUSE = RATE_HZ // 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSound:
    """What a recording contains."""

    loudness_lufs: float
    peaks: NDArray[np.float32]
    """The highest sample of each block of 10 ms, full scale 1."""

    def gain_db(self, target_lufs: float) -> float:
        """The gain to begin with."""
        return target_lufs - self.loudness_lufs

    def duration_ms(self, target_lufs: float) -> int:
        """From the first sound to the last."""
        pieces = _pieces(self.peaks, self.gain_db(target_lufs))
        return (pieces[-1].end - pieces[0].start) * 10 if pieces else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Blocks `start` to `end` - 1."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPlan:
    """A recording as a clip's plan."""

    planned: tuple[PlannedUtterance, ...]
    pcm_of: PcmOf


def read_recording(path: Path, pcm: Path | None = None) -> RecordedSound:
    """Decode a whole recording, as mono; `pcm`: where its s16 samples at RATE_HZ are written.

    Never more than a second is in memory. Raises RecordingRefused: not a sound file, silent, overdriven, too short or
    too long.
    """
    meter, offset = Meter(RATE_HZ), OffsetFilter(RATE_HZ)
    at_limit = 0
    peaks: list[NDArray[np.float32]] = []
    rest: Floats = np.zeros(0, np.float32)
    samples = 0
    with pcm.open("wb") if pcm else nullcontext() as file:
        for mixed in mixed_down(path, RATE_HZ):
            samples += len(mixed)
            if samples > LONGEST_S * RATE_HZ:
                raise RecordingRefused(f"The recording is longer than {LONGEST_S // 3600} hours.")
            at_limit += int(np.count_nonzero(np.abs(mixed) >= _LIMIT))
            wave = offset.push(mixed)
            whole = np.clip(np.rint(wave * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16).tobytes()
            meter.push(whole)
            if file is not None:
                file.write(whole)
            rest = np.concatenate((rest, np.abs(wave)))
            count = len(rest) // _BLOCK
            peaks.append(rest[: count * _BLOCK].reshape(count, _BLOCK).max(axis=1))
            rest = rest[count * _BLOCK :]
    if samples < SHORTEST_S * RATE_HZ:
        raise RecordingRefused(
            f"The recording has {samples / RATE_HZ:.1f} s: it is too short. The least is {SHORTEST_S} s."
        )
    lufs, _ = meter.read()
    if not lufs > _SILENT_LUFS:  # also for what isn't a number
        if not math.isfinite(lufs):
            raise RecordingRefused("The recording has nothing but silence: check the microphone and the file.")
        raise RecordingRefused(
            f"The recording has a loudness of {lufs:.0f} LUFS, which is silence: check the microphone and the file."
        )
    if sum(block > _SILENT_LUFS for block in meter.blocks) < _LEAST_HEARD:
        raise RecordingRefused("The recording has only breaths and clicks: check the file.")
    if at_limit > _OVERDRIVEN * samples:
        raise RecordingRefused(
            f"The recording is overdriven: {at_limit * 100 // samples} % of it is at the limit of the format, which is "
            "heard as distortion. Record it again with a lower input level."
        )
    return RecordedSound(loudness_lufs=lufs, peaks=np.concatenate(peaks))


def plan_recording(sound: RecordedSound, pcm: Path, target_lufs: float) -> RecordedPlan:
    """The recording from its first sound to its last, cut at its pauses; `pcm`: as read_recording wrote it.

    Raises RecordingRefused if there is nothing to hear.
    """
    pieces = _split_long(_pieces(sound.peaks, sound.gain_db(target_lufs)), sound.peaks)
    if not pieces:
        raise RecordingRefused("The recording has only breaths and clicks: check the file.")
    pauses = [(after.start - before.end) * _BLOCK for before, after in pairwise(pieces)]
    lengths = [
        (f"recording {piece.start}", (piece.end - piece.start) * _BLOCK, pause)
        for piece, pause in zip(pieces, [*pauses, _LAST_PAUSE], strict=True)
    ]
    samples = np.memmap(pcm, np.int16, mode="r")

    def pcm_of(position: int) -> bytes:
        piece = pieces[position]
        return samples[piece.start * _BLOCK : piece.end * _BLOCK].tobytes()

    return RecordedPlan(planned=plan(lengths, RATE_HZ), pcm_of=pcm_of)


def _pieces(peaks: NDArray[np.float32], gain_db: float) -> list[_Piece]:
    """What is heard between pauses, with the margins that belong to it."""
    heard = peaks * np.float32(10 ** (gain_db / 20))
    loud = np.flatnonzero(heard >= _QUIET)
    if len(loud) == 0:
        return []
    breaks = np.flatnonzero(np.diff(loud) > _PAUSE)
    starts, ends = loud[np.append(0, breaks + 1)], loud[np.append(breaks, len(loud) - 1)] + 1
    return [
        _Piece(start=max(0, int(start) - _MARGIN), end=min(len(peaks), int(end) + _MARGIN))
        for start, end in zip(starts, ends, strict=True)
        if heard[start:end].max() >= _HEARD
    ]


def _split_long(pieces: Sequence[_Piece], peaks: NDArray[np.float32]) -> list[_Piece]:
    """The same, none longer than _LONGEST_PIECE; cut where it is quietest, in the second half of what fits."""
    found = []
    for piece in pieces:
        start = piece.start
        while piece.end - start > _LONGEST_PIECE:
            half = start + _LONGEST_PIECE // 2
            cut = half + int(np.argmin(peaks[half : min(start + _LONGEST_PIECE, piece.end - _PAUSE)]))
            found.append(_Piece(start=start, end=cut))
            start = cut
        found.append(_Piece(start=start, end=piece.end))
    return found
