"""Captions, marks and transcript of a revision."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Response
from starlette.responses import JSONResponse

from tts_service.audio.captions import CaptionLine, chapter_marks, marks_document, transcript, webvtt
from tts_service.db.tables import ClipRevisionRow
from tts_service.errors import InvalidRequest, NotFound
from tts_service.jobs.revise import RECORDING
from tts_service.parts import Parts
from tts_service.web.doors.grant import GivenReader, Reader
from tts_service.web.given import ClipId, GivenParts, RevisionNumber
from tts_service.web.reading import lines_heard, revision_of
from tts_service.web.responses import READER, Responses, problems, reply, text
from tts_service.web.schemas.texts import Marks, PodcastChapters

router = APIRouter(prefix="/v1/clips/{clip_id}", tags=["clips"], default_response_class=Response)

_FINISHED = "public, max-age=86400"
"""For a finished revision, by number. A day, not forever: the layout of texts may be corrected."""


class ChaptersResponse(JSONResponse):
    """JSON with the media type of podcast chapters."""

    media_type = "application/json+chapters"


_VTT = "WEBVTT\n\n00:00:00.900 --> 00:00:04.120\nThe harbour town of Elmsworth opened\nits new bridge on Monday.\n"
_READ = "New bridge opens\n\nThe harbour town of Elmsworth opened its new bridge on Monday.\n"
_CAPTIONS: Responses = {200: reply("The captions.", text("text/vtt", _VTT))}
_TRANSCRIPT: Responses = {200: reply("The spoken text, one paragraph per block.", text("text/plain", _READ))}
_MARKS: Responses = {200: {"model": Marks, "description": "The times of sentences and words."}}
_CHAPTERS: Responses = {200: {"model": PodcastChapters, "description": "The chapters."}}
_NEWEST = problems(*READER, NotFound)
_BY_NUMBER = problems(*READER, InvalidRequest, NotFound)


@router.get("/r/{revision}/captions.vtt", responses=_CAPTIONS | _BY_NUMBER)
def revision_captions(clip_id: ClipId, revision: RevisionNumber, parts: GivenParts, reader: GivenReader) -> Response:
    """Get the captions of a revision as WebVTT."""
    return _captions(parts, clip_id, revision, reader)


@router.get("/captions.vtt", responses=_CAPTIONS | _NEWEST)
def newest_captions(clip_id: ClipId, parts: GivenParts, reader: GivenReader) -> Response:
    """Get the captions of the newest revision as WebVTT. While it is being made, the sentences so far."""
    return _captions(parts, clip_id, None, reader)


@router.get("/r/{revision}/marks.json", response_class=JSONResponse, responses=_MARKS | _BY_NUMBER)
def revision_marks(clip_id: ClipId, revision: RevisionNumber, parts: GivenParts, reader: GivenReader) -> Response:
    """Get the times of each sentence and word of a revision."""
    return _marks(parts, clip_id, revision, reader)


@router.get("/marks.json", response_class=JSONResponse, responses=_MARKS | _NEWEST)
def newest_marks(clip_id: ClipId, parts: GivenParts, reader: GivenReader) -> Response:
    """Get the times of each sentence and word of the newest revision. While it is being made, those so far."""
    return _marks(parts, clip_id, None, reader)


@router.get("/r/{revision}/chapters.json", response_class=ChaptersResponse, responses=_CHAPTERS | _BY_NUMBER)
def revision_chapters(clip_id: ClipId, revision: RevisionNumber, parts: GivenParts, reader: GivenReader) -> Response:
    """Get the chapters of a revision for podcast apps (JSON chapters 1.2)."""
    return _chapters_json(parts, clip_id, revision, reader)


@router.get("/chapters.json", response_class=ChaptersResponse, responses=_CHAPTERS | _NEWEST)
def newest_chapters(clip_id: ClipId, parts: GivenParts, reader: GivenReader) -> Response:
    """Get the chapters of the newest revision. While it is being made, those so far."""
    return _chapters_json(parts, clip_id, None, reader)


@router.get("/r/{revision}/transcript", responses=_TRANSCRIPT | _BY_NUMBER)
def revision_transcript(clip_id: ClipId, revision: RevisionNumber, parts: GivenParts, reader: GivenReader) -> Response:
    """Get the spoken text of a revision as plain text."""
    return _transcript(parts, clip_id, revision, reader)


@router.get("/transcript", responses=_TRANSCRIPT | _NEWEST)
def newest_transcript(clip_id: ClipId, parts: GivenParts, reader: GivenReader) -> Response:
    """Get the spoken text of the newest revision as plain text."""
    return _transcript(parts, clip_id, None, reader)


def _captions(parts: Parts, clip_id: str, number: int | None, reader: Reader) -> Response:
    row, lines, headers = _read(parts, clip_id, number, reader)
    if row.cause == RECORDING:
        raise NotFound(f"Revision {row.revision} is read by a person: when each sentence sounds is not known.")
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
    return Response(document, media_type=ChaptersResponse.media_type, headers=headers)


def _blocks(row: ClipRevisionRow) -> list[tuple[str, str]]:
    """(kind, text) of every block."""
    return [(block["kind"], block["text"]) for block in row.blocks]


def _transcript(parts: Parts, clip_id: str, number: int | None, reader: Reader) -> Response:
    row, lines, headers = _read(parts, clip_id, number, reader)
    said = block_transcript(row.blocks) if row.cause == RECORDING else transcript(lines)
    return Response(said, media_type="text/plain; charset=utf-8", headers=headers)


def block_transcript(blocks: Iterable[Mapping[str, Any]]) -> str:
    """The text of a revision whose sentences have no times, one paragraph per block."""
    return "\n\n".join(" ".join(block["text"].split()) for block in blocks if block["spoken"]) + "\n"


def _read(
    parts: Parts, clip_id: str, number: int | None, reader: Reader
) -> tuple[ClipRevisionRow, list[CaptionLine], dict[str, str]]:
    """(revision's row, lines, headers); `number` None means the newest. Raises NotFound, GrantNeeded."""
    with parts.database.reading() as session:
        row = revision_of(parts, session, clip_id, number, reader)
        lines = lines_heard(session, row)
    kept = _FINISHED if number is not None and row.state == "ready" and not reader.token else "no-store"
    return row, lines, {"Cache-Control": kept}
