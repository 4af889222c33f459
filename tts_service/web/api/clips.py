"""Clips for readers: description and audio. Only restricted clips need a grant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse

from tts_service.corrections.records import clip_corrections
from tts_service.db.pages import at_page, exactly_at
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import (
    Conflict,
    GrantExpired,
    GrantNeeded,
    InputRefused,
    InvalidRequest,
    NotFound,
    StoreUnavailable,
)
from tts_service.jobs.files import left_out
from tts_service.jobs.publish import is_kept_back
from tts_service.jobs.recordings import recorded_revisions
from tts_service.jobs.versions import language_known, same_language, tidy_locale
from tts_service.newsroom.sites import options_for
from tts_service.parts import Parts
from tts_service.public_addresses import about_url, audio_urls, clip_url, feedback_url, listen_url
from tts_service.settings import Settings
from tts_service.values import Rendition, WebAddress
from tts_service.values.web_address import LONGEST_WRITTEN
from tts_service.web.doors.clip_token import GivenTokens
from tts_service.web.doors.grant import GivenReader, Reader
from tts_service.web.given import ClipId, GivenParts, RevisionNumber, SiteInQuery
from tts_service.web.reading import Shown, revision_of, show
from tts_service.web.responses import PUBLIC, READER, Responses, binary, problems, reply
from tts_service.web.schemas.clips import ClipList, ClipOut, RenditionOut
from tts_service.web.schemas.corrections import ClipCorrectionOut
from tts_service.web.schemas.fields import Maybe, OrUsual
from tts_service.web.schemas.jobs import LeftOut, ProgressOut
from tts_service.web.sound.files import AudioFile, serve
from tts_service.web.sound.following import LiveRevision
from tts_service.web.sound.live import LiveStream, asked_range

router = APIRouter(prefix="/v1/clips", tags=["clips"])
# HEAD is answered wherever GET is (doors/head.py). Sound has routes of its own for it: there a HEAD has no range.

AudioFormat = Annotated[
    Literal["mp3", "m4a", "opus", "wav"], Path(description="One of the clip's audio formats", examples=["mp3"])
]
_NOT_KEPT = {"Cache-Control": "no-store"}
_MAX_FOUND = 20
_PUBLIC_PROVENANCE = (
    "service",
    "engine",
    "voice",
    "licence",
    "digital_source_type",
    "voices",
    "text_sha256",
    "lexicon_version",
    "policy_version",
    "spoken_notice",
    "site",
    "made_at",
)
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


@router.get("", responses=problems(*PUBLIC, GrantExpired, InputRefused, InvalidRequest))
def find_clips(
    parts: GivenParts,
    tokens: GivenTokens,
    reader: GivenReader,
    site: SiteInQuery = None,
    article: Annotated[
        str | None, Query(max_length=200, description="The article's id in the CMS", examples=["42"])
    ] = None,
    url: Annotated[
        str | None,
        Query(
            max_length=LONGEST_WRITTEN,
            description="The article's address",
            examples=["https://gazette.example.org/new-bridge"],
        ),
    ] = None,
    language: Annotated[
        str | None,
        Query(
            max_length=35, description="Only versions in this language, or whose language isn't known", examples=["en"]
        ),
    ] = None,
) -> ClipList:
    """Find the clips of an article.

    Name the article by site and id, or by its address. Restricted clips are returned only with their grant. The id of a
    document in several languages finds all its versions, unless `language` selects some. With `site`, `article` and
    `url`, the address is used only if the site has no article with this id, because a feed may have found the article
    by its address. An article with this id that is closed counts too: the address is then not used.
    """
    if not url and not (site and article):
        raise InputRefused("Say which clip: ?site=…&article=… or ?url=…")
    named = (ArticleRow.site == site, or_(ArticleRow.external_id == article, ArticleRow.document_id == article))
    found = []
    with parts.database.reading() as session:
        which: tuple[ColumnElement[bool], ...] = named
        by_id = site and article and session.scalar(select(ArticleRow.id).where(*named).limit(1))
        if url and not by_id:
            which = (_at(session, url, site),)
        for clip_id in _clip_ids(session, which, language):
            try:
                shown = show(parts, session, clip_id, reader)
                found.append(_out(parts, session, shown, tokens.issue(clip_id), reader))
            except GrantExpired:
                raise  # so that the holder of the grant renews it
            except (NotFound, GrantNeeded):
                continue  # withdrawn, or not public (yet)
    return ClipList(clips=found)


def _at(session: Session, url: str, site: str | None) -> ColumnElement[bool]:
    """The articles at an address, however it is written."""
    found = session.scalars(select(ArticleRow).where(at_page(session, url, site)).limit(_MAX_FOUND))
    return ArticleRow.id.in_([article.id for article in exactly_at(found, WebAddress.read(url) or url)])


def _clip_ids(session: Session, which: Iterable[ColumnElement[bool]], language: str | None) -> list[str]:
    wanted = select(ClipRow.id, ArticleRow).join(ArticleRow, ArticleRow.id == ClipRow.article_id).where(*which)
    rows = session.execute(wanted.order_by(ClipRow.id).limit(_MAX_FOUND)).all()
    if language is None:
        return [clip_id for clip_id, _ in rows]
    known = [(clip_id, language_known(session, article)) for clip_id, article in rows]
    return [clip_id for clip_id, own in known if own is None or same_language(own, language)]


@router.get("/{clip_id}", responses=problems(*READER, NotFound))
def show_clip(clip_id: ClipId, parts: GivenParts, tokens: GivenTokens, reader: GivenReader) -> ClipOut:
    """Show a clip: its state, duration, files and disclosure."""
    token = tokens.issue(clip_id)
    with parts.database.reading() as session:
        return _out(parts, session, show(parts, session, clip_id, reader), token, reader)


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
        beside = _manifest_url(parts.settings, clip_id, revision, audio_format)
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


def _manifest_url(settings: Settings, clip_id: str, revision: int, audio_format: str) -> str:
    return clip_url(settings, clip_id, f"r/{revision}/audio.{audio_format}.c2pa")


def _rendition(row: ClipRevisionRow, audio_format: str) -> Rendition:
    """Raises NotFound, naming the formats there are."""
    made = row.renditions or []
    for kept in made:
        if kept["format"] == audio_format:
            return Rendition(**kept)
    raise NotFound(f"This clip has no {audio_format} file.", formats=[kept["format"] for kept in made])


def _out(parts: Parts, session: Session, shown: Shown, token: str, reader: Reader) -> ClipOut:
    settings, clip_id, row = parts.settings, shown.clip.id, shown.revision
    made = (row.renditions or []) if row else []
    live = shown.clip.last_revision if shown.state == "rendering" else None
    below = f"r/{shown.number}/" if shown.state == "ready" else ""
    formats = [kept["format"] for kept in made] or ["mp3"]
    return ClipOut(
        id=clip_id,
        state=shown.state,
        revision=shown.number if row else None,
        title=shown.title,
        language=row.language if row else _declared(shown.article),
        duration_ms=row.duration_ms if row else None,
        progress=ProgressOut(done=shown.progress[0], total=shown.progress[1]) if shown.progress else None,
        listen_url=listen_url(settings, clip_id),
        about_url=about_url(settings, clip_id),
        feedback_url=feedback_url(settings, clip_id),
        feedback_token=token,
        audio=audio_urls(settings, clip_id, formats, live),
        captions_url=clip_url(settings, clip_id, f"{below}captions.vtt"),
        marks_url=clip_url(settings, clip_id, f"{below}marks.json"),
        transcript_url=clip_url(settings, clip_id, f"{below}transcript"),
        renditions=[_rendition_out(settings, clip_id, shown.number, Rendition(**kept)) for kept in made],
        left_out=[LeftOut(**one) for one in left_out(row.files)] if row else [],
        disclosure=shown.notice,
        listening=options_for(parts.database, shown.article.site).listening,
        voice=_voice(row),
        provenance=_provenance(row),
        corrections=[ClipCorrectionOut.of(one) for one in clip_corrections(session, clip_id)],
        grant=None if shown.public else reader.renewed(shown.subject),
    )


def _declared(article: ArticleRow) -> str | None:
    """The language of a version whose text isn't prepared yet, so that a player can choose among several."""
    return tidy_locale(article.locale) if article.locale else None


def _rendition_out(settings: Settings, clip_id: str, revision: int, made: Rendition) -> RenditionOut:
    beside = _manifest_url(settings, clip_id, revision, made.format) if made.manifest else None
    return RenditionOut(
        format=made.format,
        media_type=made.media_type,
        bytes=made.bytes,
        sha256=made.sha256,
        manifest_url=beside,
        url=clip_url(settings, clip_id, f"r/{revision}/audio.{made.format}"),
    )


def _voice(row: ClipRevisionRow | None) -> dict[str, object] | None:
    names = ("id", "engine", "name", "language", "licence", "digital_source_type")
    return {name: row.voice.get(name) for name in names} if row else None


def _provenance(row: ClipRevisionRow | None) -> dict[str, object] | None:
    kept = row.provenance if row else None
    return {name: kept[name] for name in _PUBLIC_PROVENANCE if name in kept} if kept else None
