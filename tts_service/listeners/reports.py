"""Listeners' reports, pinned to the revision, sentence and word they draft."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tts_service.access.audit import SERVICE, Deed
from tts_service.access.audit import note as note_deed
from tts_service.callbacks.news import report_received, report_resolved
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, ReportRow, UtteranceRow
from tts_service.errors import InputRefused, NotFound, ReportKeyReused
from tts_service.jobs.publish import is_kept_back
from tts_service.parts import Parts

CATEGORIES = ("pronunciation", "number", "missing", "extra", "sound", "other")
STATES = ("new", "confirmed", "corrected", "rejected")
RESOLVED = ("corrected", "rejected")
MAX_COMMENT = 1000
MAX_EMAIL = 200
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDraft:
    """What a listener says they draft."""

    clip_id: str
    category: str
    position_ms: int = 0
    """Place in the clip."""
    revision: int | None = None
    """The revision that was heard; None: the newest."""
    token: int | None = None
    """Index of the word in the sentence's tokens; None: somewhere in the sentence."""
    comment: str = ""
    email: str | None = None
    sender: str | None = None
    """Keyed hash of the sender's address (access.daily), never the address."""
    player: str | None = None
    """Version of the player it was sent from."""
    locale: str | None = None
    """Language of the page it was sent from; None: unknown."""
    sent_key: str | None = None
    """Random key from the sender: if it is sent again, it is the same report."""


def received_before(parts: Parts, draft: ReportDraft) -> str | None:
    """Reference of the report that came with the same `sent_key`; None: there is none. Raises ReportKeyReused."""
    with parts.database.reading() as session:
        return _kept_before(session, draft)


def receive(parts: Parts, draft: ReportDraft) -> str:
    """Store a report once and return its reference. Raises NotFound (clip, revision), InputRefused, ReportKeyReused."""
    _check(draft)
    try:
        return _keep(parts, draft)
    except IntegrityError:  # the same report came twice at once: now the other one can be found
        return _keep(parts, draft)


def _keep(parts: Parts, draft: ReportDraft) -> str:
    """Raises IntegrityError when two come with one key at once."""
    with parts.database.writing() as session:
        before = _kept_before(session, draft)
        if before is not None:
            return before
        clip, article = _clip(session, draft.clip_id)
        revision = _revision(session, clip, article, draft.revision)
        said = sentence_at(session, revision, draft.position_ms)
        if draft.token is not None and (said is None or draft.token >= len(said.tokens)):
            raise InputRefused(f"The sentence at {draft.position_ms} ms has no word {draft.token}.")
        now = parts.database.now_ms(session)
        reference = _new_reference(session)
        report = ReportRow(
            id=reference,
            site=article.site,
            clip_id=clip.id,
            revision=revision.revision,
            position_ms=draft.position_ms,
            utterance=said.position if said else None,
            token=draft.token,
            sentence=sentence_of(revision, said) if said else "",
            language=said.language if said else None,
            written=_written(revision, said, draft.token) if said else "",
            locale=draft.locale,
            voice=(said and said.voice) or revision.voice["id"],
            category=draft.category,
            comment=draft.comment.strip(),
            email=draft.email,
            sender=draft.sender,
            player=draft.player,
            sent_key=draft.sent_key,
            state="new",
            note="",
            created_ms=now,
            updated_ms=now,
        )
        session.add(report)
        session.flush()
        report_received(parts, session, report)
    return reference


def sentence_at(session: Session, revision: ClipRevisionRow, position_ms: int) -> UtteranceRow | None:
    """The sentence heard at a place: the last one that had begun (a pause belongs to what was said before it).

    Before the first sentence: the first. None while nothing is spoken.
    """
    sample = position_ms * revision.sample_rate_hz // 1000
    mine = select(UtteranceRow).where(
        UtteranceRow.clip_id == revision.clip_id,
        UtteranceRow.revision == revision.revision,
        UtteranceRow.start_sample.is_not(None),
    )
    begun = mine.where(UtteranceRow.start_sample <= sample).order_by(UtteranceRow.start_sample.desc()).limit(1)
    first = mine.order_by(UtteranceRow.start_sample).limit(1)
    return session.scalars(begun).one_or_none() or session.scalars(first).one_or_none()


def change_report(
    parts: Parts,
    reference: str,
    state: str | None = None,
    note: str | None = None,
    revision: int | None = None,
    *,
    who: str = SERVICE,
) -> ReportRow:
    """Set state and note of a report; None leaves one as it is. `revision`: of a corrected one, the clip revision
    that says it right; None: the newest, if it is newer than what was reported. Raises NotFound, InputRefused."""
    if state is not None and state not in STATES:
        raise InputRefused(f"A report's state must be one of {', '.join(STATES)}, not {state[:40]!r}.")
    with parts.database.writing() as session:
        row = find_report(session, reference)
        row.note = note.strip()[:MAX_COMMENT] if note is not None else row.note
        if revision is not None or state is not None:
            settled = (state or row.state) == "corrected"
            row.corrected_revision = _correcting(session, row, revision) if settled else None
        row.updated_ms = parts.database.now_ms(session)
        if state is not None:
            set_state(parts, session, row, state)
        details = {"state": row.state}
        deed = Deed(who=who, what="report.changed", subject=row.id, site=row.site, details=details)
        note_deed(parts.database, session, deed)
    return row


def set_state(parts: Parts, session: Session, row: ReportRow, state: str) -> None:
    """Set a report's state in a transaction; the publisher is told when that settles it. What belongs to the new state
    (the note, the corrected revision) must be set before."""
    resolved = state in RESOLVED and state != row.state
    row.state, row.updated_ms = state, parts.database.now_ms(session)
    if state not in RESOLVED:
        row.settled_ms = None
    elif resolved:
        row.settled_ms = row.updated_ms
        report_resolved(parts, session, row)


def find_report(session: Session, reference: str) -> ReportRow:
    """The report of a reference, forgiving the letters people mistake (O for 0, I and L for 1). Raises NotFound."""
    row = session.get(ReportRow, f"R-{reference.strip().upper().removeprefix('R-').translate(_MISREAD)}")
    if row is None:
        raise NotFound(f"There is no report {reference[:40]}.")
    return row


def _correcting(session: Session, row: ReportRow, wanted: int | None) -> int | None:
    """The revision that corrects a report; None: it isn't there yet. Raises InputRefused for one that can't be it."""
    if wanted is None:
        current = session.get_one(ClipRow, row.clip_id).current_revision
        return row.corrected_revision or (current if current and current > row.revision else None)
    if wanted <= row.revision or session.get(ClipRevisionRow, (row.clip_id, wanted)) is None:
        raise InputRefused(f"Clip {row.clip_id} has no revision {wanted} after {row.revision}.")
    return wanted


def _kept_before(session: Session, draft: ReportDraft) -> str | None:
    if draft.sent_key is None:
        return None
    row = session.scalars(select(ReportRow).where(ReportRow.sent_key == draft.sent_key)).one_or_none()
    if row is None:
        return None
    same = (row.clip_id, row.category, row.position_ms, row.token) == (
        draft.clip_id,
        draft.category,
        draft.position_ms,
        draft.token,
    )
    # An erased comment is nobody's: whatever comes is taken for it.
    if not same or row.comment not in ("", draft.comment.strip()):
        raise ReportKeyReused("Another report was sent with this sent_key: create a new one for each report.")
    return row.id


def _check(draft: ReportDraft) -> None:
    if draft.category not in CATEGORIES:
        raise InputRefused(f"The category must be one of {', '.join(CATEGORIES)}.")
    if len(draft.comment) > MAX_COMMENT:
        raise InputRefused(f"A comment can have at most {MAX_COMMENT} characters.")
    if draft.email is not None and len(draft.email) > MAX_EMAIL:
        raise InputRefused(f"An e-mail address can have at most {MAX_EMAIL} characters.")


def sentence_of(revision: ClipRevisionRow, said: UtteranceRow) -> str:
    """A sentence as it is written in its revision."""
    text: str = revision.blocks[said.block]["text"][said.start : said.end]
    return text


def _written(revision: ClipRevisionRow, said: UtteranceRow, token: int | None) -> str:
    if token is None:
        return ""
    text: str = revision.blocks[said.block]["text"]
    return text[said.tokens[token]["start"] : said.tokens[token]["end"]]


def _clip(session: Session, clip_id: str) -> tuple[ClipRow, ArticleRow]:
    clip = session.get(ClipRow, clip_id)
    if clip is None:
        raise NotFound(f"There is no clip {clip_id[:64]}.")
    return clip, session.get_one(ArticleRow, clip.article_id)


def _revision(session: Session, clip: ClipRow, article: ArticleRow, number: int | None) -> ClipRevisionRow:
    """Only one that listeners may hear: the report's page shows its sentence."""
    wanted = number or clip.current_revision or clip.last_revision
    row = session.get(ClipRevisionRow, (clip.id, wanted))
    if row is None or row.state == "withdrawn" or is_kept_back(session, article, row):
        raise NotFound(f"Clip {clip.id} has no revision {wanted}.")
    return row


def _new_reference(session: Session) -> str:
    while True:
        chance = "".join(secrets.choice(_CROCKFORD) for _ in range(8))
        reference = f"R-{chance[:4]}-{chance[4:]}"
        if session.get(ReportRow, reference) is None:
            return reference
