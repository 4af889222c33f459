"""Jobs that make a new revision of a clip from an earlier one: some sentences replaced, all others as they were.

The text isn't prepared again: what was read and skipped stays, and each sentence that isn't replaced keeps its segment.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.rows import utterance_from
from tts_service.db.session import new_id
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, ClipRow, JobRow, JsonDict
from tts_service.errors import Conflict, NotFound, RevisionOvertaken
from tts_service.jobs.locks import lock_article_of
from tts_service.jobs.natural_key import natural_key
from tts_service.jobs.revisions import replace_waiting
from tts_service.parts import Parts
from tts_service.values import Utterance

RECORDING = "recording"
"""Cause of the revisions that a person reads."""
Cause = Literal["correction", "taken_back", "recording_taken_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A stretch of a block, and what is said for it from now on."""

    block: int
    start: int
    """First character in the block's text."""
    end: int
    """One past the last character."""
    utterances: tuple[Utterance, ...]
    """Their `voice` is the one that their block asks for: voices are assigned as when a text is prepared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a revision is made from."""

    revision: int
    """The clip's current revision: if it isn't that any more when the job begins, the job is superseded."""
    replacements: tuple[Replacement, ...] | None
    """None: the whole text is prepared again."""
    lexicon_version: str = ""
    """As of the planning of the replacements."""
    source: int | None = None
    """The revision whose sentences are copied, where it isn't the current one: that of a recording has none."""

    def as_json(self) -> JsonDict:
        return asdict(self)


def basis_from(kept: JsonDict) -> Basis:
    """A job's basis from its row."""
    made = kept["replacements"]
    return Basis(
        revision=kept["revision"],
        replacements=None if made is None else tuple(map(_replacement_from, made)),
        lexicon_version=kept["lexicon_version"],
        source=kept.get("source"),
    )


def _replacement_from(kept: dict[str, Any]) -> Replacement:
    return Replacement(**{**kept, "utterances": tuple(map(utterance_from, kept["utterances"]))})


def revise(
    parts: Parts,
    session: Session,
    clip_id: str,
    basis: Basis,
    *,
    correction_id: str | None,
    cause: Cause,
    queue: str,
    complete: bool = True,
) -> str:
    """Queue a job that makes a new revision from the clip's current one. Returns its id; the caller dispatches it.

    What lexicon and policy say must be committed before. `complete`: whether the revision says everything as its text
    would be said if it came now. Only then does the job answer for the text, when it is sent again or its clip comes
    back.

    Raises NotFound, RevisionOvertaken (there is another revision, or the clip is withdrawn), Conflict (another job is
    at work on the clip).
    """
    lock_article_of(session, clip_id)
    locked = select(ClipRow).where(ClipRow.id == clip_id).with_for_update(key_share=True)
    clip = session.scalars(locked).one_or_none()
    if clip is None:
        raise NotFound(f"There is no clip {clip_id}.")
    if clip.state == "withdrawn" or clip.current_revision != basis.revision:
        raise RevisionOvertaken(f"Revision {basis.revision} of clip {clip_id} isn't heard any more.")
    if (other := unfinished_job(session, clip_id)) is not None:
        raise Conflict(f"Job {other.id} is rendering clip {clip_id}: wait until it has ended.", job=other.id)
    source = basis.revision if basis.source is None else basis.source
    if is_recorded(session, clip_id, source):
        raise RevisionOvertaken(f"Revision {source} of clip {clip_id} is read by a person: it has no sentences.")
    made = made_by(session, clip_id, source)
    if made is None:
        raise NotFound(f"Revision {source} of clip {clip_id} wasn't made by a job.")
    article = session.get_one(ArticleRow, clip.article_id)
    text = session.get_one(ArticleRevisionRow, made.article_revision_id)
    key = natural_key(
        parts,
        site=article.site,
        external_id=article.external_id,
        content_hash=text.content_hash,
        voice=made.voice,
        formats=made.formats.split(","),
    )
    now = parts.database.now_ms(session)
    replace_waiting(session, clip_id, now)
    clip.last_revision += 1
    job = JobRow(
        id=new_id("job"),
        site=article.site,
        article_id=article.id,
        article_revision_id=text.id,
        clip_id=clip_id,
        revision=clip.last_revision,
        live_key=key if complete else None,
        natural_key=key if complete else None,
        basis={**basis.as_json(), "cause": cause},
        correction_id=correction_id,
        voice=made.voice,
        formats=made.formats,
        queue=queue,
        state="queued",
        due_ms=now,
        callback_url=made.callback_url,
        created_ms=now,
    )
    session.add(job)
    session.flush()
    return job.id


def is_recorded(session: Session, clip_id: str, revision: int | None) -> bool:
    """Whether a person reads a revision."""
    mine = (ClipRevisionRow.clip_id == clip_id, ClipRevisionRow.revision == revision)
    return session.scalar(select(ClipRevisionRow.cause).where(*mine)) == RECORDING


def made_by(session: Session, clip_id: str, revision: int) -> JobRow | None:
    """The job that made a revision."""
    mine = (JobRow.clip_id == clip_id, JobRow.revision == revision)
    return session.scalars(select(JobRow).where(*mine).limit(1)).one_or_none()


def unfinished_job(session: Session, clip_id: str) -> JobRow | None:
    """The newest job that is still to make a revision of a clip; None: there is none."""
    mine = (JobRow.clip_id == clip_id, JobRow.state.in_(("queued", "running")))
    return session.scalars(select(JobRow).where(*mine).order_by(JobRow.revision.desc()).limit(1)).one_or_none()
