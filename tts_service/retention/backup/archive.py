"""The file of a backup: a tar that is written and read as a stream, independent of database and store.

Its members, in this order:

    backup.json               format, versions of program and database, time, each table's columns
    rows/<table>/<n>.json.gz  rows, one JSON list per line, tables in the order in which they can be inserted
    signing/<file>            the self-made signing certificate and key, if there is one
    objects/<name>            objects of the store; the header holds each one's SHA-256
    contents.json             counts. A file without it is incomplete
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any, Self

from tts_service.errors import BackupRefused

FORMAT = 1
HEAD, ROWS, SIGNING, OBJECTS, CONTENTS = "backup.json", "rows/", "signing/", "objects/", "contents.json"
_SHA256 = "TTS.sha256"
_ROWS_BYTES = 4 * 1024 * 1024
"""Rows of one member before compression: what is held in memory."""
_COMPRESSION = 1
"""gzip's; 6 takes three times as long for a tenth less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is in a backup and who made it."""

    format: int
    program: str
    """Version of the program."""
    schema: str
    """Revision of the database's tables."""
    made_ms: int
    """Time of the snapshot, by the database's clock."""
    tables: dict[str, list[str]]
    """Names of columns, by table, in the order in which tables can be inserted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Counts of everything in a backup."""

    rows: int
    objects: int
    object_bytes: int


class ArchiveWriter:
    """Writes the members in order; a context manager, so that it writes nothing more after an error."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._rows = self._objects = self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._tar.__exit__(*error)

    def head(self, head: Head) -> None:
        self._add(HEAD, json.dumps(asdict(head)).encode())

    def rows(self, table: str, rows: Iterable[Sequence[Any]]) -> Iterator[int]:
        """Writes a table's rows; yields their number so far after each member."""
        number, lines, size = 0, list[bytes](), 0

        def flush() -> None:
            nonlocal number, size
            self._add(f"{ROWS}{table}/{number:06}.json.gz", gzip.compress(b"\n".join(lines), _COMPRESSION))
            self._rows += len(lines)
            number, size = number + 1, 0
            lines.clear()

        for row in rows:
            lines.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
            size += len(lines[-1])
            if size >= _ROWS_BYTES:
                flush()
                yield self._rows
        if lines:
            flush()
            yield self._rows

    def signing(self, name: str, data: bytes) -> None:
        self._add(f"{SIGNING}{name}", data)

    def object(self, name: str, size: int, sha256: str, file: IO[bytes]) -> None:
        """Writes an object of `size` bytes. Raises OSError if the file has fewer."""
        member = tarfile.TarInfo(f"{OBJECTS}{name}")
        member.size, member.mode = size, 0o600
        member.pax_headers = {_SHA256: sha256}
        self._tar.addfile(member, file)
        self._objects += 1
        self._bytes += size

    def close(self) -> Contents:
        """Completes the file."""
        contents = Contents(rows=self._rows, objects=self._objects, object_bytes=self._bytes)
        self._add(CONTENTS, json.dumps(asdict(contents)).encode())
        self._tar.close()
        return contents

    def _add(self, name: str, data: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(data), 0o600
        self._tar.addfile(member, io.BytesIO(data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a backup; can be read until the next one."""

    name: str
    size: int
    sha256: str
    """Of an object; empty for others."""
    file: IO[bytes]

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises BackupRefused if the file ends before."""
        try:
            return self.file.read(size)
        except tarfile.TarError as error:
            raise BackupRefused(f"This backup is incomplete: it ends within {self.name}.") from error

    def checked(self) -> bytes:
        """All bytes. Raises BackupRefused if they aren't those that were written."""
        data = self.read()
        if len(data) != self.size or (self.sha256 and hashlib.sha256(data).hexdigest() != self.sha256):
            raise BackupRefused(f"{self.name} is damaged in this backup.")
        return data


def read_archive(file: IO[bytes]) -> Iterator[Member]:
    """The members in order. Raises BackupRefused if it isn't a tar, is damaged or ends too early."""
    last = ""
    try:
        with tarfile.open(fileobj=file, mode="r|") as tar:
            for member in tar:
                opened = tar.extractfile(member)
                if opened is None:
                    raise BackupRefused(f"{member.name} in this file isn't part of a backup.")
                last = member.name
                sha256 = member.pax_headers.get(_SHA256, "")
                yield Member(name=last, size=member.size, sha256=sha256, file=opened)
    except (tarfile.TarError, EOFError) as error:
        after = f"It can be read up to {last}." if last else "It isn't a tar file."
        raise BackupRefused(f"This isn't a complete backup. {after}") from error
    if last != CONTENTS:
        raise BackupRefused(f"This backup is incomplete: it ends after {last or 'nothing'}.")


def read_rows(member: Member) -> list[list[Any]]:
    """The rows of a member below `rows/`. Raises BackupRefused."""
    try:
        return [json.loads(line) for line in gzip.decompress(member.checked()).split(b"\n")]
    except (OSError, EOFError, ValueError) as error:
        raise BackupRefused(f"{member.name} is damaged in this backup.") from error
