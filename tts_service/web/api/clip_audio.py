"""Audio files of clips: the newest, one of a revision, what is being rendered now, and the manifest of each."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse

from tts_service.db.tables import ClipRevisionRow, JobRow
from tts_service.errors import (
    Conflict,
    InvalidRequest,
    NotFound,
    StoreUnavailable,
)
from tts_service.jobs.publish import is_kept_back
from tts_service.jobs.recordings import recorded_revisions
from tts_service.parts import Parts
from tts_service.public_addresses import clip_url
from tts_service.settings import Settings
from tts_service.values import Rendition
from tts_service.web.doors.grant import GivenReader, Reader
from tts_service.web.given import ClipId, GivenParts, RevisionNumber
from tts_service.web.reading import Shown, revision_of, show
from tts_service.web.responses import READER, Responses, binary, problems, reply
from tts_service.web.schemas.fields import Maybe, OrUsual
from tts_service.web.sound.files import AudioFile, serve
from tts_service.web.sound.following import LiveRevision
from tts_service.web.sound.live import LiveStream, asked_range

router = APIRouter(prefix="/v1/clips", tags=["clips"])
# Sound has routes of its own for HEAD: there a HEAD has no range.


AudioFormat = Annotated[
    Literal["mp3", "m4a", "opus", "wav"], Path(description="One of the clip's audio formats", examples=["mp3"])
]
_NOT_KEPT = {"Cache-Control": "no-store"}
_MANIFEST_MEDIA_TYPE = "application/c2pa"
_AUDIO = ("audio/mpeg", "audio/mp4", "audio/ogg")
_TAGGED = {
    "ETag": "SHA-256 of the file",
    "Last_Modified": "When the file was finished",
    "Cache_Control": "How long the file can be cached",
}
_PART = {"Content_Range": "The range of bytes returned, and the size of the whole file"}
_NO_BYTES: Responses = {416: reply("The requested range is not available.", **_PART)}
_FINISHED: Responses = {
    200: reply(
        "The whole file.",
        binary(*_AUDIO),
        Accept_Ranges="`bytes`",
        Content_Length="Size of the file in bytes",
        **_TAGGED,
    ),
    206: reply("The requested range.", binary(*_AUDIO, "multipart/byteranges"), **_PART, **_TAGGED),
    302: reply("The same file at the CDN or the store.", Location="Address of the file"),
    304: reply("Your copy is current.", **_TAGGED),
    412: reply("The file is not the one in `If-Match`.", **_TAGGED),
}
_LIVE: Responses = {
    200: reply(
        "The audio from its beginning. The response ends when rendering ends.",
        binary("audio/mpeg"),
        Content_Location="Address with the revision's number",
    ),
    206: reply("The requested range, as far as it exists.", binary("audio/mpeg"), **_PART),
    302: reply("The finished file of a revision that a person reads.", Location="Its address"),
}
_TO_AUDIO: Responses = {302: reply("The current address of the audio.", Location="live.mp3 or a finished revision")}
_MANIFEST: Responses = {200: reply("The manifest.", binary(_MANIFEST_MEDIA_TYPE))}


@router.get(
    "/{clip_id}/audio.{audio_format}",
    status_code=302,
    response_class=RedirectResponse,
    responses=_TO_AUDIO | problems(*READER, Conflict, InvalidRequest, NotFound),
)
def newest_audio(clip_id: ClipId, audio_format: AudioFormat, parts: GivenParts, reader: GivenReader) -> Response:
    """Redirect to the newest finished revision, or to live.mp3 until there is one."""
    with parts.database.reading() as session:
        shown = show(parts, session, clip_id, reader)
    if shown.state == "failed":
        raise NotFound("There is no audio: the job failed.")
    below = f"/v1/clips/{clip_id}"
    if shown.state == "ready":
        if shown.revision is not None:
            _rendition(shown.revision, audio_format)
        below += f"/r/{shown.number}"
        return RedirectResponse(f"{below}/audio.{audio_format}{reader.query('?')}", 302, headers=_NOT_KEPT)
    if audio_format != "mp3":
        address = clip_url(parts.settings, clip_id, "audio.mp3")
        raise Conflict(f"The audio is still being made; until then, play {address}.")
    return RedirectResponse(f"{below}/live.mp3?r={shown.number}{reader.query('&')}", 302, headers=_NOT_KEPT)


@router.get(
    "/{clip_id}/live.mp3",
    response_class=Response,
    responses=_LIVE | _NO_BYTES | problems(*READER, InvalidRequest, NotFound, StoreUnavailable),
)
@router.head("/{clip_id}/live.mp3", include_in_schema=False)
def live_audio(
    clip_id: ClipId,
    request: Request,
    parts: GivenParts,
    reader: GivenReader,
    r: Annotated[
        Maybe[Annotated[int, Field(ge=1, le=2**31, examples=[1])]],
        Query(
            description="Number of the revision. Default: the one that is being made, otherwise the newest finished one"
        ),
    ] = None,
) -> Response:
    """Stream the audio while it is being made. Every listener gets the same bytes at the same offset."""
    with parts.database.reading() as session:
        shown = show(parts, session, clip_id, reader)
        newest = shown.clip.last_revision
        job = session.scalar(select(JobRow.state).where(JobRow.clip_id == clip_id, JobRow.revision == newest))
        recorded = recorded_revisions(session, clip_id)
        if newest in recorded and shown.clip.current_revision is not None:
            job = None  # nothing of it is heard before it is finished
        rendering = newest if job in ("queued", "running") or shown.clip.current_revision is None else shown.number
        if r is None and rendering != shown.number and _kept_back(session, shown, rendering):
            rendering = shown.number
        number = r or rendering
        row = session.get(ClipRevisionRow, (clip_id, number))
        kept_back = _kept_back(session, shown, number)
    if number > newest or kept_back or (row is not None and row.state == "withdrawn"):
        raise NotFound(f"Clip {clip_id} has no revision {number}.")
    if number in recorded or (row is not None and _live_is_gone(parts, row)):
        if row is None or not row.renditions:
            raise NotFound(f"Revision {number} of clip {clip_id} is not finished.")
        return RedirectResponse(f"/v1/clips/{clip_id}/r/{number}/audio.mp3{reader.query('?')}", 302, headers=_NOT_KEPT)
    asked = asked_range(request.headers.get("range")) if request.method == "GET" else None
    return LiveStream(parts, request.app.state.hub, LiveRevision(clip_id, number), asked)


def _live_is_gone(parts: Parts, row: ClipRevisionRow) -> bool:
    """Whether a revision has no live audio any more: it was pruned, deleted by hand, or isn't part of a backup."""
    if not row.live_kept or not row.renditions:
        return not row.live_kept
    return parts.store.size(f"live/{row.clip_id}/{row.revision}/head") is None


def _kept_back(session: Session, shown: Shown, number: int) -> bool:
    return is_kept_back(session, shown.article, session.get(ClipRevisionRow, (shown.clip.id, number)))


# Before the audio's own routes, GET and HEAD, which would take "opus.c2pa" for a format.
@router.get(
    "/{clip_id}/r/{revision}/audio.{audio_format}.c2pa",
    response_class=Response,
    responses=_MANIFEST | problems(*READER, InvalidRequest, NotFound, StoreUnavailable),
)
@router.head("/{clip_id}/r/{revision}/audio.{audio_format}.c2pa", include_in_schema=False)
def audio_manifest(
    clip_id: ClipId, revision: RevisionNumber, audio_format: AudioFormat, parts: GivenParts, reader: GivenReader
) -> Response:
    """Get the C2PA manifest of a finished file whose format can't embed one."""
    file = _finished(parts, clip_id, revision, audio_format, reader)
    if not file.rendition.manifest:
        raise NotFound(f"The manifest of audio.{audio_format} is in the file itself.")
    kept = {"Cache-Control": file.kept}
    return Response(parts.store.get(f"{file.name}.c2pa"), media_type=_MANIFEST_MEDIA_TYPE, headers=kept)


@router.get(
    "/{clip_id}/r/{revision}/audio.{audio_format}",
    response_class=Response,
    responses=_FINISHED | _NO_BYTES | problems(*READER, InvalidRequest, NotFound, StoreUnavailable),
)
@router.head("/{clip_id}/r/{revision}/audio.{audio_format}", include_in_schema=False)
def finished_audio(
    clip_id: ClipId,
    revision: RevisionNumber,
    audio_format: AudioFormat,
    request: Request,
    parts: GivenParts,
    reader: GivenReader,
    download: Annotated[
        bool,
        OrUsual(False),
        Query(
            description="Whether browsers save the file instead of playing it, also from a link on another site's page"
        ),
    ] = False,
) -> Response:
    """Get a finished file, which never changes. Supports ranges and conditional requests.

    The header `Content-Disposition` has a file name made from the article's title. `Link` points to the C2PA manifest
    if the format can't embed one.
    """
    file = replace(_finished(parts, clip_id, revision, audio_format, reader), download=download)
    answer = serve(parts, file, request.method, request.headers)
    if file.rendition.manifest:
        beside = manifest_url(parts.settings, clip_id, revision, audio_format)
        answer.headers["Link"] = f'<{beside}>; rel="c2pa-manifest"'
    return answer


def _finished(parts: Parts, clip_id: str, revision: int, audio_format: str, reader: Reader) -> AudioFile:
    """Raises NotFound: no such revision, not finished, not in this format; GrantNeeded."""
    with parts.database.reading() as session:
        row = revision_of(parts, session, clip_id, revision, reader)
    if row.state != "ready":
        raise NotFound(f"Revision {revision} of clip {clip_id} is not finished.")
    rendition = _rendition(row, audio_format)
    name = f"clips/{clip_id}/{revision}/{rendition.file_name}"
    return AudioFile(
        name=name,
        rendition=rendition,
        ready_ms=row.ready_ms or row.created_ms,
        public=not reader.token,
        title=row.title or "",
    )


def manifest_url(settings: Settings, clip_id: str, revision: int, audio_format: str) -> str:
    return clip_url(settings, clip_id, f"r/{revision}/audio.{audio_format}.c2pa")


def _rendition(row: ClipRevisionRow, audio_format: str) -> Rendition:
    """Raises NotFound, naming the formats there are."""
    made = row.renditions or []
    for kept in made:
        if kept["format"] == audio_format:
            return Rendition(**kept)
    raise NotFound(f"This clip has no {audio_format} file.", formats=[kept["format"] for kept in made])
