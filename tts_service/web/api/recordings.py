"""A person's recording of a whole article: sent, and taken back."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from tts_service.access.keys import Caller
from tts_service.db.tables import ArticleRow
from tts_service.errors import (
    Conflict,
    DiskFull,
    InvalidRequest,
    NotFound,
    RecordingLength,
    RecordingRefused,
    RevisionOvertaken,
    StoreUnavailable,
)
from tts_service.jobs.recordings import accept_recording, take_back_recording
from tts_service.parts import Parts
from tts_service.web.auth import MayReport
from tts_service.web.given import GivenParts, SiteInPath
from tts_service.web.responses import ANY_BODY, KEYED, binary, body, problems
from tts_service.web.schemas.clips import RecordingOut
from tts_service.web.schemas.fields import ExternalId, OrUsual

router = APIRouter(prefix="/v1/articles", tags=["clips"])

_Article = Annotated[ExternalId, Path(description="The article's id in the CMS, in which slashes need no encoding")]
_SOUND = binary("audio/wav", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/flac")


@router.post(
    "/{site}/{external_id:path}/recording",
    status_code=202,
    responses=problems(
        *KEYED,
        *ANY_BODY,
        Conflict,
        InvalidRequest,
        NotFound,
        RecordingLength,
        RecordingRefused,
        StoreUnavailable,
        DiskFull,
    ),
    openapi_extra=body(_SOUND),
)
async def send_recording(
    request: Request,
    site: SiteInPath,
    external_id: _Article,
    caller: MayReport,
    parts: GivenParts,
    any_length: Annotated[
        bool,
        OrUsual(False),
        Query(description="Whether the recording may be much shorter or longer than the synthetic version"),
    ] = False,
) -> RecordingOut:
    """Publish a person's recording of an article in place of the synthetic version.

    Send the sound file as the body: WAV, MP3, M4A, Ogg (Opus, Vorbis) or FLAC, at most 300 MB and 2 hours. It is
    checked at once (decodable, not silent, about as long as the synthetic version); then a job levels, encodes and
    signs it. The clip has no captions, and its marks have no sentences.
    """
    article_id = await run_in_threadpool(_article_id, parts, caller, site, external_id)
    with tempfile.TemporaryDirectory(prefix="tts-recording-") as folder:
        path = FilePath(folder) / "sent"
        with path.open("wb") as file:
            async for piece in request.stream():
                file.write(piece)
        job_id = await run_in_threadpool(
            accept_recording, parts, article_id, path, who=caller.who, any_length=any_length
        )
    return RecordingOut(job_id=job_id)


@router.post(
    "/{site}/{external_id:path}/recording/take-back",
    status_code=202,
    responses=problems(*KEYED, Conflict, InvalidRequest, NotFound, RevisionOvertaken),
)
def take_recording_back(site: SiteInPath, external_id: _Article, caller: MayReport, parts: GivenParts) -> RecordingOut:
    """Take a recording back: a job publishes the synthetic version again. 409 if no recording is heard."""
    article_id = _article_id(parts, caller, site, external_id)
    return RecordingOut(job_id=take_back_recording(parts, article_id, who=caller.who))


def _article_id(parts: Parts, caller: Caller, site: str, external_id: str) -> str:
    """Raises NotAllowed, NotFound."""
    caller.require_site(site)
    mine = (ArticleRow.site == site, ArticleRow.external_id == external_id)
    with parts.database.reading() as session:
        found = session.scalar(select(ArticleRow.id).where(*mine))
    if found is None:
        raise NotFound(f"The site {site} has no article {external_id[:64]}.")
    return found
