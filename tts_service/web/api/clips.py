"""Descriptions of clips for readers; their audio is in clip_audio.py. Only restricted clips need a grant."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tts_service.corrections.records import clip_corrections
from tts_service.db.pages import at_page, exactly_at
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow
from tts_service.errors import (
    GrantExpired,
    GrantNeeded,
    InputRefused,
    InvalidRequest,
    NotFound,
)
from tts_service.jobs.files import left_out
from tts_service.jobs.versions import language_known, named_articles, same_language, tidy_locale
from tts_service.newsroom.sites import options_for
from tts_service.parts import Parts
from tts_service.public_addresses import about_url, audio_urls, clip_url, feedback_url, listen_url
from tts_service.settings import Settings
from tts_service.values import Rendition, WebAddress
from tts_service.values.web_address import LONGEST_WRITTEN
from tts_service.web.api.clip_audio import manifest_url
from tts_service.web.doors.clip_token import GivenTokens
from tts_service.web.doors.grant import GivenReader, Reader
from tts_service.web.given import ClipId, GivenParts, SiteInQuery
from tts_service.web.reading import Shown, show
from tts_service.web.responses import PUBLIC, READER, problems
from tts_service.web.schemas.clips import ClipList, ClipOut, RenditionOut
from tts_service.web.schemas.corrections import ClipCorrectionOut
from tts_service.web.schemas.jobs import LeftOut, ProgressOut

router = APIRouter(prefix="/v1/clips", tags=["clips"])
# HEAD is answered wherever GET is (doors/head.py).

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
    named = named_articles(site, article) if site and article else None
    found = []
    with parts.database.reading() as session:
        by_id = named is not None and session.scalar(select(ArticleRow.id).where(named).limit(1))
        which = _at(session, url, site) if url and not by_id else named
        if which is None:
            return ClipList(clips=[])
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


def _clip_ids(session: Session, which: ColumnElement[bool], language: str | None) -> list[str]:
    wanted = select(ClipRow.id, ArticleRow).join(ArticleRow, ArticleRow.id == ClipRow.article_id).where(which)
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
    beside = manifest_url(settings, clip_id, revision, made.format) if made.manifest else None
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
