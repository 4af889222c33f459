"""Segments -> finished files: joined, levelled, encoded, decoded again, checked; one utterance at a time."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tts_service.audio.assemble import joined
from tts_service.audio.check import Checked, Limits, check_clip
from tts_service.audio.encode import FORMATS, Labels, encode_clip
from tts_service.audio.gates import GATES
from tts_service.audio.loudness import Meter, level
from tts_service.errors import ClipDefective, FormatNotKnown
from tts_service.values import Chapter, ClipTags, PlannedUtterance, Rendition

PcmOf = Callable[[int], bytes]
"""Utterance i as spoken: s16 mono PCM."""
Seal = Callable[[Path, str], None]
"""(file, format) -> nothing: writes the last bytes of a finished file, before it is checked. May raise ServiceError."""

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
_EXTRA_DB = (0.2, 0.6, 1.5)
"""Where a codec's peak was too high, the next round stays this much further below: the harder the limiter works, the
more a codec adds to its peaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipOrder:
    """What to make."""

    planned: tuple[PlannedUtterance, ...]
    sample_rate_hz: int
    gain_db: float
    """First guess: the voice's calibrated gain."""
    formats: tuple[str, ...]
    tags: ClipTags
    chapters: tuple[Chapter, ...] = ()
    target_lufs: float = -16.0
    ceiling_dbtp: float = -1.0
    seal: Seal | None = None
    """What signs each file; None: it stays unsigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A format whose file didn't pass."""

    format: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What was made and measured; loudness and peak of the first format."""

    renditions: tuple[Rendition, ...]
    paths: tuple[Path, ...]
    """One per rendition."""
    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One format's file, checked."""

    rendition: Rendition
    path: Path
    checked: Checked


def finish_clip(
    order: ClipOrder, pcm_of: PcmOf, folder: Path, on_progress: Callable[[float], None] | None = None
) -> Finished:
    """Make the clip's files in `folder`; `on_progress` gets 0 to 1. A format that doesn't pass is left out.

    Raises ClipDefective if none passes, or the one that decides over the clip doesn't (`decisive`); FormatNotKnown, and
    what the seal raises.
    """
    known_formats(order.formats)
    report = on_progress or (lambda _: None)
    made, left_out = [], []
    for number, form in enumerate(order.formats):
        report(number / len(order.formats))
        try:
            made.append(finish_format(order, pcm_of, folder, form))
        except ClipDefective as error:
            if form == decisive(order.formats) or (not made and number == len(order.formats) - 1):
                raise
            left_out.append(LeftOut(format=form, reason=error.message))
    report(1.0)
    first = made[0].checked
    return Finished(
        renditions=tuple(one.rendition for one in made),
        paths=tuple(one.path for one in made),
        duration_ms=first.duration_ms,
        loudness_lufs=first.loudness_lufs,
        true_peak_dbtp=first.true_peak_dbtp,
        left_out=tuple(left_out),
    )


def decisive(formats: Sequence[str]) -> str | None:
    """The format without which there is no clip: MP3, which everything plays; of a clip without it, none."""
    return "mp3" if "mp3" in formats else None


def finish_format(order: ClipOrder, pcm_of: PcmOf, folder: Path, form: str) -> Made:
    """One format's file: levelled for its codec, encoded, sealed, decoded again and checked.

    Depends on no other format of the order. Where only the level is wrong, both the limiter's ceiling and the loudness
    aimed at are corrected, each by its own error, and the gain is found anew: no correction undoes another.

    Raises ClipDefective, FormatNotKnown, and what the seal raises.
    """
    known_formats((form,))
    if not order.planned:
        raise ClipDefective("A clip needs at least one utterance.")
    setting = _Setting(
        gain_db=order.gain_db, ceiling_db=order.ceiling_dbtp - GATES[form].headroom_db, aim_lufs=order.target_lufs
    )
    setting = _gained(order, pcm_of, setting)
    for extra_db in _EXTRA_DB:
        try:
            return _made(order, pcm_of, setting, (form, folder))
        except ClipDefective as error:
            if "loudness_lufs" not in error.details:
                raise
            setting = _gained(order, pcm_of, _corrected(order, setting, error, extra_db))
    return _made(order, pcm_of, setting, (form, folder))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    gain_db: float
    ceiling_db: float
    """Of the limiter, below the clip's own by what the codec adds."""
    aim_lufs: float
    """Loudness before encoding: the target, less what the codec adds."""
    short_lu: float = 0.0
    """How far the clip stays below the target because its peaks allow no more: a single hiss, or a click."""


def _made(order: ClipOrder, pcm_of: PcmOf, setting: _Setting, what: tuple[str, Path]) -> Made:
    """Write the file, seal and check it: what is checked is what is published."""
    form, folder = what
    path = folder / f"audio.{form}"
    # The check compares with levelled sound too: hard limiting alone can take the likeness below its limit.
    sound_of = _level_of(order, pcm_of, setting)
    _encode(order, _joined(order, sound_of), path, form)
    if order.seal is not None:
        order.seal(path, form)
    target_lufs = order.target_lufs - setting.short_lu
    limits = Limits(gate=GATES[form], target_lufs=target_lufs, ceiling_dbtp=order.ceiling_dbtp)
    checked = check_clip(path, order.planned, sound_of, order.sample_rate_hz, limits)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    rendition = Rendition(format=form, media_type=FORMATS[form], bytes=path.stat().st_size, sha256=digest)
    return Made(rendition=rendition, path=path, checked=checked)


def _corrected(order: ClipOrder, setting: _Setting, error: ClipDefective, extra_db: float) -> _Setting:
    """Where to aim in another round. The ceiling only falls; the aim moves by what the codec did to the loudness."""
    over_db = error.details["true_peak_dbtp"] - order.ceiling_dbtp
    off_lu = order.target_lufs - setting.short_lu - error.details["loudness_lufs"]
    lower_db = over_db + extra_db if over_db > 0 else 0.0
    return replace(setting, ceiling_db=setting.ceiling_db - lower_db, aim_lufs=setting.aim_lufs + off_lu)


def _gained(order: ClipOrder, pcm_of: PcmOf, setting: _Setting) -> _Setting:
    """The gain that brings the limited sound to the loudness aimed at, or as near as the limiter lets it come.

    Loudness grows with the gain, so the gain lies between one that was too low and one that was too high: each
    measuring makes that stretch shorter. Raises ClipDefective if there is no sound.
    """
    low = high = None
    best, best_off = replace(setting, short_lu=0.0), math.inf
    for _ in range(_MEASURINGS):
        off_lu = setting.aim_lufs - _loudness(order, _level_of(order, pcm_of, setting))
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


def _level_of(order: ClipOrder, pcm_of: PcmOf, setting: _Setting) -> PcmOf:
    return lambda position: level(pcm_of(position), setting.gain_db, setting.ceiling_db, order.sample_rate_hz)


def _joined(order: ClipOrder, sound_of: PcmOf) -> Iterator[bytes]:
    parts = ((sound_of(position), place.pause) for position, place in enumerate(order.planned))
    return joined(parts, order.sample_rate_hz, order.planned[0].start)


def _encode(order: ClipOrder, pcm: Iterator[bytes], path: Path, form: str) -> None:
    encode_clip(pcm, order.sample_rate_hz, path, form, Labels(tags=order.tags, chapters=order.chapters))


def known_formats(formats: Sequence[str]) -> None:
    """Raises FormatNotKnown."""
    for form in formats:
        if form not in FORMATS:
            raise FormatNotKnown(f"There is no audio format {form!r}.", known=list(FORMATS))
