"""The audio store on obstore: a folder or an S3-compatible bucket, selected by one URL (TTS_STORE_URL)."""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.exceptions import NotFoundError as NoSuchObject
from obstore.store import LocalStore, S3Store

from tts_service.errors import DiskFull, NotFound, StoreUnavailable
from tts_service.settings import Settings
from tts_service.storage.base import ClipStore, StoredObject

PIECE_BYTES = 256 * 1024
_MEDIA_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "c2pa": "application/c2pa",
}
_NO_SPACE = re.compile(
    rf"os error {errno.ENOSPC}\b|No space left|QuotaExceeded|XMinioStorageFull|\b507 Insufficient Storage",
    re.IGNORECASE,
)
_STAGED = re.compile(r"#[0-9]+$")
"""How obstore names a file in a folder until it is complete. It neither lists nor deletes such names."""
_NO_FOLDER = "Unable to create dir"
_NO_CONDITIONS = re.compile(r"\b501 Not Implemented\b|<Code>NotImplemented</Code>")

log = logging.getLogger(__name__)

_PART_BYTES = 5 * 1024 * 1024
"""Part size of uploads: one part of 5 MiB (S3's minimum) in memory at a time instead of obstore's twelve."""


_LASTING = ("clips/", "recordings/", "installation")
"""Objects that rows refer to: in a folder they are on disk before `put` returns. Segments and live pieces aren't waited
for: a segment that is lost in a power cut is spoken again, and each wait costs as much as a commit."""


class ObjectStore:
    """A ClipStore on obstore. Writes are atomic: obstore stages and renames."""

    def __init__(self, store: Any, prefix: str = "", folder: Path | None = None) -> None:
        """`folder`: where the objects are files; None: in a bucket."""
        self._store = store
        self._prefix = prefix
        self._folder = folder
        self._conditional = True
        """Whether the server supports "write only if absent"; some answer 501."""

    def put(self, name: str, data: bytes | Path) -> None:
        with _translated(name):
            self._write(name, data, attributes=self._attributes(name), chunk_size=_PART_BYTES, max_concurrency=1)

    def put_new(self, name: str, data: bytes) -> bool:
        """Stores the data unless the name exists. Returns False if it does.

        Without server support this checks before writing. If two workers write the same name at once, both succeed
        and the later bytes stay. That is safe: these names are content-addressed, and a clip's files are made from the
        bytes in the store.
        """
        if self._conditional:
            try:
                with _translated(name):
                    self._write(name, data, mode="create")
            except AlreadyExistsError:
                return False
            except StoreUnavailable as error:
                if not _NO_CONDITIONS.search(str(error.__cause__)):
                    raise
                log.warning("The store doesn't take conditional writes; names are looked up before they are written.")
                self._conditional = False
            else:
                return True
        if self.size(name) is not None:
            return False
        self.put(name, data)
        return True

    def get(self, name: str) -> bytes:
        with _translated(name):
            return bytes(obstore.get(self._store, self._prefix + name).bytes())

    def read_range(self, name: str, start: int, end: int) -> Iterator[bytes]:
        for first in range(start, end, PIECE_BYTES):
            last = min(first + PIECE_BYTES, end)
            with _translated(name):
                piece = bytes(obstore.get_range(self._store, self._prefix + name, start=first, end=last))
            yield piece

    def size(self, name: str) -> int | None:
        try:
            with _translated(name):
                return int(obstore.head(self._store, self._prefix + name)["size"])
        except NotFound:
            return None

    def delete(self, name: str) -> None:
        try:
            with _translated(name):
                obstore.delete(self._store, self._prefix + name)
        except NotFound:
            return

    def names(self, prefix: str) -> Iterator[str]:
        return (one.name for one in self.objects(prefix))

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        with _translated(prefix):
            for batch in obstore.list(self._store, self._prefix + prefix):
                for entry in batch:
                    yield StoredObject(
                        name=entry["path"].removeprefix(self._prefix),
                        bytes=entry["size"],
                        written_ms=int(entry["last_modified"].timestamp() * 1000),
                    )

    def remove_staged(self, before_ms: int, *, only_list: bool = False) -> list[StoredObject]:
        found = list[StoredObject]()
        if self._folder is None:
            return found
        for folder, _, files in os.walk(self._folder):
            for path in (Path(folder, name) for name in files if _STAGED.search(name)):
                with suppress(NotFound), _translated(str(path)):  # it may be completed at this moment
                    known = path.stat()
                    written_ms = int(known.st_mtime * 1000)
                    if written_ms >= before_ms:
                        continue
                    if not only_list:
                        path.unlink()
                    name = str(path.relative_to(self._folder))
                    found.append(StoredObject(name=name, bytes=known.st_size, written_ms=written_ms))
        return found

    def signed_url(self, name: str, seconds: int) -> str | None:
        """A URL that allows anonymous GET for so many seconds; None for a folder."""
        if not isinstance(self._store, S3Store):
            return None
        return str(obstore.sign(self._store, "GET", self._prefix + name, timedelta(seconds=seconds)))

    def _write(self, name: str, data: bytes | Path, **options: Any) -> None:
        try:
            obstore.put(self._store, self._prefix + name, data, **options)
        except BaseError as error:
            if _NO_FOLDER not in str(error):
                raise
            # Another process deleted the last object beside it, and with it the folder, just when this one used it.
            obstore.put(self._store, self._prefix + name, data, **options)
        if self._folder is not None and name.startswith(_LASTING):
            _sync(self._folder, name)

    def _attributes(self, name: str) -> Any:
        """Headers that a bucket serves with the object; a folder stores none."""
        media_type = _MEDIA_TYPES.get(name.rpartition(".")[2])
        if media_type is None or not isinstance(self._store, S3Store):
            return None
        return {"Content-Type": media_type, "Cache-Control": "public, max-age=31536000, immutable"}


def open_store(settings: Settings) -> ClipStore:
    """The store from the settings. An unreachable server is detected within about 5 s per operation."""
    address = urlsplit(settings.store)
    if address.scheme == "file":
        with _translated(settings.store):
            folder = _folder(settings)
            # Folders go with their last object: a clip has several, which would stay for ever.
            return ObjectStore(LocalStore(folder, mkdir=True, automatic_cleanup=True), folder=folder)
    if address.scheme != "s3":
        raise StoreUnavailable(f"TTS_STORE_URL must be file:///… or s3://…, not {settings.store!r}.")
    prefix = address.path.strip("/")
    options: dict[str, Any] = {"region": settings.s3_region}
    if settings.s3_endpoint:
        options["endpoint"] = settings.s3_endpoint
    if settings.s3_access_key_id:
        options |= {
            "access_key_id": settings.s3_access_key_id,
            "secret_access_key": settings.s3_secret_access_key,
        }
    store = S3Store(
        address.netloc,
        client_options={
            "allow_http": settings.s3_endpoint.startswith("http://"),
            "timeout": timedelta(seconds=10),
            "connect_timeout": timedelta(seconds=2),
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=4)},
        **options,
    )
    return ObjectStore(store, f"{prefix}/" if prefix else "")


def free_mb(settings: Settings) -> int | None:
    """Free disk space of the embedded store in MB; None if the store is a bucket."""
    address = urlsplit(settings.store)
    if address.scheme != "file":
        return None
    folder = _folder(settings)
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 1_000_000


def _folder(settings: Settings) -> Path:
    # Not the parsed URL: a folder name may contain "#", "?" or "%".
    return Path(settings.store.removeprefix("file://"))


def _sync(root: Path, name: str) -> None:
    """Flushes a file to disk, and its name in each folder above it."""
    path = root / name
    for one in (path, *path.parents[: len(Path(name).parts)]):
        opened = os.open(one, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except AlreadyExistsError:
        raise
    except (NoSuchObject, FileNotFoundError) as error:
        raise NotFound(f"The store has no {name}.") from error
    except (BaseError, OSError) as error:
        text = str(error).splitlines()[0][:300]
        if _NO_SPACE.search(str(error)):
            raise DiskFull(f"No space left for {name}: {text}") from error
        raise StoreUnavailable(f"The store doesn't respond for {name}: {text}") from error
