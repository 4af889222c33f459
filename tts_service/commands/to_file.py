"""`tts-service speak`: one article to one signed file, the same pipeline as the workers', a folder for segments."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tts_service.audio.assemble import LEAD_IN_MS
from tts_service.audio.captions import CaptionLine, lines_of, marks_json
from tts_service.audio.encode import FORMATS
from tts_service.audio.finish import finish_clip
from tts_service.engines.casting import Cast
from tts_service.engines.registry import Registry
from tts_service.engines.speak import EngineChild
from tts_service.errors import EngineUnavailable, FormatNotKnown, InputRefused, UnspeakableText
from tts_service.jobs.unspeakable import RULE, without_unspeakable
from tts_service.narration import (
    ClipWishes,
    Prepared,
    chapters_of,
    ordered,
    planned,
    prepare,
    provenance_of,
    spoken,
    tags_of,
)
from tts_service.policy import SpeechPolicy
from tts_service.provenance.certificate import credentials_of
from tts_service.provenance.read_back import confirm
from tts_service.provenance.record import Provenance
from tts_service.provenance.sign import MEDIA_TYPES, Seal, sidecar
from tts_service.settings import Settings
from tts_service.speakable.notice import OUTSIDE
from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.storage.segments import SegmentStore
from tts_service.storage.store import open_store
from tts_service.values import Article, Chapter, ClipTags, PlannedUtterance, Segment, Utterance, WordTime

_HALF = ".tts-speak-"
"""How the name of a folder begins in which a file isn't finished."""


def require_writable(*files: Path) -> None:
    """Before anything is spoken: each file can be written under its name. Raises InputRefused."""
    for file in files:
        folder = file.absolute().parent
        _require_name(file)
        if file.is_dir():
            raise InputRefused(f"{file} is a folder: name a file in it.")
        if file.exists() and not file.is_file():
            raise InputRefused(f"{file} is no ordinary file: choose another place.")
        if not folder.is_dir():
            raise InputRefused(f"There is no folder {folder}: make it, or choose another place for {file.name}.")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise InputRefused(f"Nothing can be written in {folder}: choose another place for {file.name}.")
        try:  # what rights don't tell: /proc, a full disk
            tempfile.TemporaryDirectory(prefix=_HALF, dir=folder).cleanup()
        except OSError as error:
            told = f"Nothing can be written in {folder} ({error.strerror}): choose another place for {file.name}."
            raise InputRefused(told) from error


def _require_name(file: Path) -> None:
    """The file's name, and that of a manifest beside it, are no longer than the file system takes."""
    apart = file.suffix.removeprefix(".").lower() in FORMATS.keys() - MEDIA_TYPES
    for name in (file, sidecar(file)) if apart else (file,):
        try:
            name.lstat()
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                told = f"{file.name[:40]}… is too long a name: the file system takes fewer characters."
                raise InputRefused(told) from error


def speak_to_file(
    article: Article,
    files: tuple[Path, Path | None],
    voice_id: str | None,
    settings: Settings,
    lexicon: Lexical = NO_LEXICON,
    *,
    quiet: bool = False,
) -> None:
    """Write the clip to files[0] and, if given, the marks to files[1]; `quiet`: no progress is shown.

    Raises ServiceError; leaves no half file, and none that isn't marked.
    """
    out, marks = files
    suffix = out.suffix.removeprefix(".").lower()
    if suffix not in FORMATS:
        raise FormatNotKnown(f"{out} names no audio format by its ending.", known=list(FORMATS))
    policy = SpeechPolicy(pauses=settings.pauses, notice=settings.spoken_notice)
    prepared = prepare(article, Registry(settings), voice_id, policy=policy, lexicon=lexicon)
    with tempfile.TemporaryDirectory(prefix="tts-speak-") as folder:
        segments = SegmentStore(open_store(settings.model_copy(update={"store_url": f"file://{folder}/segments"})))
        said = _speak_all(prepared, segments, settings, quiet)
        places = planned([one.length for one in said], prepared.voice.sample_rate_hz)
        timed = [(one, place) for one, place in zip(said, places, strict=True) if one.utterance.block != OUTSIDE]
        record = _record(article, prepared)
        wanted = ClipWishes(formats=(suffix,), tags=_tags(prepared, record), chapters=_chapters(prepared, timed))
        order = ordered(places, prepared.voice, wanted, settings)
        order = replace(order, seal=Seal(record, prepared.read.title or "", credentials_of(settings)))
        finished = finish_clip(order, lambda i: _kept(segments, places[i]).pcm, Path(folder))
        _keep_marked(finished.paths[0], out, record)
    if marks is not None:
        lines = _lines(prepared, timed)
        marks.write_text(json.dumps(marks_json(1, lines, finished.duration_ms), ensure_ascii=False, indent=1), "utf-8")


def _keep_marked(made: Path, out: Path, record: Provenance) -> None:
    """Put a file in its place with the manifest beside it, read back from there first: what doesn't say that it is
    artificial is no use to anybody. Raises NotMarked; then nothing is left."""
    with tempfile.TemporaryDirectory(prefix=_HALF, dir=out.absolute().parent) as folder:
        half = Path(folder) / out.name  # a file's name may be as long as names can be: nothing is added to it
        shutil.copyfile(made, half)
        if sidecar(made).exists():
            shutil.copyfile(sidecar(made), sidecar(half))
        confirm(half, record)
        if sidecar(made).exists():
            sidecar(half).replace(sidecar(out))
        half.replace(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was spoken: its sound is in the store."""

    utterance: Utterance
    length: tuple[str, int, int]
    """(segment key, samples, pause in ms)"""
    words: tuple[WordTime, ...]


def _speak_all(prepared: Prepared, segments: SegmentStore, settings: Settings, quiet: bool) -> list[_Said]:
    """Every utterance, and the notice where it is due."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("sentences"),
        TimeElapsedColumn(),
    )
    said: list[_Said] = []
    at_ms, noticed_ms, notice = float(LEAD_IN_MS), None, prepared.notice
    with EngineChild(settings) as engine, Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:

        def speak(utterance: Utterance) -> float:
            """Returns its time with the pause behind it."""
            segment, utterance = _spoken(utterance, prepared.cast, segments, engine)
            length = (segment.key, segment.samples, utterance.pause_after_ms)
            said.append(_Said(utterance=utterance, length=length, words=segment.words))
            return segment.duration_ms + utterance.pause_after_ms

        task = bar.add_task(prepared.voice.id, total=len(prepared.utterances))
        for before, utterance in zip((None, *prepared.utterances), prepared.utterances, strict=False):
            here = (before.block != utterance.block, before.pause_after_ms) if before else (True, 0)
            if notice and notice.due(at_ms, noticed_ms, here):
                noticed_ms = at_ms
                at_ms += speak(notice.utterance)
            at_ms += speak(utterance)
            bar.advance(task)
    return said


def _spoken(utterance: Utterance, cast: Cast, segments: SegmentStore, engine: EngineChild) -> tuple[Segment, Utterance]:
    """The sound, and the utterance as it is said: without words on which the voice dies. Raises EngineUnavailable,
    UnspeakableText (the notice)."""
    try:
        return spoken(utterance, cast, segments, engine)[0], utterance
    except EngineUnavailable as error:
        if error.details.get("cause") == "start":
            raise
        if utterance.block == OUTSIDE:  # any word of the notice may be the one that discloses
            raise UnspeakableText(f"The voice dies on the spoken notice {utterance.spoken_text!r}.") from error
    said = without_unspeakable(engine, cast, utterance)
    lost = [token for token in said.tokens if RULE in token.rules]
    Console(stderr=True).print(f"The voice dies on a part of this sentence; {len(lost)} of its words are left out.")
    if not said.words:
        said = replace(said, pause_after_ms=0)
    return spoken(said, cast, segments, engine)[0], said


def _record(article: Article, prepared: Prepared) -> Provenance:
    return provenance_of(prepared.cast, site=article.site, text=article.source, notice=prepared.notice)


def _kept(segments: SegmentStore, place: PlannedUtterance) -> Segment:
    segment = segments.get(place.segment_key)
    assert segment is not None, "written a moment ago by this process"
    return segment


def _tags(prepared: Prepared, record: Provenance) -> ClipTags:
    read = prepared.read
    return tags_of(record, read.language, title=read.title, author=read.author, date=read.published, url=read.url)


def _chapters(prepared: Prepared, timed: list[tuple[_Said, PlannedUtterance]]) -> tuple[Chapter, ...]:
    heard = [(one.utterance.block, place) for one, place in timed]
    blocks = [(block.kind, block.text) for block in prepared.read.blocks]
    return chapters_of(blocks, heard, prepared.voice.sample_rate_hz)


def _lines(prepared: Prepared, said: list[tuple[_Said, PlannedUtterance]]) -> list[CaptionLine]:
    rate = prepared.voice.sample_rate_hz
    timed = [(one.utterance, place.start * 1000 / rate, place.samples * 1000 / rate, one.words) for one, place in said]
    return lines_of([block.text for block in prepared.read.blocks], timed)
