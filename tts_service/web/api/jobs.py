"""Jobs: send an article, follow its job, cancel it, withdraw the article."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterable
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleRow, ClipRevisionRow, JobRow
from tts_service.errors import (
    AddressRefused,
    Conflict,
    EmptyArticle,
    FormatNotKnown,
    IdempotencyKeyMalformed,
    IdempotencyKeyReused,
    InputRefused,
    InvalidRequest,
    LanguageNotSpoken,
    MarkupRefused,
    NotFound,
    QuotaExceeded,
    RequestInFlight,
    SiteClosed,
    TooManyFollowers,
    VoiceNotFound,
)
from tts_service.jobs.control import cancel, withdraw
from tts_service.jobs.files import left_out
from tts_service.jobs.idempotency import Keep, Once, StoredAnswer, answer_once, read_key
from tts_service.jobs.submit import Submitted, submit
from tts_service.parts import Parts
from tts_service.public_addresses import audio_urls, clip_url, listen_url
from tts_service.values.web_address import shown_address
from tts_service.web.auth import Caller, MayReadJobs, MayWriteJobs
from tts_service.web.given import GivenParts
from tts_service.web.reading import iso
from tts_service.web.responses import JSON_BODY, KEYED, Responses, problems, reply
from tts_service.web.schemas.fields import Maybe
from tts_service.web.schemas.jobs import (
    JobArticle,
    JobClip,
    JobEvent,
    JobList,
    JobOut,
    JobRequest,
    LeftOut,
    ProgressOut,
)
from tts_service.web.schemas.paging import PageQuery
from tts_service.web.shared_poll import GivenStreamPlace, SharedPoll

router = APIRouter(prefix="/v1", tags=["jobs"])

ENDED = ("succeeded", "failed", "cancelled", "superseded")
EVENT_POLL_S = 0.25
EVENTS_FOR_S = 900
"""A stream of events ends after so long; an EventSource connects again by itself."""
RECONNECT_MS = 2000
REPLAYED = "Idempotency-Replayed"
JobState = Literal["queued", "running", "succeeded", "failed", "cancelled", "superseded"]


_WITH_ARTICLE = (
    select(JobRow, ArticleRow, ClipRevisionRow.files)
    .join(ArticleRow, ArticleRow.id == JobRow.article_id)
    .outerjoin(
        ClipRevisionRow, and_(ClipRevisionRow.clip_id == JobRow.clip_id, ClipRevisionRow.revision == JobRow.revision)
    )
)
"""Jobs as they are answered: their article, and what became of the formats."""


class JobFilter(PageQuery):
    """Filters for a list of jobs."""

    site: str | None = Field(None, max_length=64, description="The site's name", examples=["gazette"])
    state: Maybe[JobState] = Field(None, description="Only jobs in this state")


async def _given_key(
    request: Request,
    _documented: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description=(
                'A string of 1 to 255 visible ASCII characters, new for each article state, such as `"8e03978e-40d5"`. '
                "The same request with the same key within 24 hours gets the same response and creates no second job."
            ),
            examples=["8e03978e-40d5-43dd-bc93-6894a57f9324"],
        ),
    ] = None,
) -> str | None:
    # A dependency: of a header that was sent twice, FastAPI would return only one. Asynchronous as parts_of is.
    return read_key(request.headers.getlist("Idempotency-Key"))


_HERE_ALREADY: Responses = {
    200: reply(
        "The earlier job: text, voice and settings are the same.",
        Location="Address of the job",
        Idempotency_Replayed="`true` if this is the first request's response",
    )
    | {"model": JobOut}
}
_KEY_ERRORS = (Conflict, IdempotencyKeyMalformed, IdempotencyKeyReused, RequestInFlight)
_ARTICLE_ERRORS = (
    EmptyArticle,
    FormatNotKnown,
    InputRefused,
    LanguageNotSpoken,
    MarkupRefused,
    QuotaExceeded,
    VoiceNotFound,
)
GivenKey = Annotated[str | None, Depends(_given_key)]
JobId = Annotated[str, Path(description="The job's id", examples=["job_019b4c5e77f17a42"])]


@router.post(
    "/jobs",
    status_code=202,
    response_model=JobOut,
    response_model_exclude_unset=True,
    responses=_HERE_ALREADY | problems(*KEYED, *JSON_BODY, *_KEY_ERRORS, *_ARTICLE_ERRORS, AddressRefused, SiteClosed),
)
def create_job(
    wanted: JobRequest, caller: MayWriteJobs, parts: GivenParts, key: GivenKey, request: Request
) -> Response:
    """Send an article to be rendered. 202: a new job; 200: the earlier job, if text, voice and settings are the same.

    With an `Idempotency-Key`, a repeated request gets the first one's response, with `Idempotency-Replayed: true`. 409
    while the first request is still being processed; 422 if the key was used for a different request.
    """
    caller.require_site(wanted.article.site)
    if key is None:
        answer, replayed = _taken(parts, wanted, None), False
    else:
        once = Once(database=parts.database, api_key=caller.key_id, key=key, request_sha256=_fingerprint(wanted))
        answer, replayed = answer_once(once, request.app.state.in_flight, lambda keep: _taken(parts, wanted, keep))
    headers = answer.headers | ({REPLAYED: "true"} if replayed else {})
    return Response(answer.body, status_code=answer.status, headers=headers, media_type="application/json")


def _taken(parts: Parts, wanted: JobRequest, keep: Keep | None) -> StoredAnswer:
    """Submit and answer; `keep` is called with the answer in the same transaction."""
    answers: list[StoredAnswer] = []

    def together(session: Session, submitted: Submitted) -> None:
        job = session.get_one(JobRow, submitted.job_id)
        files = None if submitted.created else _files(session, job)
        out = _out(parts, job, session.get_one(ArticleRow, job.article_id), files)
        out = out.model_copy(update={"dropped_characters": wanted.dropped_characters})
        answers.append(
            StoredAnswer(
                status=202 if submitted.created else 200,
                headers={"Location": f"/v1/jobs/{job.id}"},
                body=out.model_dump_json(exclude_unset=True),
            )
        )
        if keep is not None:
            keep(session, answers[-1], job.id)

    submit(parts, wanted.to_article(), wanted.to_wish(), together=together)
    return answers[-1]


def _fingerprint(wanted: JobRequest) -> str:
    """Hash of the request: method, path, and the body whatever its white space and order of members."""
    said = json.dumps(wanted.model_dump(mode="json", exclude_unset=True), sort_keys=True)
    return hashlib.sha256(f"POST /v1/jobs\n{said}".encode()).hexdigest()


@router.get("/jobs", response_model_exclude_unset=True, responses=problems(*KEYED, InputRefused, InvalidRequest))
def list_jobs(caller: MayReadJobs, parts: GivenParts, wanted: Annotated[JobFilter, Query()]) -> JobList:
    """List jobs, newest first."""
    site = wanted.site or caller.site
    if site is not None:
        caller.require_site(site)
    query = _WITH_ARTICLE
    query = query.where(JobRow.site == site) if site else query
    query = query.where(JobRow.state == wanted.state) if wanted.state else query
    below = wanted.place()
    query = query.where(JobRow.id < below) if below else query  # ids sort by time
    with parts.database.reading() as session:
        rows = session.execute(query.order_by(JobRow.id.desc()).limit(wanted.limit + 1)).all()
    jobs = [_out(parts, *row) for row in rows[: wanted.limit]]
    return JobList(jobs=jobs, next=wanted.cursor_after(jobs[-1].id) if len(rows) > wanted.limit else None)


@router.get("/jobs/{job_id}", response_model_exclude_unset=True, responses=problems(*KEYED, NotFound))
def show_job(job_id: JobId, caller: MayReadJobs, parts: GivenParts) -> JobOut:
    """Show a job: its state, progress and error."""
    return _job(parts, job_id, caller)


@router.delete("/jobs/{job_id}", response_model_exclude_unset=True, responses=problems(*KEYED, Conflict, NotFound))
def cancel_job(job_id: JobId, caller: MayWriteJobs, parts: GivenParts) -> JobOut:
    """Cancel a job. 409 if it has already ended."""
    _job(parts, job_id, caller)  # raises NotFound for another site's
    cancel(parts, job_id, who=caller.who)
    return _job(parts, job_id, caller)


@router.delete("/articles/{site}/{external_id:path}", status_code=204, responses=problems(*KEYED, NotFound))
def withdraw_article(
    site: Annotated[str, Path(description="The site's name", examples=["gazette"])],
    external_id: Annotated[
        str, Path(description="The article's id in the CMS, in which slashes need no encoding", examples=["42"])
    ],
    caller: MayWriteJobs,
    parts: GivenParts,
) -> None:
    """Withdraw an article. Its clip goes offline at once."""
    caller.require_site(site)
    withdraw(parts, site, external_id, who=caller.who)


def _visible_job(job_id: JobId, caller: MayReadJobs, parts: GivenParts) -> JobOut:
    # A dependency, so that an unknown job is a 404 and not a stream of nothing.
    return _job(parts, job_id, caller)


VisibleJob = Annotated[JobOut, Depends(_visible_job)]


@router.get(
    "/jobs/{job_id}/events",
    response_class=EventSourceResponse,
    responses={
        200: {"model": JobEvent, "description": "Server-sent events, each with the job as its data."},
        **problems(*KEYED, NotFound, TooManyFollowers),
    },
)
async def stream_job_events(
    job: VisibleJob, parts: GivenParts, place: GivenStreamPlace
) -> AsyncIterable[ServerSentEvent]:
    """Stream a job's events until it ends.

    `progress` is sent after each change, then one last event named after the final state: `succeeded`, `failed`,
    `cancelled` or `superseded`. A client that reconnects gets the current state first.
    """
    sent: tuple[str, str | None, int, int | None] | None = None
    seen = number = 0
    until_s = asyncio.get_running_loop().time() + EVENTS_FOR_S
    look = partial(_look_again, parts, job.id)
    poll: SharedPoll[JobOut | None] = place.follow(("job", job.id), look, EVENT_POLL_S, job)
    while await poll.wait_past(seen, until_s):
        seen = poll.number
        if poll.state is None:
            return  # erased: whoever connects again is told
        job = poll.state
        now = (job.state, job.waiting, job.progress.done, job.progress.total)
        if now == sent:
            continue
        sent = now
        number += 1
        name = job.state if job.state in ENDED else "progress"
        yield ServerSentEvent(data=job.model_dump(exclude_unset=True), event=name, id=str(number), retry=RECONNECT_MS)
        if job.state in ENDED:
            return


def _look_again(parts: Parts, job_id: str) -> JobOut | None:
    try:
        return _job(parts, job_id, None)
    except NotFound:
        return None


def _job(parts: Parts, job_id: str, caller: Caller | None) -> JobOut:
    """The job's current state. Raises NotFound, also for a job of a site that the caller has no access to."""
    with parts.database.reading() as session:
        found = session.execute(_WITH_ARTICLE.where(JobRow.id == job_id)).one_or_none()
    if found is None or (caller is not None and not caller.may_touch(found[0].site)):
        raise NotFound(f"There is no job {job_id[:64]}.")
    return _out(parts, *found)


def _files(session: Session, job: JobRow) -> list[Any] | None:
    revision = session.get(ClipRevisionRow, (job.clip_id, job.revision))
    return revision.files if revision else None


def _out(parts: Parts, job: JobRow, article: ArticleRow, files: list[Any] | None) -> JobOut:
    """`files`: what became of the formats of its revision (jobs.files)."""
    settings = parts.settings
    formats = job.formats.split(",")
    lacking = left_out(files)
    absent = {one["format"] for one in lacking}
    audible = [form for form in formats if form not in absent] or ["mp3"]
    live = job.revision if job.state in ("queued", "running") else None
    return JobOut(
        id=job.id,
        state=job.state,
        waiting=job.waiting,
        priority=job.queue,
        progress=ProgressOut(done=job.done, total=job.total),
        article=JobArticle(
            site=article.site, id=article.external_id, title=article.title, url=shown_address(article.url)
        ),
        clip=JobClip(
            id=job.clip_id,
            revision=job.revision,
            listen_url=listen_url(settings, job.clip_id),
            url=clip_url(settings, job.clip_id),
            audio=audio_urls(settings, job.clip_id, audible, live),
        ),
        voice=job.voice,
        formats=formats,
        left_out=[LeftOut(**one) for one in lacking],
        error=job.error,
        not_before=iso(job.due_ms),
        created_at=iso(job.created_ms),
        started_at=iso(job.started_ms) if job.started_ms else None,
        finished_at=iso(job.finished_ms) if job.finished_ms else None,
    )
