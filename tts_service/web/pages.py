"""The pages readers see: the clip, what is behind it, and what this service is."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from babel.dates import format_datetime
from fastapi import APIRouter, Request, Response

from tts_service import __version__
from tts_service.db.tables import ClipRevisionRow
from tts_service.values import DigitalSourceType
from tts_service.web.given import GivenParts
from tts_service.web.reading import Shown, show
from tts_service.web.templating import page
from tts_service.web.wording import kind_name, reason_in, words_for

router = APIRouter(include_in_schema=False)


@router.get("/")
@router.head("/")
def index(request: Request) -> Response:
    """What this is."""
    return page(request, "index.html", {"version": __version__})


@router.get("/listen/{clip_id}")
@router.head("/listen/{clip_id}")
def listen(request: Request, clip_id: str, parts: GivenParts) -> Response:
    """The clip: headline, audio, disclosure, text."""
    with parts.database.reading() as session:
        shown = show(parts, session, clip_id)
    row = shown.revision
    values = {
        "clip": clip_id, "title": shown.title, "state": shown.state, "revision": shown.number,
        # Pinned when finished: a page that stays open never mixes the bytes of two revisions.
        "below": f"r/{shown.number}/" if shown.state == "ready" else "",
        "prepared": row is not None, "author": row.author if row else None,
        "article_url": row.url if row else None, "minutes": _minutes(row),
        "groups": _groups(row, shown), "audio_lang": shown.language,
    }  # fmt: skip
    return page(request, "listen.html", values, language=shown.language)


@router.get("/about/{clip_id}")
@router.head("/about/{clip_id}")
def about(request: Request, clip_id: str, parts: GivenParts) -> Response:
    """More information: engine, voice, licence, what was skipped and why, when, how errors are fixed."""
    with parts.database.reading() as session:
        shown = show(parts, session, clip_id)
    row = shown.revision
    lang = words_for(shown.language)["lang"]
    values = {
        "clip": clip_id, "title": shown.title, "revision": shown.number,
        "voices": [row.voice, *(row.other_voices or [])] if row else [], "kinds": _kinds(row),
        "made": _moment(row.ready_ms, lang) if row and row.ready_ms else None,
        "skipped": _skipped(row, lang), "spoken": sum(item["spoken"] for item in row.account) if row else 0,
        "characters": sum(item["characters"] for item in row.account) if row else 0,
    }  # fmt: skip
    return page(request, "about.html", values, language=shown.language)


def _kinds(row: ClipRevisionRow | None) -> str:
    """How its voices were made, as the word list names it: trained, rules, or mixed."""
    kinds = {voice["digital_source_type"] for voice in [row.voice, *(row.other_voices or [])]} if row else set()
    if kinds == {DigitalSourceType.TRAINED.value}:
        return "trained"
    return "mixed" if DigitalSourceType.TRAINED.value in kinds else "rules"


def _minutes(row: ClipRevisionRow | None) -> int | None:
    return max(1, round(row.duration_ms / 60_000)) if row and row.duration_ms else None


def _moment(ms: int, lang: str) -> str:
    return format_datetime(datetime.fromtimestamp(ms / 1000, UTC), words_for(lang)["moment"], locale=lang)


def _groups(row: ClipRevisionRow | None, shown: Shown) -> list[dict[str, Any]]:
    """Spoken blocks, items of one list together, without the headline that the page shows anyway."""
    spoken = [block for block in row.blocks if block["spoken"]] if row else []
    if spoken and spoken[0]["kind"] == "headline" and spoken[0]["text"] == shown.title:
        spoken = spoken[1:]
    return [{"kind": kind, "blocks": list(blocks)} for kind, blocks in groupby(spoken, key=lambda block: block["kind"])]


def _skipped(row: ClipRevisionRow | None, lang: str) -> list[dict[str, str]]:
    lines = [item for item in row.account if not item["spoken"]] if row else []
    return [
        {"kind": kind_name(item["kind"], lang), "text": item["text"], "reason": reason_in(item["reason"] or "", lang)}
        for item in lines
    ]
