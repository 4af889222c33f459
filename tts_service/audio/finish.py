"""Segments -> finished files: joined, levelled, encoded, decoded again, checked; one utterance at a time."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tts_service.audio.assemble import joined
from tts_service.audio.check import Checked, Limits, check_clip
from tts_service.audio.container import Labels, encode_clip
from tts_service.audio.encode import FORMATS
from tts_service.audio.gain import Lowered, Setting, aimed, first_setting, gained, levelled, lowered_more
from tts_service.audio.gates import GATES
from tts_service.audio.kept import InFolder, Turn
from tts_service.audio.long import make_long
from tts_service.audio.order import ClipOrder, Made, PcmOf
from tts_service.audio.stretches import stretches
from tts_service.errors import ClipDefective, FormatNotKnown
from tts_service.values import Rendition

_EXTRA_DB = (0.5, 1.0, 2.0)
"""Where an utterance peaked too high, the next round keeps it so much further below: the harder the limiter works, the
more a codec adds to its peaks."""


def finish_format(order: ClipOrder, pcm_of: PcmOf, folder: Path, form: str, turn: Turn | None = None) -> Made:
    """One format's file: levelled for its codec, encoded, sealed, decoded again and checked.

    Depends on no other format of the order. A long clip is made in stretches: what `turn` keeps of them isn't made
    again, and when its time is over, it ends between two.

    Raises ClipDefective, FormatNotKnown, TurnOver, and what the seal raises.
    """
    if form not in FORMATS:
        raise FormatNotKnown(f"There is no audio format {form!r}.", known=list(FORMATS))
    if not order.planned:
        raise ClipDefective("A clip needs at least one utterance.")
    path = folder / f"audio.{form}"
    cut = stretches(order.planned, order.sample_rate_hz, form)
    if len(cut) > 1:
        checked = make_long(order, pcm_of, path, cut, turn or Turn(kept=InFolder(folder)))
    else:
        checked = _made_at_once(order, pcm_of, path, form)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    rendition = Rendition(format=form, media_type=FORMATS[form], bytes=path.stat().st_size, sha256=digest)
    return Made(rendition=rendition, path=path, checked=checked)


def _made_at_once(order: ClipOrder, pcm_of: PcmOf, path: Path, form: str) -> Checked:
    """One file from the whole clip's sound.

    Where only the level is wrong, the limiter's ceiling of the utterances that peaked too high is corrected, and the
    loudness aimed at, each by its own error, and the gain is found anew: no correction undoes another.
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
        error.details.pop("over", None)  # of use only here
        raise


def _made(order: ClipOrder, sound_of: PcmOf, setting: Setting, path: Path, form: str) -> Checked:
    """Write the file, seal and check it: what is checked is what is published."""
    parts = ((sound_of(position), place.pause) for position, place in enumerate(order.planned))
    pcm = joined(parts, order.sample_rate_hz, order.planned[0].start)
    encode_clip(pcm, order.sample_rate_hz, path, form, Labels(tags=order.tags, chapters=order.chapters))
    if order.seal is not None:
        order.seal(path, form)
    target_lufs = order.target_lufs - setting.short_lu
    # The check compares with levelled sound too: hard limiting alone can take the likeness below its limit.
    limits = Limits(gate=GATES[form], target_lufs=target_lufs, ceiling_dbtp=order.ceiling_dbtp)
    return check_clip(path, order.planned, sound_of, order.sample_rate_hz, limits)
