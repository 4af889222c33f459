"""`tts-service speak`: one article to one signed file, the same way as a worker's, a folder for segments."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tts_service.audio.captions import lines_of, marks_document, timed
from tts_service.audio.encode import FORMATS
from tts_service.audio.kept import InFolder, Turn
from tts_service.audio.order import ClipOrder, Made
from tts_service.engines.base import Speaks
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.child.unspeakable import RULE
from tts_service.engines.voices.registry import Registry
from tts_service.errors import ClipDefective, FormatNotKnown, InputRefused
from tts_service.narration.pipeline import narrate
from tts_service.narration.prepared import Prepared, SpeakingManner
from tts_service.narration.script import PlacedSegment, Script, ScriptLine, SpokenLine
from tts_service.provenance.read_back import confirm
from tts_service.provenance.record import Provenance
from tts_service.provenance.sign import MEDIA_TYPES, sidecar
from tts_service.settings import Settings
from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.storage.segments import SegmentStore
from tts_service.storage.store import open_store
from tts_service.values import Article, Utterance
from tts_service.values.site_options import USUAL
from tts_service.values.speech_policy import SpeechPolicy

_HALF = ".tts-speak-"
"""Prefix of the folder in which a file is made."""


def require_writable(*files: Path) -> None:
    """Before anything is spoken: each file can be written under its name. Raises InputRefused."""
    for file in files:
        folder = file.absolute().parent
        _require_name(file)
        if file.is_dir():
            raise InputRefused(f"{file} is a folder: give the name of a file in it.")
        if file.exists() and not file.is_file():
            raise InputRefused(f"{file} is not a regular file: choose another path.")
        if not folder.is_dir():
            raise InputRefused(f"There is no folder {folder}: create it, or choose another folder for {file.name}.")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise InputRefused(f"The folder {folder} is not writable: choose another one for {file.name}.")
        try:  # permissions don't show everything: /proc, a full disk
            tempfile.TemporaryDirectory(prefix=_HALF, dir=folder).cleanup()
        except OSError as error:
            told = f"The folder {folder} is not writable ({error.strerror}): choose another one for {file.name}."
            raise InputRefused(told) from error


def _require_name(file: Path) -> None:
    """The file's name, and that of a manifest beside it, are no longer than the file system takes."""
    apart = file.suffix.removeprefix(".").lower() in FORMATS.keys() - MEDIA_TYPES
    for name in (file, sidecar(file)) if apart else (file,):
        try:
            name.lstat()
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                told = f"The file name {file.name[:40]}… is too long for this file system: choose a shorter one."
                raise InputRefused(told) from error


def speak_to_file(
    article: Article,
    out: Path,
    voice_id: str | None,
    settings: Settings,
    lexicon: Lexical = NO_LEXICON,
    *,
    marks: Path | None = None,
    quiet: bool = False,
    engine: Speaks | None = None,
) -> None:
    """Write the clip to `out` and its marks to `marks`, if given; `quiet`: no progress is shown; `engine`: speaks,
    instead of one that is started for this clip.

    Raises ServiceError; leaves no half file, and none that isn't marked.
    """
    suffix = out.suffix.removeprefix(".").lower()
    if suffix not in FORMATS:
        raise FormatNotKnown(f"{out} has no known audio file extension.", known=list(FORMATS))
    manner = SpeakingManner(
        voices=Registry(settings),
        voice_id=voice_id,
        formats=(suffix,),
        policy=SpeechPolicy(pauses=settings.pauses, notice=settings.spoken_notice),
        lexicon=lexicon,
        zone=USUAL.zone,
    )
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("sentences"),
        TimeElapsedColumn(),
    )
    with (
        tempfile.TemporaryDirectory(prefix="tts-speak-") as folder,
        nullcontext(engine) if engine else EngineChild(settings) as speaker,
        Progress(*columns, console=Console(stderr=True), disable=quiet) as bar,
    ):
        narrate(article, FileSink(out, marks, manner, settings, Path(folder), bar), speaker)


class FileSink:
    """`narration.Sink` of a command that makes one file in one turn."""

    def __init__(
        self, out: Path, marks: Path | None, manner: SpeakingManner, settings: Settings, folder: Path, bar: Progress
    ) -> None:
        """`folder`: for what isn't needed any more when the file is there; `bar` shows progress."""
        self.name, self.settings = out.name, settings
        self.segments = SegmentStore(open_store(settings.model_copy(update={"store_url": f"file://{folder}/segments"})))
        self.turn = Turn(kept=InFolder(folder))
        self._out, self._marks, self._manner, self._bar = out, marks, manner, bar
        self._deaths: Counter[int] = Counter()

    def manner(self) -> SpeakingManner:
        return self._manner

    def resumed(self) -> Script | None:
        return None

    def begun(self, script: Script, prepared: Prepared) -> Script:
        self._record, self._utterances = script.provenance, list(prepared.utterances)
        for task in self._bar.task_ids:
            self._bar.remove_task(task)
        self._task = self._bar.add_task(script.voice.id, total=len(script.lines))
        return script

    def utterance(self, position: int) -> Utterance:
        return self._utterances[position]

    def next_sentence(self) -> None:
        """The turn lasts as long as it takes."""

    def died(self, position: int) -> int:
        self._deaths[position] += 1
        return self._deaths[position]

    def shortened(self, line: ScriptLine, said: Utterance) -> None:
        self._utterances[line.position] = said
        lost = [token for token in said.tokens if RULE in token.rules]
        told = f"The voice crashes on a part of this sentence; {len(lost)} of its words are left out."
        self._bar.console.print(told)

    def spoken(self, one: SpokenLine) -> None:
        self._bar.advance(self._task)

    def all_spoken(self) -> None:
        """The bar shows it."""

    def formats_due(self, order: ClipOrder) -> Iterator[str]:
        yield from order.formats

    def finished(self, made: Made) -> None:
        _keep_marked(made.path, self._out, self._record)
        self._duration_ms = made.checked.duration_ms

    def refused(self, form: str, error: ClipDefective) -> None:
        raise error

    def complete(self, script: Script, heard: Sequence[PlacedSegment]) -> None:
        if self._marks is None:
            return
        rate_hz = script.voice.sample_rate_hz
        spoken = [
            timed(self._utterances[one.line.position], one.place.start, one.place.samples, rate_hz, one.words)
            for one in heard
            if one.line
        ]
        lines = lines_of([text for _, text in script.blocks], spoken)
        self._marks.write_text(marks_document(1, lines, self._duration_ms, script.blocks), "utf-8")


def _keep_marked(made: Path, out: Path, record: Provenance) -> None:
    """Put a file in its place with the manifest beside it, read back from there first, as a file that doesn't
    disclose its origin must not be left behind. Raises NotMarked; then nothing is left."""
    with tempfile.TemporaryDirectory(prefix=_HALF, dir=out.absolute().parent) as folder:
        half = Path(folder) / out.name  # a file's name may be as long as names can be: nothing is added to it
        shutil.copyfile(made, half)
        if sidecar(made).exists():
            shutil.copyfile(sidecar(made), sidecar(half))
        confirm(half, record)
        if sidecar(made).exists():
            sidecar(half).replace(sidecar(out))
        half.replace(out)
