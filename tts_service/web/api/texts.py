"""Captions, marks and transcript of a revision."""

from __future__ import annotations

import json

from fastapi import APIRouter, Response

from tts_service.audio.captions import CaptionLine, chapter_marks, marks_document, transcript, webvtt
from tts_service.db.tables import ClipRevisionRow
from tts_service.errors import NotFound
from tts_service.parts import Parts
from tts_service.web.document.declare import gives, raises
from tts_service.web.document.kept import CAPTIONS, CHAPTERS, MARKS, TRANSCRIPT
from tts_service.web.doors.grant import GivenReader, Reader
from tts_service.web.given import GivenParts, RevisionNumber
from tts_service.web.reading import lines_heard, revision_of

router = APIRouter(prefix="/v1/clips/{clip_id}", tags=["clips"])

_FINISHED = "public, max-age=86400"
"""Of a finished revision by number. A day, not for ever: how texts are laid out may be corrected."""


@router.get("/r/{revision}/captions.vtt")
@raises(NotFound)
@gives(CAPTIONS)
def captions_of(clip_id: str, revision: RevisionNumber, parts: GivenParts, reader: GivenReader) -> Response:
    """WebVTT captions of a revision."""
    return _captions(parts, clip_id, revision, reader)


@router.get("/captions.vtt")
@raises(NotFound)
@gives(CAPTIONS)
def captions(clip_id: str, parts: GivenParts, reader: GivenReader) -> Response:
    """WebVTT captions of the newest revision; of one in the making, the sentences so far."""
    return _captions(parts, clip_id, None, reader)


@router.get("/r/{revision}/marks.json")
@raises(NotFound)
@gives(MARKS)
def marks_of_revision(clip_id: str, revision: RevisionNumber, parts: GivenParts, reader: GivenReader) -> Response:
    """Times of every sentence and word of a revision."""
    return _marks(parts, clip_id, revision, reader)


@router.get("/marks.json")
@raises(NotFound)
@gives(MARKS)
def marks(clip_id: str, parts: GivenParts, reader: GivenReader) -> Response:
    """Times of every sentence and word of the newest revision; of one in the making, those so far."""
    return _marks(parts, clip_id, None, reader)


@router.get("/r/{revision}/chapters.json")
@raises(NotFound)
@gives(CHAPTERS)
def chapters_of(clip_id: str, revision: RevisionNumber, parts: GivenParts, reader: GivenReader) -> Response:
    """Where headline and headings of a revision begin, as podcast apps read it (JSON chapters 1.2)."""
    return _chapters_json(parts, clip_id, revision, reader)


@router.get("/chapters.json")
@raises(NotFound)
@gives(CHAPTERS)
def chapters(clip_id: str, parts: GivenParts, reader: GivenReader) -> Response:
    """Chapters of the newest revision; of one in the making, those so far."""
    return _chapters_json(parts, clip_id, None, reader)


@router.get("/r/{revision}/transcript")
@raises(NotFound)
@gives(TRANSCRIPT)
def transcript_of(clip_id: str, revision: RevisionNumber, parts: GivenParts, reader: GivenReader) -> Response:
    """What is heard in a revision, as plain text."""
    return _transcript(parts, clip_id, revision, reader)


@router.get("/transcript")
@raises(NotFound)
@gives(TRANSCRIPT)
def newest_transcript(clip_id: str, parts: GivenParts, reader: GivenReader) -> Response:
    """What is heard in the newest revision, as plain text."""
    return _transcript(parts, clip_id, None, reader)


def _captions(parts: Parts, clip_id: str, number: int | None, reader: Reader) -> Response:
    _, lines, headers = _read(parts, clip_id, number, reader)
    return Response(webvtt(lines), media_type="text/vtt; charset=utf-8", headers=headers)


def _marks(parts: Parts, clip_id: str, number: int | None, reader: Reader) -> Response:
    row, lines, headers = _read(parts, clip_id, number, reader)
    document = marks_document(row.revision, lines, row.duration_ms, _blocks(row))
    return Response(document, media_type="application/json", headers=headers)


def _chapters_json(parts: Parts, clip_id: str, number: int | None, reader: Reader) -> Response:
    row, lines, headers = _read(parts, clip_id, number, reader)
    marks = chapter_marks(lines, _blocks(row))
    found = [{"startTime": begun["start_ms"] / 1000, "title": begun["title"]} for begun in marks]
    document = json.dumps({"version": "1.2.0", "chapters": found}, ensure_ascii=False, separators=(",", ":"))
    return Response(document, media_type="application/json+chapters", headers=headers)


def _blocks(row: ClipRevisionRow) -> list[tuple[str, str]]:
    """(kind, text) of every block."""
    return [(block["kind"], block["text"]) for block in row.blocks]


def _transcript(parts: Parts, clip_id: str, number: int | None, reader: Reader) -> Response:
    _, lines, headers = _read(parts, clip_id, number, reader)
    return Response(transcript(lines), media_type="text/plain; charset=utf-8", headers=headers)


def _read(
    parts: Parts, clip_id: str, number: int | None, reader: Reader
) -> tuple[ClipRevisionRow, list[CaptionLine], dict[str, str]]:
    """(revision's row, lines, headers); `number` None: the newest. Raises NotFound, GrantNeeded."""
    with parts.database.reading() as session:
        row = revision_of(parts, session, clip_id, number, reader)
        lines = lines_heard(session, row)
    kept = _FINISHED if number is not None and row.state == "ready" and not reader.token else "no-store"
    return row, lines, {"Cache-Control": kept}
