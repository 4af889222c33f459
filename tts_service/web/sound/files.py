"""Finished audio: files that never change, by GET and HEAD, whole or in ranges, from here or from who serves faster.

The ETag is the file's SHA-256, so every replica gives the same one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus

from starlette.responses import RedirectResponse, Response, StreamingResponse

from tts_service.parts import Parts
from tts_service.storage.base import ClipStore
from tts_service.values import Rendition
from tts_service.web.sound.file_name import disposition
from tts_service.web.sound.ranges import parse_range, precondition, wants_range

FOREVER = "public, max-age=31536000, immutable"
PRIVATE = "private, no-store"
SIGNED_S = 900
"""Seconds a signed store address works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFile:
    """A finished file of a clip revision."""

    name: str
    """In the store."""
    rendition: Rendition
    ready_ms: int
    """When it was finished, milliseconds since 1970."""
    public: bool = True
    """False: only from here, where each request's grant is looked at, and kept by nobody on the way."""
    title: str = ""
    """What a listener's copy is called."""
    download: bool = False
    """The listener keeps it: the answer says so, which a link from another site's page needs."""

    @property
    def etag(self) -> str:
        return f'"{self.rendition.sha256}"'

    @property
    def kept(self) -> str:
        """Who may keep it for how long, as Cache-Control says it."""
        return FOREVER if self.public else PRIVATE

    @property
    def modified_s(self) -> int:
        return self.ready_ms // 1000


def serve(parts: Parts, file: AudioFile, method: str, headers: Mapping[str, str]) -> Response:
    """The answer to GET or HEAD of a finished file. Raises NotFound, StoreUnavailable before anything is sent."""
    # A CDN or a bucket gives the file its own name, and opens it in place of the page.
    elsewhere = _elsewhere(parts, file) if file.public and not file.download else None
    if elsewhere is not None:
        return elsewhere
    own = _own_headers(file)
    decided = precondition(headers, file.etag, file.modified_s)
    if decided is not None:
        return Response(status_code=decided, headers=own)
    if parts.settings.accel_redirect:
        # nginx cuts the ranges itself: it gets the whole file's name.
        prefix = parts.settings.accel_redirect.rstrip("/")
        own |= {"X-Accel-Redirect": f"{prefix}/{file.name}", "Content-Type": file.rendition.media_type}
        return Response(headers=own)
    # Range is defined for GET only (RFC 9110, 14.2).
    ranges = None
    if method == "GET" and wants_range(headers, file.etag, file.modified_s):
        ranges = parse_range(headers.get("range"), file.rendition.bytes)
    if method == "HEAD":
        return Response(headers=own | _whole(file))
    return _from_store(parts.store, file, ranges, own)


def _elsewhere(parts: Parts, file: AudioFile) -> Response | None:
    """A redirect to the CDN or the store itself, where the settings ask for one."""
    if parts.settings.audio_base_url:
        address = f"{parts.settings.audio_base_url.rstrip('/')}/{file.name}"
        return RedirectResponse(address, 302, headers={"Cache-Control": "no-store"})
    found = parts.store.signed_url(file.name, SIGNED_S) if parts.settings.signed_store_urls else None
    return RedirectResponse(found, 302, headers={"Cache-Control": "no-store"}) if found else None


def _own_headers(file: AudioFile) -> dict[str, str]:
    return {
        "ETag": file.etag,
        "Last-Modified": formatdate(file.modified_s, usegmt=True),
        "Cache-Control": file.kept,
        "Accept-Ranges": "bytes",
        "Content-Disposition": disposition(file.title, file.rendition.format, download=file.download),
    }


def _whole(file: AudioFile) -> dict[str, str]:
    return {"Content-Length": str(file.rendition.bytes), "Content-Type": file.rendition.media_type}


def _from_store(
    store: ClipStore, file: AudioFile, ranges: list[tuple[int, int]] | None, own: dict[str, str]
) -> Response:
    size = file.rendition.bytes
    if ranges is None:
        return StreamingResponse(_begun(store.read_range(file.name, 0, size)), headers=own | _whole(file))
    if not ranges:
        refused = own | {"Content-Range": f"bytes */{size}", "Cache-Control": "no-store"}
        return Response(status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=refused)
    if len(ranges) == 1:
        start, end = ranges[0]
        own |= {
            "Content-Range": f"bytes {start}-{end - 1}/{size}",
            "Content-Length": str(end - start),
            "Content-Type": file.rendition.media_type,
        }
        return StreamingResponse(_begun(store.read_range(file.name, start, end)), 206, headers=own)
    return _multipart(store, file, ranges, own)


def _multipart(store: ClipStore, file: AudioFile, ranges: list[tuple[int, int]], own: dict[str, str]) -> Response:
    """multipart/byteranges (RFC 9110, 14.6), with its length known beforehand."""
    boundary = secrets.token_hex(16)
    size, media = file.rendition.bytes, file.rendition.media_type
    heads = [
        f"\r\n--{boundary}\r\nContent-Type: {media}\r\nContent-Range: bytes {start}-{end - 1}/{size}\r\n\r\n".encode()
        for start, end in ranges
    ]
    tail = f"\r\n--{boundary}--\r\n".encode()

    def body() -> Iterator[bytes]:
        for head, (start, end) in zip(heads, ranges, strict=True):
            yield head
            yield from store.read_range(file.name, start, end)
        yield tail

    length = sum(len(head) for head in heads) + sum(end - start for start, end in ranges) + len(tail)
    store.size(file.name)  # an absent store is noticed here, not in the middle of the body
    own |= {"Content-Length": str(length), "Content-Type": f"multipart/byteranges; boundary={boundary}"}
    return StreamingResponse(body(), 206, headers=own)


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, the first one already read: what fails at once fails before the answer begins."""
    first = next(pieces, b"")

    def all_of_them() -> Iterator[bytes]:
        yield first
        yield from pieces

    return all_of_them()
