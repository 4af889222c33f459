"""Reads rows for display: which clip, which revision, which sentences at which times."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.grants import Subject
from tts_service.audio.captions import CaptionLine, lines_of, timed
from tts_service.db.rows import utterance_of
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow, UtteranceRow
from tts_service.errors import NotFound
from tts_service.jobs.publish import is_kept_back
from tts_service.narration import notice
from tts_service.parts import Parts
from tts_service.provenance.record import Provenance, record_from
from tts_service.values import PUBLIC
from tts_service.values.moments import utc_of
from tts_service.web.doors.grant import Reader, held_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A clip as it is to be shown now."""

    clip: ClipRow
    article: ArticleRow
    revision: ClipRevisionRow | None
    """The newest finished revision, before that the one in the making; None: its text isn't prepared yet."""
    state: str
    """rendering, ready, failed."""
    progress: tuple[int, int | None] | None = None
    """Of a clip in the making: sentences done, and how many there are (None: not known yet)."""

    @property
    def public(self) -> bool:
        """Whether anybody may hear it."""
        return self.article.visibility == PUBLIC

    @property
    def subject(self) -> Subject:
        """What a grant has to open."""
        return Subject(clip_id=self.clip.id, visibility=self.article.visibility)

    @property
    def number(self) -> int:
        """Number of the revision shown."""
        return self.clip.current_revision or self.clip.last_revision

    @property
    def record(self) -> Provenance | None:
        """How the revision shown was made: what every page says of it comes from here. None: it doesn't say."""
        try:
            return record_from(self.revision.provenance or {}) if self.revision else None
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def notice(self) -> str:
        """How it came to be, in one sentence of its own language."""
        return self.notice_in(self.language)

    def notice_in(self, language: str) -> str:
        """The same in another language, for a page."""
        return notice(language, self.record)

    @property
    def title(self) -> str:
        return (self.revision.title if self.revision else self.article.title) or ""

    @property
    def language(self) -> str:
        return self.revision.language if self.revision else "en"


def show(parts: Parts, session: Session, clip_id: str, reader: Reader | None = None) -> Shown:
    """The clip of an id, for this reader; None: for anybody at all.

    Raises NotFound as `present`; GrantNeeded, GrantExpired, GrantRefused for a clip that isn't public."""
    shown = present(parts, session, clip_id)
    if not shown.public:
        held_by(reader, shown.subject)
    return shown


def present(parts: Parts, session: Session, clip_id: str) -> Shown:
    """The clip of an id, whoever may hear it: not to be shown to readers.

    Raises NotFound for an unknown, withdrawn or embargoed one, and for one that staff haven't released."""
    clip = session.get(ClipRow, clip_id)
    article = session.get(ArticleRow, clip.article_id) if clip else None
    if clip is None or article is None:
        raise NotFound(f"There is no clip {clip_id[:64]}.")
    if clip.state == "withdrawn" or article.withdrawn_ms is not None:
        raise NotFound(f"Clip {clip.id} was withdrawn.", state="withdrawn")
    number = clip.current_revision or clip.last_revision
    revision = session.get(ClipRevisionRow, (clip.id, number))
    kept_back = clip.current_revision is None and is_kept_back(session, article, revision)
    if kept_back or (revision is None and _embargoed(parts, session, clip)):
        raise NotFound(f"There is no clip {clip_id[:64]}.")
    state = _state(clip)
    progress = _progress(session, clip) if state == "rendering" else None
    return Shown(clip=clip, article=article, revision=revision, state=state, progress=progress)


def revision_of(
    parts: Parts, session: Session, clip_id: str, number: int | None, reader: Reader | None = None
) -> ClipRevisionRow:
    """A revision by number, or the one shown now. Raises as `show`."""
    shown = show(parts, session, clip_id, reader)
    row = shown.revision if number is None else session.get(ClipRevisionRow, (clip_id, number))
    hidden = row is None or row.state in ("failed", "withdrawn") or is_kept_back(session, shown.article, row)
    if row is None or (hidden and number is not None):
        raise NotFound(f"Clip {clip_id[:64]} has no revision {number or shown.number} yet.")
    return row


def lines_heard(session: Session, revision: ClipRevisionRow) -> list[CaptionLine]:
    """The sentences that have sound, with their times: all of a finished revision, those so far of another."""
    rate_hz = revision.sample_rate_hz
    heard = [
        timed(utterance_of(row), row.start_sample or 0, row.samples or 0, rate_hz, row.words or ())
        for row in _spoken(session, revision)
    ]
    return lines_of([block["text"] for block in revision.blocks], heard)


def _spoken(session: Session, revision: ClipRevisionRow) -> list[UtteranceRow]:
    wanted = select(UtteranceRow).where(
        UtteranceRow.clip_id == revision.clip_id,
        UtteranceRow.revision == revision.revision,
        UtteranceRow.start_sample.is_not(None),
    )
    return list(session.scalars(wanted.order_by(UtteranceRow.position)))


def iso(ms: int) -> str:
    """Milliseconds since 1970 as RFC 3339, UTC."""
    return utc_of(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _state(clip: ClipRow) -> str:
    if clip.current_revision is not None:
        return "ready"
    return "failed" if clip.state == "failed" else "rendering"


def _progress(session: Session, clip: ClipRow) -> tuple[int, int | None] | None:
    row = session.execute(
        select(JobRow.done, JobRow.total).where(JobRow.clip_id == clip.id, JobRow.revision == clip.last_revision)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _embargoed(parts: Parts, session: Session, clip: ClipRow) -> bool:
    """Whether the first job of this clip has not been due yet: its headline is not public."""
    job = session.scalars(
        select(JobRow).where(JobRow.clip_id == clip.id, JobRow.revision == clip.last_revision)
    ).one_or_none()
    if job is None or job.state not in ("queued", "cancelled") or job.slices:
        return False
    return job.due_ms > parts.database.now_ms(session)
