"""What readers get: the clip's description, its audio, captions, marks and text. No key needed."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select
from starlette.responses import RedirectResponse

from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import Conflict, InputRefused, NotFound
from tts_service.parts import Parts
from tts_service.public_addresses import about_url, audio_urls, clip_url, feedback_url, listen_url
from tts_service.pipeline import notice
from tts_service.values import Rendition
from tts_service.web.audio_files import AudioFile, serve
from tts_service.web.given import GivenParts, RevisionNumber
from tts_service.web.live import LiveStream, asked_range
from tts_service.web.reading import Shown, revision_of, show
from tts_service.web.schemas import ClipList, ClipOut, RenditionOut

router = APIRouter(prefix="/v1/clips", tags=["clips"])

AudioFormat = Literal["mp3", "m4a", "opus"]
_NOT_KEPT = {"Cache-Control": "no-store"}
_MAX_FOUND = 20
_PUBLIC_PROVENANCE = ("service", "engine", "voice", "licence", "digital_source_type", "text_sha256", "site", "made_at")


@router.get("")
def find_clips(
    parts: GivenParts,
    site: Annotated[str | None, Query(max_length=64)] = None,
    article: Annotated[str | None, Query(max_length=200)] = None,
    url: Annotated[str | None, Query(max_length=2000)] = None,
) -> ClipList:
    """The clips of an article: by site and article id, or by its address."""
    if not url and not (site and article):
        raise InputRefused("Say which: ?site=…&article=… or ?url=…")
    wanted = select(ClipRow.id).join(ArticleRow, ArticleRow.id == ClipRow.article_id)
    wanted = wanted.where(ArticleRow.url == url) if url else wanted.where(
        ArticleRow.site == site, ArticleRow.external_id == article)  # fmt: skip
    found = []
    with parts.database.reading() as session:
        for clip_id in session.scalars(wanted.order_by(ClipRow.id).limit(_MAX_FOUND)):
            try:
                found.append(_out(parts, show(parts, session, clip_id)))
            except NotFound:
                continue  # withdrawn, or not public yet
    return ClipList(clips=found)


@router.get("/{clip_id}")
def show_clip(clip_id: str, parts: GivenParts) -> ClipOut:
    """A clip: state, duration, addresses, disclosure."""
    with parts.database.reading() as session:
        return _out(parts, show(parts, session, clip_id))


@router.get("/{clip_id}/audio.{audio_format}")
@router.head("/{clip_id}/audio.{audio_format}", include_in_schema=False)
def newest_audio(clip_id: str, audio_format: AudioFormat, parts: GivenParts) -> Response:
    """Redirects to the newest finished revision; before there is one, to live.mp3."""
    with parts.database.reading() as session:
        shown = show(parts, session, clip_id)
    if shown.state == "failed":
        raise NotFound("There is no audio: the rendering failed.")
    below = f"/v1/clips/{clip_id}"
    if shown.state == "ready":
        if shown.revision is not None:
            _rendition(shown.revision, audio_format)
        return RedirectResponse(f"{below}/r/{shown.number}/audio.{audio_format}", 302, headers=_NOT_KEPT)
    if audio_format != "mp3":
        raise Conflict(f"The audio is still being made; until then only {below}/audio.mp3 can be heard.")
    return RedirectResponse(f"{below}/live.mp3?r={shown.number}", 302, headers=_NOT_KEPT)


@router.get("/{clip_id}/live.mp3")
@router.head("/{clip_id}/live.mp3", include_in_schema=False)
def live_audio(
    clip_id: str, request: Request, parts: GivenParts, r: Annotated[int | None, Query(ge=1, le=2**31)] = None
) -> Response:
    """The audio while it is made: grows, the same bytes at the same offset for everybody."""
    with parts.database.reading() as session:
        shown = show(parts, session, clip_id)
        newest = shown.clip.last_revision
        job = session.scalar(select(JobRow.state).where(JobRow.clip_id == clip_id, JobRow.revision == newest))
    rendering = newest if job in ("queued", "running") or shown.clip.current_revision is None else shown.number
    number = r or rendering
    if number > newest:
        raise NotFound(f"Clip {clip_id} has no revision {number}.")
    asked = asked_range(request.headers.get("range")) if request.method == "GET" else None
    return LiveStream(parts, request.app.state.hub, (clip_id, number), asked)


@router.get("/{clip_id}/r/{revision}/audio.{audio_format}")
@router.head("/{clip_id}/r/{revision}/audio.{audio_format}", include_in_schema=False)
def finished_audio(
    clip_id: str, revision: RevisionNumber, audio_format: AudioFormat, request: Request, parts: GivenParts
) -> Response:
    """A finished file: never changes. Ranges, ETag, 304."""
    with parts.database.reading() as session:
        row = revision_of(parts, session, clip_id, revision)
    if row.state != "ready":
        raise NotFound(f"Revision {revision} of clip {clip_id} is not finished.")
    file = AudioFile(
        name=f"clips/{clip_id}/{revision}/audio.{audio_format}",
        rendition=_rendition(row, audio_format),
        ready_ms=row.ready_ms or row.created_ms,
    )
    return serve(parts, file, request.method, request.headers)


def _rendition(row: ClipRevisionRow, audio_format: str) -> Rendition:
    """Raises NotFound, naming the formats there are."""
    made = row.renditions or []
    for kept in made:
        if kept["format"] == audio_format:
            return Rendition(**kept)
    raise NotFound(f"There is no {audio_format} of this clip.", formats=[kept["format"] for kept in made])


def _out(parts: Parts, shown: Shown) -> ClipOut:
    settings, clip_id, row = parts.settings, shown.clip.id, shown.revision
    made = (row.renditions or []) if row else []
    live = shown.clip.last_revision if shown.state == "rendering" else None
    below = f"r/{shown.number}/" if shown.state == "ready" else ""
    formats = [kept["format"] for kept in made] or ["mp3"]
    return ClipOut(
        id=clip_id, state=shown.state, revision=shown.number if row else None, title=shown.title,
        language=row.language if row else None, duration_ms=row.duration_ms if row else None,
        listen_url=listen_url(settings, clip_id), about_url=about_url(settings, clip_id),
        feedback_url=feedback_url(settings, clip_id), audio=audio_urls(settings, clip_id, formats, live),
        captions_url=clip_url(settings, clip_id, f"{below}captions.vtt"),
        marks_url=clip_url(settings, clip_id, f"{below}marks.json"),
        transcript_url=clip_url(settings, clip_id, f"{below}transcript"),
        renditions=[
            RenditionOut(**kept, url=clip_url(settings, clip_id, f"r/{shown.number}/audio.{kept['format']}"))
            for kept in made
        ],
        disclosure=notice(shown.language), voice=_voice(row), provenance=_provenance(row),
    )  # fmt: skip


def _voice(row: ClipRevisionRow | None) -> dict[str, object] | None:
    names = ("id", "engine", "name", "language", "licence", "digital_source_type")
    return {name: row.voice.get(name) for name in names} if row else None


def _provenance(row: ClipRevisionRow | None) -> dict[str, object] | None:
    kept = row.provenance if row else None
    return {name: kept[name] for name in _PUBLIC_PROVENANCE if name in kept} if kept else None
