"""Gain and limiter ceiling of a clip for each codec, and how both are corrected."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tts_service.audio.assemble import joined
from tts_service.audio.gates import GATES
from tts_service.audio.loudness import Meter, level
from tts_service.audio.order import ClipOrder, PcmOf
from tts_service.errors import ClipDefective

_NEAR_LU = 0.1
"""So near the target, the gain is found."""
_WHOLE = 32
"""Up to so many utterances the gain is found by measuring the whole clip; in longer ones, by so many spread over it."""
_MEASURINGS = 10
_STEP = 2.0
"""While the limiter works, 1 dB of gain brings less than 1 LU: so the gain is soon too high, and lies between two."""
_SATURATED = 0.1
"""Where 1 dB of gain brings less LU than this, more gain makes distortion only: the clip is as loud as it gets."""
_MOST_SHORT_LU = 6.0
"""A clip that stays further below its target is refused."""


Lowered = Mapping[int, float]
"""By utterance: how far the limiter's ceiling lies below the others', in dB."""
_NONE: Lowered = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Levels of one file."""

    gain_db: float
    ceiling_db: float
    """Of the limiter, below the clip's own by what the codec adds."""
    aim_lufs: float
    """Loudness before encoding: the target, less what the codec adds."""
    short_lu: float = 0.0
    """How far the clip stays below the target because its peaks allow no more: a single hiss, or a click."""


def first_setting(order: ClipOrder, pcm_of: PcmOf, form: str) -> Setting:
    """Levels for a codec, with the gain found. Raises ClipDefective if there is no sound."""
    ceiling_db = order.ceiling_dbtp - GATES[form].headroom_db
    return gained(order, pcm_of, Setting(gain_db=order.gain_db, ceiling_db=ceiling_db, aim_lufs=order.target_lufs))


def lowered_more(lowered: Lowered, over: Mapping[int, float], ceiling_dbtp: float, extra_db: float) -> Lowered:
    """The limiter's ceiling falls for the utterances that peaked too high, by the excess and a little more."""
    return {**lowered, **{n: lowered.get(n, 0.0) + dbtp - ceiling_dbtp + extra_db for n, dbtp in over.items()}}


def aimed(order: ClipOrder, setting: Setting, lufs: float) -> Setting:
    """Where to aim in another round, after one that came out at `lufs`."""
    return replace(setting, aim_lufs=setting.aim_lufs + order.target_lufs - setting.short_lu - lufs)


def gained(order: ClipOrder, pcm_of: PcmOf, setting: Setting, lowered: Lowered = _NONE) -> Setting:
    """The gain that brings the limited sound to the loudness aimed at, or as near as the limiter lets it come.

    Loudness grows with the gain, so the gain lies between one that was too low and one that was too high: each
    measuring makes that stretch shorter. Raises ClipDefective if there is no sound.
    """
    low = high = None
    best, best_off = replace(setting, short_lu=0.0), math.inf
    for _ in range(_MEASURINGS):
        off_lu = setting.aim_lufs - _loudness(order, levelled(order, pcm_of, setting, lowered))
        if math.isinf(off_lu):
            raise ClipDefective("The clip is silent, or nearly so.")
        here = (setting.gain_db, off_lu)
        if low is not None and high is None and _brings_nothing(low, here):
            return replace(best, short_lu=min(max(best_off, 0.0), _MOST_SHORT_LU))
        if abs(off_lu) < abs(best_off):
            best, best_off = replace(setting, short_lu=0.0), off_lu
        if abs(off_lu) <= _NEAR_LU:
            break
        low, high = (here, high) if off_lu > 0 else (low, here)
        setting = replace(setting, gain_db=_next_gain(low, high))
    return best


_At = tuple[float, float]
"""(gain in dB, LU that are missing with it)"""


def _brings_nothing(low: _At, here: _At) -> bool:
    (low_db, missing_before), (here_db, missing) = low, here
    return missing_before - missing < _SATURATED * (here_db - low_db)


def _next_gain(low: _At | None, high: _At | None) -> float:
    if low is None or high is None:
        known = low or high
        assert known is not None
        gain_db, off_lu = known
        return gain_db + off_lu * _STEP
    (low_db, missing), (high_db, above) = low, high
    straight = low_db + (high_db - low_db) * missing / (missing - above)
    # A tenth of the stretch from either end: a bent curve can't make the steps ever shorter.
    edge = (high_db - low_db) / 10
    return min(max(straight, low_db + edge), high_db - edge)


def _loudness(order: ClipOrder, sound_of: PcmOf) -> float:
    """LUFS of the joined sound, of some utterances if there are many."""
    meter = Meter(order.sample_rate_hz)
    every = -(-len(order.planned) // _WHOLE)
    chosen = range(0, len(order.planned), every)
    parts = ((sound_of(position), order.planned[position].pause) for position in chosen)
    for piece in joined(parts, order.sample_rate_hz, order.planned[0].start):
        meter.push(piece)
    return meter.read()[0]


def levelled(order: ClipOrder, pcm_of: PcmOf, setting: Setting, lowered: Lowered = _NONE) -> PcmOf:
    """Each utterance as it goes into the encoder."""

    def one(position: int) -> bytes:
        ceiling_db = setting.ceiling_db - lowered.get(position, 0.0)
        return level(pcm_of(position), setting.gain_db, ceiling_db, order.sample_rate_hz)

    return one
