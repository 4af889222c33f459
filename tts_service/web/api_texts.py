"""What is shown while a clip plays: captions, marks and transcript of a revision, or of the newest."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Response

from tts_service.audio.captions import Line, marks_json, transcript, webvtt
from tts_service.db.tables import ClipRevisionRow
from tts_service.errors import NotFound
from tts_service.parts import Parts
from tts_service.values import BlockKind
from tts_service.web.document.declare import gives, raises
from tts_service.web.document.kept import CAPTIONS, MARKS, TRANSCRIPT
from tts_service.web.given import GivenParts, RevisionNumber
from tts_service.web.reading import lines_heard, revision_of

router = APIRouter(prefix="/v1/clips/{clip_id}", tags=["clips"])

_FINISHED = "public, max-age=86400"
"""Of a finished revision by number. A day, not for ever: how texts are laid out may be corrected."""


@router.get("/r/{revision}/captions.vtt")
@router.head("/r/{revision}/captions.vtt", include_in_schema=False)
@raises(NotFound)
@gives(CAPTIONS)
def captions_of(clip_id: str, revision: RevisionNumber, parts: GivenParts) -> Response:
    """WebVTT captions of a revision."""
    return _captions(parts, clip_id, revision)


@router.get("/captions.vtt")
@router.head("/captions.vtt", include_in_schema=False)
@raises(NotFound)
@gives(CAPTIONS)
def captions(clip_id: str, parts: GivenParts) -> Response:
    """WebVTT captions of the newest revision; of one in the making, the sentences so far."""
    return _captions(parts, clip_id, None)


@router.get("/r/{revision}/marks.json")
@router.head("/r/{revision}/marks.json", include_in_schema=False)
@raises(NotFound)
@gives(MARKS)
def marks_of_revision(clip_id: str, revision: RevisionNumber, parts: GivenParts) -> Response:
    """Times of every sentence and word of a revision."""
    return _marks(parts, clip_id, revision)


@router.get("/marks.json")
@router.head("/marks.json", include_in_schema=False)
@raises(NotFound)
@gives(MARKS)
def marks(clip_id: str, parts: GivenParts) -> Response:
    """Times of every sentence and word of the newest revision; of one in the making, those so far."""
    return _marks(parts, clip_id, None)


@router.get("/r/{revision}/chapters.json")
@router.head("/r/{revision}/chapters.json", include_in_schema=False)
def chapters_of(clip_id: str, revision: RevisionNumber, parts: GivenParts) -> Response:
    """Where headline and headings of a revision begin, as podcast apps read it (JSON chapters 1.2)."""
    return _chapters_json(parts, clip_id, revision)


@router.get("/chapters.json")
@router.head("/chapters.json", include_in_schema=False)
def chapters(clip_id: str, parts: GivenParts) -> Response:
    """Chapters of the newest revision; of one in the making, those so far."""
    return _chapters_json(parts, clip_id, None)


@router.get("/r/{revision}/transcript")
@router.head("/r/{revision}/transcript", include_in_schema=False)
@raises(NotFound)
@gives(TRANSCRIPT)
def transcript_of(clip_id: str, revision: RevisionNumber, parts: GivenParts) -> Response:
    """What is heard in a revision, as plain text."""
    return _transcript(parts, clip_id, revision)


@router.get("/transcript")
@router.head("/transcript", include_in_schema=False)
@raises(NotFound)
@gives(TRANSCRIPT)
def newest_transcript(clip_id: str, parts: GivenParts) -> Response:
    """What is heard in the newest revision, as plain text."""
    return _transcript(parts, clip_id, None)


def _captions(parts: Parts, clip_id: str, number: int | None) -> Response:
    _, lines, headers = _read(parts, clip_id, number)
    return Response(webvtt(lines), media_type="text/vtt; charset=utf-8", headers=headers)


def _marks(parts: Parts, clip_id: str, number: int | None) -> Response:
    row, lines, headers = _read(parts, clip_id, number)
    marks = marks_json(row.revision, lines, row.duration_ms) | {"chapters": _chapters(row, lines)}
    document = json.dumps(marks, ensure_ascii=False, separators=(",", ":"))
    return Response(document, media_type="application/json", headers=headers)


def _chapters_json(parts: Parts, clip_id: str, number: int | None) -> Response:
    row, lines, headers = _read(parts, clip_id, number)
    found = [{"startTime": begun["start_ms"] / 1000, "title": begun["title"]} for begun in _chapters(row, lines)]
    document = json.dumps({"version": "1.2.0", "chapters": found}, ensure_ascii=False, separators=(",", ":"))
    return Response(document, media_type="application/json+chapters", headers=headers)


def _chapters(row: ClipRevisionRow, lines: list[Line]) -> list[dict[str, Any]]:
    """Where headline and headings begin: [{title, start_ms}]."""
    first: dict[int, int] = {}
    for line in lines:
        first.setdefault(line.block, line.start_ms)
    return [
        {"title": row.blocks[block]["text"], "start_ms": start_ms}
        for block, start_ms in first.items()
        if row.blocks[block]["kind"] in (BlockKind.HEADLINE, BlockKind.HEADING)
    ]


def _transcript(parts: Parts, clip_id: str, number: int | None) -> Response:
    _, lines, headers = _read(parts, clip_id, number)
    return Response(transcript(lines), media_type="text/plain; charset=utf-8", headers=headers)


def _read(parts: Parts, clip_id: str, number: int | None) -> tuple[ClipRevisionRow, list[Line], dict[str, str]]:
    """(revision's row, lines, headers). Raises NotFound."""
    with parts.database.reading() as session:
        row = revision_of(parts, session, clip_id, number)
        lines = lines_heard(session, row)
    kept = _FINISHED if number is not None and row.state == "ready" else "no-store"
    return row, lines, {"Cache-Control": kept}
