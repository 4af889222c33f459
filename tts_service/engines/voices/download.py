"""Fetches one file of a voice: resumes what is there, verifies size and hash, and puts it in place as a whole."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, urlsplit

from tts_service.engines.voices.catalogue import CatalogueVoice, VoiceFile
from tts_service.errors import DiskFull, NotFound, RemoteUnavailable, ServiceError, VoiceRefused
from tts_service.http.client import Answer, Outbound
from tts_service.http.terms import MIB, Terms

PIECE = MIB
"""Bytes per request: progress is reported after each."""
TRIES = 3
"""Maximum number of consecutive requests that bring nothing."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePiece:
    """Part of a file."""

    content: bytes
    start: int
    """Its place in the file: 0 where the server sends whole files only."""


ReadPiece = Callable[[VoiceFile, int], FilePiece]
"""(file, place in it) -> what follows from there. Raises ServiceError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """Where the files of voices come from."""

    name: str
    """Host or folder, for the receipt."""
    read: ReadPiece


def web_source(outbound: Outbound, mirror: str, voice: CatalogueVoice) -> FileSource:
    """The mirror, or where the voice's maker offers its files."""

    def read(file: VoiceFile, start: int) -> FilePiece:
        url = f"{mirror.rstrip('/')}/{quote(file.name)}" if mirror else file.url or ""
        terms = Terms(total_s=300, wire_bytes=file.bytes + MIB, unpacked_bytes=file.bytes + 1, cut=True)
        wanted = f"bytes={start}-{min(start + PIECE, file.bytes) - 1}"
        return _piece(outbound.get(url, terms, {"Range": wanted}), file, start)

    return FileSource(name=urlsplit(mirror or voice.fetched[0].url or "").hostname or "", read=read)


def folder_source(folder: Path) -> FileSource:
    """A folder in which the files lie under the catalogue's names."""

    def read(file: VoiceFile, start: int) -> FilePiece:
        path = folder / file.name
        try:
            with path.open("rb") as given:
                size = os.fstat(given.fileno()).st_size
                if size != file.bytes:
                    raise _other_size(str(path), file, size)
                given.seek(start)
                return FilePiece(content=given.read(PIECE), start=start)
        except FileNotFoundError as error:
            raise NotFound(f"{path} is missing: copy it there, {file.bytes} bytes.") from error
        except OSError as error:
            raise VoiceRefused(f"{path} can't be read: {error.strerror}") from error

    return FileSource(name=str(folder.absolute()), read=read)


def fetch_file(file: VoiceFile, target: Path, source: FileSource, on_progress: Callable[[int], None]) -> None:
    """Fetches a file unless it is there; `on_progress` receives the number of bytes so far.

    An interrupted download stays beside the target as NAME.part, and the next call resumes it. Raises
    VoiceRefused (another size or hash), DiskFull, NotFound, RemoteUnavailable, AddressRefused.
    """
    try:
        if target.is_file() and _sha256(target) == file.sha256:
            return on_progress(file.bytes)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        _fill(part, file, source, on_progress)
        if _sha256(part) != file.sha256:
            part.unlink()
            raise VoiceRefused(
                f"{file.name} from {source.name} isn't the file of the catalogue: its SHA-256 is another one. "
                "It was deleted; get it from another place."
            )
        part.replace(target)
    except OSError as error:
        raise _unwritable(error, file, target.parent) from error


def _fill(part: Path, file: VoiceFile, source: FileSource, on_progress: Callable[[int], None]) -> None:
    with part.open("ab") as out:
        if out.tell() > file.bytes:
            out.truncate(0)
        there = out.tell() if out.tell() <= file.bytes else 0
        free = shutil.disk_usage(part.parent).free
        if free < file.bytes - there:
            raise OSError(errno.ENOSPC, "")
        on_progress(there)
        tries = TRIES
        while there < file.bytes:
            piece = source.read(file, there)
            if piece.start + len(piece.content) <= there:
                tries -= 1
                if not tries:
                    raise RemoteUnavailable(
                        f"The download of {file.name} from {source.name} broke off at {there} of {file.bytes} bytes. "
                        "Install the voice again to go on from there."
                    )
                continue
            tries = TRIES
            out.truncate(piece.start)
            out.write(piece.content)
            out.flush()
            there = piece.start + len(piece.content)
            on_progress(there)


def _piece(answer: Answer, file: VoiceFile, start: int) -> FilePiece:
    """Raises VoiceRefused for a size that isn't the catalogue's, NotFound, RemoteUnavailable."""
    host = urlsplit(answer.url).hostname or ""
    if answer.status == HTTPStatus.NOT_FOUND:
        raise NotFound(f"{host} has no {file.name} (HTTP status 404).")
    if answer.status == HTTPStatus.PARTIAL_CONTENT:
        said = _RANGE.fullmatch(answer.headers.get("content-range", ""))
        if not said or int(said[1]) != start:
            raise RemoteUnavailable(f"{host} sent another part of {file.name} than was asked for.")
        if said[2] not in ("*", str(file.bytes)):
            raise _other_size(host, file, int(said[2]))
        if start + len(answer.body) > file.bytes:
            raise _other_size(host, file, start + len(answer.body))
        return FilePiece(content=answer.body, start=start)
    if answer.status != HTTPStatus.OK:
        raise RemoteUnavailable(f"{host} answered with HTTP status {answer.status} for {file.name}; try again later.")
    length = answer.headers.get("content-length", "")
    sent = int(length) if length.isascii() and length.isdecimal() and len(length) < 20 else len(answer.body)
    if sent > file.bytes or (answer.whole and sent != file.bytes):
        raise _other_size(host, file, sent)
    return FilePiece(content=answer.body, start=0)


def _other_size(where: str, file: VoiceFile, size: int) -> VoiceRefused:
    return VoiceRefused(
        f"{where} has {file.name} with {size} bytes; the catalogue's file has {file.bytes}. It isn't installed."
    )


def _unwritable(error: OSError, file: VoiceFile, folder: Path) -> ServiceError:
    if error.errno in _NO_ROOM:
        return DiskFull(
            f"There is no room for {file.name} ({file.bytes} bytes) in {folder}. Make room and install the voice "
            "again: it goes on where it stopped."
        )
    return VoiceRefused(f"{file.name} can't be written to {folder}: {error.strerror or error}")


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
