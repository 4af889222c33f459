"""Accepts a person's recording of a whole article, and takes it back: checked before anything changes.

A worker levels and encodes it (jobs.recorded): long sound would hold up a request, and jobs survive a restart, are
shown to staff and told to publishers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.audio.recording import read_recording
from tts_service.db.holds import are_held
from tts_service.db.session import new_id
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import Conflict, NotFound, RecordingLength, ServiceError
from tts_service.jobs.dispatch import dispatch
from tts_service.jobs.locks import keep_article, lock_clip
from tts_service.jobs.natural_key import natural_key
from tts_service.jobs.publish import held_revision
from tts_service.jobs.revise import RECORDING, Basis, is_recorded, made_by, revise, unfinished_job
from tts_service.jobs.revisions import replace_waiting
from tts_service.jobs.store_owner import require_own_store
from tts_service.parts import Parts

_QUEUE = "breaking"
"""Somebody waits for it."""
UPLOADS = "recordings/"
"""Where the store keeps recordings as they were sent, until their jobs have ended."""
_AT_WORK = ("queued", "running")
_LEAST, _MOST = 0.5, 2.0
"""How much shorter or longer than the synthetic version a recording of the same text can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What is heard of an article before its recording."""

    article: ArticleRow
    clip: ClipRow
    current: int
    source: ClipRevisionRow
    """The newest synthetic revision of the same text: its blocks are the recording's text."""
    made: JobRow
    """The job that made it."""


def accept_recording(parts: Parts, article_id: str, path: Path, *, who: str, any_length: bool = False) -> str:
    """Check a recording of an article and queue the job that publishes it. Returns the job's id.

    `any_length`: whether it may be much shorter or longer than the synthetic version.

    Raises NotFound; Conflict (nothing is heard yet, another version is being made or held); RecordingRefused,
    RecordingLength; StoreUnavailable. Then nothing has changed.
    """
    target_lufs = parts.settings.loudness_lufs
    with parts.database.reading() as session:
        heard = _heard(session, article_id)
        expected_ms = heard.source.duration_ms or 0
    duration_ms = read_recording(path).duration_ms(target_lufs)
    if not any_length and not _LEAST * expected_ms <= duration_ms <= _MOST * expected_ms:
        raise RecordingLength(
            f"The recording lasts {_clock(duration_ms)}, the synthetic version {_clock(expected_ms)}: is it another "
            "article's? If not, say that its length is right.",
            recording_ms=duration_ms,
            expected_ms=expected_ms,
        )
    require_own_store(parts)
    job_id = new_id("job")
    name = upload_name(heard.clip.id, job_id)
    parts.store.put(name, path)
    try:
        with parts.database.writing() as session:
            _queue(parts, session, article_id, job_id, before=heard)
            details = {"duration_ms": duration_ms, "any_length": any_length, "job": job_id}
            deed = Deed(who=who, what="recording.sent", subject=article_id, site=heard.article.site, details=details)
            note(parts.database, session, deed)
    except ServiceError:
        parts.store.delete(name)
        raise
    dispatch(parts)
    return job_id


def take_back_recording(parts: Parts, article_id: str, *, who: str) -> str:
    """Let the synthetic version be heard again that the recording took the place of. Returns the job's id.

    A new revision: with the old one's sentences, or prepared again if pronunciations, policy or repairs have changed.
    What sounds the same isn't spoken again.

    Raises NotFound, Conflict (no recording is heard, another version is being made).
    """
    with parts.database.writing() as session:
        keep_article(session, article_id)
        clip = lock_clip(session, article_id)
        if clip is None or clip.current_revision is None or clip.state == "withdrawn":
            raise NotFound("Nothing is heard of this article.")
        current = clip.current_revision
        recorded = made_by(session, clip.id, current) if is_recorded(session, clip.id, current) else None
        if recorded is None:
            raise Conflict("No recording is heard: there is nothing to take back.")
        source = (recorded.basis or {})["source"]
        made = made_by(session, clip.id, source)
        article, text = _text_of(session, recorded)
        same = made is not None and made.natural_key == _key(parts, article, text, recorded)
        basis = Basis(revision=current, replacements=() if same else None, source=source)
        job_id = revise(
            parts,
            session,
            clip.id,
            basis,
            correction_id=None,
            cause="recording_taken_back",
            queue=_QUEUE,
        )
        # It doesn't come back with the article either, should that be withdrawn and restored.
        session.execute(update(JobRow).where(JobRow.id == recorded.id).values(natural_key=None))
        details = {"revision": current, "job": job_id}
        deed = Deed(who=who, what="recording.taken-back", subject=article_id, site=recorded.site, details=details)
        note(parts.database, session, deed)
    dispatch(parts)
    return job_id


def recording_heard(session: Session, clip: ClipRow, content_hash: str) -> JobRow | None:
    """The job of the recording that is heard now, if it is of this text."""
    if not is_recorded(session, clip.id, clip.current_revision):
        return None
    job = made_by(session, clip.id, clip.current_revision or 0)
    text = session.get(ArticleRevisionRow, job.article_revision_id) if job else None
    newest = clip.current_revision == clip.last_revision
    return job if newest and text is not None and text.content_hash == content_hash else None


def recorded_revisions(session: Session, clip_id: str) -> frozenset[int]:
    """The revisions of a clip that a person reads, those among them that are still made."""
    # Only the cause: a basis can hold the whole text, and listeners ask while the clip is streamed.
    recorded = (JobRow.clip_id == clip_id, JobRow.basis["cause"].as_string() == RECORDING)
    return frozenset(session.scalars(select(JobRow.revision).where(*recorded)))


def upload_name(clip_id: str, job_id: str) -> str:
    """Store name of a recording as it was sent."""
    return f"{UPLOADS}{clip_id}/{job_id}"


def forget_recordings(parts: Parts) -> int:
    """Delete recordings as they were sent whose jobs have ended, however they did. Returns how many. Called by beat.

    None while a backup is made: in its snapshot their jobs may still be waiting. Raises StoreUnavailable.
    """
    sent = {name.rpartition("/")[2]: name for name in parts.store.names(UPLOADS)}
    ended = (JobRow.id.in_(sent), JobRow.state.not_in(_AT_WORK))
    with parts.database.reading() as session:
        if are_held(parts.database, session):
            return 0
        gone = [sent[job_id] for job_id in session.scalars(select(JobRow.id).where(*ended))]
    if gone:
        require_own_store(parts)
    for name in gone:
        parts.store.delete(name)
    return len(gone)


def _heard(session: Session, article_id: str, *, lock: bool = False) -> _Heard:
    """Raises NotFound, Conflict."""
    if lock:
        keep_article(session, article_id)
        clip = lock_clip(session, article_id)
    else:
        clip = session.scalars(select(ClipRow).where(ClipRow.article_id == article_id)).one_or_none()
    article = session.get(ArticleRow, article_id)
    if article is None or clip is None:
        raise NotFound("This article has no clip.")
    if article.withdrawn_ms is not None or clip.state == "withdrawn":
        raise Conflict("The article is withdrawn: restore it first.")
    if held_revision(session, clip.id) is not None:
        raise Conflict("A new version waits for its release: release it first, so that the recording follows its text.")
    if (other := unfinished_job(session, clip.id)) is not None:
        raise Conflict("Another version is being made: wait until it has ended.", job=other.id)
    if clip.current_revision is None:
        raise Conflict("The article has no finished version: its text has to be read once before it is replaced.")
    number = clip.current_revision
    made = made_by(session, clip.id, number)
    if made is not None and is_recorded(session, clip.id, number):
        number = int((made.basis or {})["source"])
        made = made_by(session, clip.id, number)
    source = session.get(ClipRevisionRow, (clip.id, number))
    if source is None or made is None:
        raise Conflict(f"Revision {number} of this article wasn't made by a job: send the article again first.")
    return _Heard(article=article, clip=clip, current=clip.current_revision, source=source, made=made)


def _queue(parts: Parts, session: Session, article_id: str, job_id: str, *, before: _Heard) -> None:
    """The job, unless something changed since the recording was checked. Raises as `_heard`."""
    heard = _heard(session, article_id, lock=True)
    if heard.current != before.current:
        raise Conflict("Another version was published meanwhile: send the recording again if it is still right.")
    key = _key(parts, *_text_of(session, heard.made), heard.made)
    now = parts.database.now_ms(session)
    replace_waiting(session, heard.clip.id, now)
    heard.clip.last_revision += 1
    session.add(
        JobRow(
            id=job_id,
            site=heard.article.site,
            article_id=heard.article.id,
            article_revision_id=heard.made.article_revision_id,
            clip_id=heard.clip.id,
            revision=heard.clip.last_revision,
            live_key=key,
            natural_key=key,
            basis={"cause": RECORDING, "revision": heard.current, "source": heard.source.revision},
            voice=heard.made.voice,
            formats=heard.made.formats,
            queue=_QUEUE,
            state="queued",
            due_ms=now,
            callback_url=heard.made.callback_url,
            created_ms=now,
        )
    )
    session.flush()


def _text_of(session: Session, job: JobRow) -> tuple[ArticleRow, ArticleRevisionRow]:
    article = session.get_one(ArticleRow, job.article_id)
    return article, session.get_one(ArticleRevisionRow, job.article_revision_id)


def _key(parts: Parts, article: ArticleRow, text: ArticleRevisionRow, job: JobRow) -> str:
    """The natural key of the text as it would be spoken now."""
    return natural_key(
        parts,
        site=article.site,
        external_id=article.external_id,
        content_hash=text.content_hash,
        voice=job.voice,
        formats=job.formats.split(","),
    )


def _clock(ms: int) -> str:
    minutes, seconds = divmod(round(ms / 1000), 60)
    return f"{minutes}:{seconds:02}"
