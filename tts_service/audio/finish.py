"""Segments -> finished files: join, level, encode, decode and check; one utterance in memory at a time."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path

from tts_service.audio.assemble import joined_pcm
from tts_service.audio.check import Checked, Limits, check_clip
from tts_service.audio.container import Labels, encode_clip
from tts_service.audio.encode import FORMATS
from tts_service.audio.gain import Lowered, Setting, aimed, first_setting, gained, levelled, lowered_more
from tts_service.audio.gates import GATES
from tts_service.audio.kept import InFolder, Turn
from tts_service.audio.live_file import fits_live, write_live_file
from tts_service.audio.long import make_long
from tts_service.audio.loudness import LIVE_CEILING_DBTP
from tts_service.audio.order import ClipOrder, Made, PcmOf
from tts_service.audio.stretches import split_at_pauses
from tts_service.errors import ClipDefective, FormatNotKnown
from tts_service.values import PlannedUtterance, Rendition

_EXTRA_DB = (0.5, 1.0, 2.0)
"""Extra margin for utterances that peaked too high, by round: the harder the limiter works, the more a codec adds to
its peaks."""
_NEAR_LU = 0.4
"""Maximum deviation of a file made of live.mp3's frames: another meter then finds it within 0.5 of the target."""

log = logging.getLogger(__name__)


def finish_format(order: ClipOrder, pcm_of: PcmOf, folder: Path, form: str, turn: Turn | None = None) -> Made:
    """Makes one format's file: levels for its codec, encodes, signs, decodes and checks.

    Independent of the order's other formats. A long clip is made in stretches: those kept by `turn` are reused, and
    when the turn's time is over, this stops between two.

    Raises ClipDefective, FormatNotKnown, TurnOver, and the seal's errors.
    """
    if form not in FORMATS:
        raise FormatNotKnown(f"Unknown audio format {form!r}.", known=list(FORMATS))
    if not order.planned:
        raise ClipDefective("A clip needs at least one utterance.")
    path = folder / f"audio.{form}"
    cut = split_at_pauses(order.planned, order.sample_rate_hz, form)
    if len(cut) > 1:
        checked = make_long(order, pcm_of, path, cut, turn or Turn(kept=InFolder(folder)))
    else:
        live = turn.live if turn else {}
        of_live = _made_of_live(order, pcm_of, path, live) if form == "mp3" else None
        checked = of_live or _made_at_once(order, pcm_of, path, form)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    rendition = Rendition(format=form, media_type=FORMATS[form], bytes=path.stat().st_size, sha256=digest)
    return Made(rendition=rendition, path=path, checked=checked)


def _made_of_live(
    order: ClipOrder, pcm_of: PcmOf, path: Path, written: Mapping[PlannedUtterance, bytes]
) -> Checked | None:
    """The MP3 of live.mp3's frames, at the voice's calibrated level. None: that doesn't fit this clip."""
    if not fits_live(order):
        return None
    setting = Setting(gain_db=order.gain_db, ceiling_db=LIVE_CEILING_DBTP, aim_lufs=order.target_lufs)
    sound_of = levelled(order, pcm_of, setting)
    write_live_file(order, sound_of, written, path)
    try:
        return _checked(order, sound_of, setting, path, "mp3", _NEAR_LU)
    except ClipDefective as error:
        log.info("The finished file can't be made of live.mp3's frames, so it is encoded: %s", error.message)
        return None


def _made_at_once(order: ClipOrder, pcm_of: PcmOf, path: Path, form: str) -> Checked:
    """One file from the whole clip's sound.

    If only the level is wrong, both the limiter's ceiling of the utterances that peaked too high and the target
    loudness are corrected by their own error, and the gain is computed again, so that neither correction undoes the
    other.
    """
    lowered: Lowered = {}
    setting = first_setting(order, pcm_of, form)
    for extra_db in _EXTRA_DB:
        try:
            return _made(order, levelled(order, pcm_of, setting, lowered), setting, path, form)
        except ClipDefective as error:
            if "loudness_lufs" not in error.details:
                raise
            lowered = lowered_more(lowered, error.details["over"], order.ceiling_dbtp, extra_db)
            setting = gained(order, pcm_of, aimed(order, setting, error.details["loudness_lufs"]), lowered)
    try:
        return _made(order, levelled(order, pcm_of, setting, lowered), setting, path, form)
    except ClipDefective as error:
        error.details.pop("over", None)  # only for this function
        raise


def _made(order: ClipOrder, sound_of: PcmOf, setting: Setting, path: Path, form: str) -> Checked:
    """Writes, signs and checks the file."""
    parts = ((sound_of(position), place.pause) for position, place in enumerate(order.planned))
    pcm = joined_pcm(parts, order.sample_rate_hz, order.planned[0].start)
    encode_clip(pcm, order.sample_rate_hz, path, form, Labels(tags=order.tags, chapters=order.chapters))
    return _checked(order, sound_of, setting, path, form)


def _checked(
    order: ClipOrder, sound_of: PcmOf, setting: Setting, path: Path, form: str, loudness_lu: float | None = None
) -> Checked:
    """Signs and checks the file: the checked bytes are those published."""
    if order.seal is not None:
        order.seal(path, form)
    target_lufs = order.target_lufs - setting.short_lu
    # The reference is the levelled sound: hard limiting alone can push the likeness below its limit.
    limits = Limits(gate=GATES[form], target_lufs=target_lufs, loudness_lu=loudness_lu, ceiling_dbtp=order.ceiling_dbtp)
    return check_clip(path, order.planned, sound_of, order.sample_rate_hz, limits)
