"""The pages readers see: the clip, what is behind it, and what this service is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from gettext import NullTranslations
from itertools import groupby
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.records import ClipCorrection, clip_corrections
from tts_service.db.tables import ClipRevisionRow, SiteRow, UtteranceRow
from tts_service.newsroom.sites import options_in
from tts_service.provenance.record import Provenance
from tts_service.public_addresses import feed_url, listen_url, public_url
from tts_service.values import DigitalSourceType
from tts_service.values.web_address import shown_address
from tts_service.web.doors.grant import GivenReader
from tts_service.web.doors.headers import allow_frames
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_for, moment
from tts_service.web.pages.names import code_name
from tts_service.web.pages.reasons import reason_in
from tts_service.web.pages.templating import page
from tts_service.web.pages.unfurl import as_script, audio_object, open_graph
from tts_service.web.reading import Shown, show

router = APIRouter(include_in_schema=False)


@router.get("/listen/{clip_id}")
def listen(request: Request, clip_id: str, parts: GivenParts, reader: GivenReader) -> Response:
    """The clip: headline, audio, disclosure, text."""
    with parts.database.reading() as session:
        shown = show(parts, session, clip_id, reader)
        spans = _spans(session, shown.revision)
        options = options_in(session, shown.article.site)
    row = shown.revision
    values = player_values(shown) | {
        "download": options.download,
        "author": row.author if row else None,
        "article_url": shown_address(row.url) if row else None,
        "groups": _groups(row, shown, spans),
        "public": shown.public,
        "properties": open_graph(parts.settings, shown),
        "audio_object": as_script(audio_object(parts.settings, shown)),
        "feed": feed_url(parts.settings, shown.article.site) if options.feeds else None,
        "oembed": public_url(parts.settings, f"/oembed?url={quote(listen_url(parts.settings, clip_id), safe='')}"),
    }
    return page(request, "listen.html", values, language=shown.language)


@router.get("/embed/{clip_id}")
def embed(request: Request, clip_id: str, parts: GivenParts, reader: GivenReader) -> Response:
    """The player alone, for frames in pages that allow no script."""
    with parts.database.reading() as session:
        shown = show(parts, session, clip_id, reader)
        site = session.get(SiteRow, shown.article.site)
        options = options_in(session, shown.article.site)
    allow_frames(request, (site.origins if site else None) or ())
    return page(request, "embed.html", player_values(shown) | {"download": options.download}, language=shown.language)


def player_values(shown: Shown, language: str = "") -> dict[str, Any]:
    """What the player's place in a page needs, with and without scripts. `language`: of a page that isn't in the clip's
    own."""
    return {
        "clip": shown.clip.id,
        "title": shown.title,
        "state": shown.state,
        "revision": shown.number,
        # Pinned when finished: a page that stays open never mixes the bytes of two revisions.
        "below": f"r/{shown.number}/" if shown.state == "ready" else "",
        "prepared": shown.revision is not None,
        "minutes": _minutes(shown.revision),
        "audio_lang": shown.language,
        "recorded": shown.record is not None and shown.record.is_recorded,
        "notice": shown.notice_in(language or shown.language),
    }


@router.get("/about/{clip_id}")
def about(request: Request, clip_id: str, parts: GivenParts, reader: GivenReader) -> Response:
    """More information: engine, voice, licence, what was skipped and why, when, how errors are fixed."""
    with parts.database.reading() as session:
        shown = show(parts, session, clip_id, reader)
        counted = options_in(session, shown.article.site).listening
        corrected = clip_corrections(session, clip_id)
    row, record = shown.revision, shown.record
    language = language_for(shown.language)
    values = {
        "clip": clip_id,
        "title": shown.title,
        "revision": shown.number,
        "counted": counted,
        "record": record,
        "kinds": _kinds(record),
        "recorded": record is not None and record.is_recorded,
        "notice": shown.notice,
        "unfinished": shown.state == "rendering",
        "audio_lang": shown.language,
        "made": moment(round(datetime.fromisoformat(record.made_at).timestamp() * 1000), language) if record else None,
        "skipped": skipped_parts(row, catalogue(language)),
        "corrections": [_correction(one, language) for one in corrected],
        "spoken": sum(item["spoken"] for item in row.account) if row else 0,
        "characters": sum(item["characters"] for item in row.account) if row else 0,
    }
    return page(request, "about.html", values, language=shown.language)


def _correction(one: ClipCorrection, language: str) -> dict[str, Any]:
    """A correction for the page, its times in words."""
    return {
        "at": moment(one.at_ms, language),
        "why": one.why,
        "taken_back": moment(one.taken_back_ms, language) if one.taken_back_ms is not None else None,
        "sentences": one.sentences,
    }


def _kinds(record: Provenance | None) -> str:
    """How its voices were made, by the code of their name: trained, rules, mixed, or person."""
    if record is not None and record.is_recorded:
        return "person"
    kinds = {voice.digital_source_type for voice in record.voices} if record else set()
    if kinds == {DigitalSourceType.TRAINED.uri}:
        return "trained"
    return "mixed" if DigitalSourceType.TRAINED.uri in kinds else "rules"


def _minutes(row: ClipRevisionRow | None) -> int | None:
    return max(1, round(row.duration_ms / 60_000)) if row and row.duration_ms else None


Spans = dict[int, list[tuple[int, int]]]
"""Where the sentences of each block are: (start, end) in its text."""


def _spans(session: Session, row: ClipRevisionRow | None) -> Spans:
    found: Spans = {}
    if row is None:
        return found
    wanted = select(UtteranceRow.block, UtteranceRow.start, UtteranceRow.end).where(
        UtteranceRow.clip_id == row.clip_id, UtteranceRow.revision == row.revision
    )
    for block, start, end in session.execute(wanted.order_by(UtteranceRow.position)):
        found.setdefault(block, []).append((start, end))
    return found


def _groups(row: ClipRevisionRow | None, shown: Shown, spans: Spans) -> list[dict[str, Any]]:
    """Spoken blocks, items of one list together, without the headline that the page shows anyway."""
    spoken = [
        block | {"parts": _parts(block["text"], spans.get(number, []))}
        for number, block in enumerate(row.blocks if row else [])
        if block["spoken"]
    ]
    if spoken and spoken[0]["kind"] == "headline" and spoken[0]["text"] == shown.title:
        spoken = spoken[1:]
    return [{"kind": kind, "blocks": list(blocks)} for kind, blocks in groupby(spoken, key=lambda block: block["kind"])]


def _parts(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A block's text cut into (text, whether it is a sentence); nothing of it is lost."""
    parts, at = [], 0
    for start, end in spans:
        if start < at:
            continue  # one sentence in several voices: the first part stands for it
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(part, said) for part, said in [*parts, (text[at:], False)] if part]


def skipped_parts(row: ClipRevisionRow | None, words: NullTranslations) -> list[dict[str, str]]:
    """What of an article is not read, and why."""
    return skipped_lines(row.account if row else (), words)


def skipped_lines(account: Sequence[Mapping[str, Any]], words: NullTranslations) -> list[dict[str, str]]:
    """What of an account's lines is not read, and why."""
    return [
        {
            "kind": code_name(words, "block", item["kind"]),
            "text": item["text"],
            "reason": reason_in(item["reason"] or "", words),
        }
        for item in account
        if not item["spoken"]
    ]
