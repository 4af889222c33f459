"""Gain and limiter ceiling of a clip for each codec, and their correction."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tts_service.audio.assemble import joined_pcm
from tts_service.audio.gates import GATES
from tts_service.audio.loudness import Meter, level
from tts_service.audio.order import ClipOrder, PcmOf
from tts_service.errors import ClipDefective

_NEAR_LU = 0.1
"""Tolerance of the gain search."""
_WHOLE = 32
"""Up to this many utterances the whole clip is measured; of longer clips, this many spread over it."""
_MEASURINGS = 10
_STEP = 2.0
"""First step of the gain search in dB per LU. While limiting, 1 dB adds less than 1 LU: this brackets the target."""
_SATURATED = 0.1
"""If 1 dB of gain adds fewer LU than this, more gain only distorts: the clip can't get louder."""
_MOST_SHORT_LU = 6.0
"""A clip that stays further below its target is rejected."""


Lowered = Mapping[int, float]
"""Utterance -> how far its limiter ceiling is below the clip's, in dB."""
_NONE: Lowered = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Levels for one file."""

    gain_db: float
    ceiling_db: float
    """The limiter's ceiling: the clip's, less what the codec adds to peaks."""
    aim_lufs: float
    """Target loudness before encoding: the clip's, less what the codec adds."""
    short_lu: float = 0.0
    """How far the clip stays below the target because of its peaks: a single hiss, or a click."""


def first_setting(order: ClipOrder, pcm_of: PcmOf, form: str) -> Setting:
    """Levels for a codec, including the gain. Raises ClipDefective if there is no sound."""
    ceiling_db = order.ceiling_dbtp - GATES[form].headroom_db
    return gained(order, pcm_of, Setting(gain_db=order.gain_db, ceiling_db=ceiling_db, aim_lufs=order.target_lufs))


def lowered_more(lowered: Lowered, over: Mapping[int, float], ceiling_dbtp: float, extra_db: float) -> Lowered:
    """Lowers the limiter's ceiling of the utterances that peaked too high, by the excess plus `extra_db`."""
    return {**lowered, **{n: lowered.get(n, 0.0) + dbtp - ceiling_dbtp + extra_db for n, dbtp in over.items()}}


def aimed(order: ClipOrder, setting: Setting, lufs: float) -> Setting:
    """Levels for another round after one that measured `lufs`."""
    return replace(setting, aim_lufs=setting.aim_lufs + order.target_lufs - setting.short_lu - lufs)


def gained(order: ClipOrder, pcm_of: PcmOf, setting: Setting, lowered: Lowered = _NONE) -> Setting:
    """The gain that brings the limited sound to the target loudness, or as near as the limiter allows.

    Loudness grows with gain, so the search brackets the target between a gain too low and one too high and narrows
    the bracket with each measurement. Raises ClipDefective if there is no sound.
    """
    low = high = None
    best, best_off = replace(setting, short_lu=0.0), math.inf
    for _ in range(_MEASURINGS):
        off_lu = setting.aim_lufs - _loudness(order, levelled(order, pcm_of, setting, lowered))
        if math.isinf(off_lu):
            raise ClipDefective("The clip is silent, or nearly so.")
        here = _Measured(setting.gain_db, off_lu)
        if low is not None and high is None and _brings_nothing(low, here):
            return replace(best, short_lu=min(max(best_off, 0.0), _MOST_SHORT_LU))
        if abs(off_lu) < abs(best_off):
            best, best_off = replace(setting, short_lu=0.0), off_lu
        if abs(off_lu) <= _NEAR_LU:
            break
        low, high = (here, high) if off_lu > 0 else (low, here)
        setting = replace(setting, gain_db=_next_gain(low, high))
    return best


@dataclass(frozen=True, slots=True)
class _Measured:
    """A gain that was tried, and the loudness that was still missing."""

    gain_db: float
    missing_lu: float
    """LU below the target; negative: above it."""


def _brings_nothing(low: _Measured, here: _Measured) -> bool:
    return low.missing_lu - here.missing_lu < _SATURATED * (here.gain_db - low.gain_db)


def _next_gain(low: _Measured | None, high: _Measured | None) -> float:
    if low is None or high is None:
        known = low or high
        assert known is not None
        return known.gain_db + known.missing_lu * _STEP
    apart_db = high.gain_db - low.gain_db
    straight = low.gain_db + apart_db * low.missing_lu / (low.missing_lu - high.missing_lu)
    # At least a tenth away from either end: a bent curve can't make the steps ever smaller.
    edge = apart_db / 10
    return min(max(straight, low.gain_db + edge), high.gain_db - edge)


def _loudness(order: ClipOrder, sound_of: PcmOf) -> float:
    """LUFS of the joined sound, or of a sample of utterances if there are many."""
    meter = Meter(order.sample_rate_hz)
    every = -(-len(order.planned) // _WHOLE)
    chosen = range(0, len(order.planned), every)
    parts = ((sound_of(position), order.planned[position].pause) for position in chosen)
    for piece in joined_pcm(parts, order.sample_rate_hz, order.planned[0].start):
        meter.push(piece)
    return meter.read()[0]


def levelled(order: ClipOrder, pcm_of: PcmOf, setting: Setting, lowered: Lowered = _NONE) -> PcmOf:
    """Each utterance's PCM as fed to the encoder."""

    def one(position: int) -> bytes:
        ceiling_db = setting.ceiling_db - lowered.get(position, 0.0)
        return level(pcm_of(position), setting.gain_db, ceiling_db, order.sample_rate_hz)

    return one
