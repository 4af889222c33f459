"""Segments -> finished files: joined, levelled, encoded, decoded again, checked; one utterance at a time."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tts_service.audio.assemble import joined
from tts_service.audio.check import Checked, Limits, check_clip
from tts_service.audio.encode import FORMATS, Labels, open_clip
from tts_service.audio.loudness import Meter, level
from tts_service.errors import ClipDefective, FormatNotKnown
from tts_service.values import SAMPLE_WIDTH, Chapter, ClipTags, PlannedUtterance, Rendition

PcmOf = Callable[[int], bytes]
"""Utterance i as spoken: s16 mono PCM."""
Seal = Callable[[Path, str], None]
"""(file, format) -> nothing: writes the last bytes of a finished file, before it is checked. May raise ServiceError."""

_MARGIN_DB = {"mp3": 1.5, "m4a": 1.5, "opus": 2.5, "wav": 0.1}
"""How far the limiter stays below the ceiling: codecs put peaks that much above what they are given, seldom more."""
_NEAR_LU = 0.2
_TRUSTED_LU = 0.6
"""So near the target, one more step of the gain needs no measuring."""
_MEASURED = 32
"""Utterances measured to find the gain, spread over the clip: the check measures all of it anyway."""
_MEASURINGS = 5
_ROUNDS = 3
_STEP = 1.3
"""While the limiter works, 1 dB of gain brings less than 1 LU of loudness."""
_STEEPEST = 4.0
_EXTRA_DB = 0.5
"""Where a codec's peak was too high, the next round stays this much further below."""


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
class Finished:
    """What was made and measured; loudness and peak of the first format."""

    renditions: tuple[Rendition, ...]
    paths: tuple[Path, ...]
    """One per rendition."""
    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float


def finish_clip(
    order: ClipOrder, pcm_of: PcmOf, folder: Path, on_progress: Callable[[float], None] | None = None
) -> Finished:
    """Make the clip's files in `folder`; `on_progress` gets 0 to 1.

    Raises ClipDefective, FormatNotKnown, and what the seal raises. Reads every utterance once or more for the
    loudness, once to encode all formats and once for each format's check.
    """
    if not order.planned:
        raise ClipDefective("A clip needs at least one utterance.")
    _known(order.formats)
    report = on_progress or (lambda _: None)
    setting = _Setting(gain_db=order.gain_db, ceiling_db=order.ceiling_dbtp - max(_MARGIN_DB[f] for f in order.formats))
    setting = _gained(order, pcm_of, setting)
    report(0.2)
    outcomes = _made(order, pcm_of, setting, (order.formats, folder))
    report(0.8)
    checked = tuple(
        _put_right(order, pcm_of, setting, (form, folder, outcome))
        for form, outcome in zip(order.formats, outcomes, strict=True)
    )
    report(1.0)
    return _finished(order, folder, checked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    gain_db: float
    ceiling_db: float
    """Of the limiter, below the clip's own by the codecs' margin."""


def _made(
    order: ClipOrder, pcm_of: PcmOf, setting: _Setting, what: tuple[tuple[str, ...], Path]
) -> list[Checked | ClipDefective]:
    """Write files of these formats in this folder, seal and check each: what is checked is what is published."""
    formats, folder = what
    # The check compares with levelled sound too: hard limiting alone can take the likeness below its limit.
    sound_of = _level_of(order, pcm_of, setting)
    _encode(order, _joined(order, sound_of), formats, folder)
    if order.seal is not None:
        for form in formats:
            order.seal(_path(folder, form), form)
    return [_check(order, _path(folder, form), sound_of) for form in formats]


def _put_right(
    order: ClipOrder, pcm_of: PcmOf, setting: _Setting, made: tuple[str, Path, Checked | ClipDefective]
) -> Checked:
    """Make one format again until its own loudness and peak are right: codecs differ. Raises ClipDefective."""
    form, folder, outcome = made
    for _ in range(_ROUNDS):
        if isinstance(outcome, Checked):
            return outcome
        if not outcome.details.keys() & {"true_peak_dbtp", "loudness_lufs"}:
            raise outcome
        setting = _corrected(order, pcm_of, setting, outcome)
        (outcome,) = _made(order, pcm_of, setting, ((form,), folder))
    if isinstance(outcome, ClipDefective):
        raise outcome
    return outcome


def _corrected(order: ClipOrder, pcm_of: PcmOf, setting: _Setting, error: ClipDefective) -> _Setting:
    """The setting for another round where only loudness or peak was wrong."""
    if "true_peak_dbtp" in error.details:
        over_db = error.details["true_peak_dbtp"] - order.ceiling_dbtp
        return _gained(order, pcm_of, replace(setting, ceiling_db=setting.ceiling_db - over_db - _EXTRA_DB))
    off_lu = order.target_lufs - error.details["loudness_lufs"]
    return replace(setting, gain_db=setting.gain_db + off_lu * _STEP)


def _gained(order: ClipOrder, pcm_of: PcmOf, setting: _Setting) -> _Setting:
    """The setting that brings the limited sound to the target. Raises ClipDefective if there is no sound."""
    step, before = _STEP, 0.0
    for _ in range(_MEASURINGS):
        off_lu = order.target_lufs - _loudness(order, _level_of(order, pcm_of, setting))
        if math.isinf(off_lu):
            raise ClipDefective("The clip is silent, or nearly so.")
        if before and before != off_lu:
            # What the last step brought tells how much of a step the limiter takes.
            step = min(max(step * before / (before - off_lu), 1.0), _STEEPEST)
        if abs(off_lu) > _NEAR_LU:
            setting = replace(setting, gain_db=setting.gain_db + off_lu * step)
        if abs(off_lu) <= _TRUSTED_LU:
            break
        before = off_lu
    return setting


def _loudness(order: ClipOrder, sound_of: PcmOf) -> float:
    """LUFS of the joined sound, of a few utterances if there are many."""
    meter = Meter(order.sample_rate_hz)
    every = -(-len(order.planned) // _MEASURED)
    for position in range(0, len(order.planned), every):
        meter.push(sound_of(position))
        meter.push(bytes(order.planned[position].pause * SAMPLE_WIDTH))
    return meter.read()[0]


def _level_of(order: ClipOrder, pcm_of: PcmOf, setting: _Setting) -> PcmOf:
    return lambda position: level(pcm_of(position), setting.gain_db, setting.ceiling_db, order.sample_rate_hz)


def _joined(order: ClipOrder, sound_of: PcmOf) -> Iterator[bytes]:
    parts = ((sound_of(position), place.pause) for position, place in enumerate(order.planned))
    return joined(parts, order.sample_rate_hz, order.planned[0].start)


def _encode(order: ClipOrder, pcm: Iterator[bytes], formats: tuple[str, ...], folder: Path) -> None:
    """All formats in one go: the sound is joined and levelled once."""
    labels = Labels(tags=order.tags, chapters=order.chapters)
    files = [open_clip(order.sample_rate_hz, _path(folder, form), form, labels) for form in formats]
    whole = False
    try:
        for piece in pcm:
            for file in files:
                file.push(piece)
        whole = True
    finally:
        for file in files:
            if whole:
                file.close()
            else:
                file.abandon()


def _check(order: ClipOrder, path: Path, pcm_of: PcmOf) -> Checked | ClipDefective:
    limits = Limits(target_lufs=order.target_lufs, ceiling_dbtp=order.ceiling_dbtp)
    try:
        return check_clip(path, order.planned, pcm_of, order.sample_rate_hz, limits)
    except ClipDefective as error:
        return error


def _finished(order: ClipOrder, folder: Path, checked: tuple[Checked, ...]) -> Finished:
    paths = tuple(_path(folder, form) for form in order.formats)
    renditions = []
    for form, path in zip(order.formats, paths, strict=True):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        renditions.append(Rendition(format=form, media_type=FORMATS[form], bytes=path.stat().st_size, sha256=digest))
    first = checked[0]
    return Finished(
        renditions=tuple(renditions), paths=paths, duration_ms=first.duration_ms,
        loudness_lufs=first.loudness_lufs, true_peak_dbtp=first.true_peak_dbtp,
    )  # fmt: skip


def _path(folder: Path, form: str) -> Path:
    return folder / f"audio.{form}"


def _known(formats: tuple[str, ...]) -> None:
    for form in formats:
        if form not in FORMATS:
            raise FormatNotKnown(f"There is no audio format {form!r}.", known=list(FORMATS))
