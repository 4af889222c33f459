"""Prunes clips: earlier revisions with their files and sentences, live pieces, ended jobs, replaced texts.

A revision that nothing needs is marked, and deleted once the mark is older than its site's `keep_audio_days`; whatever
needs it again meanwhile removes the mark. So its time begins when it is replaced, however old it is, and a roll-back
within that time finds its sound.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import delete, func, select, union, update
from sqlalchemy.orm import Session

from tts_service.db.tables import (
    ArticleRevisionRow,
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    HeardSentenceRow,
    HearingRow,
    JobRow,
    UtteranceRow,
)
from tts_service.errors import ServiceError
from tts_service.newsroom.sites import options_in
from tts_service.parts import Parts
from tts_service.retention.doomed import doom
from tts_service.retention.needed import ClipRecord, ClipVerdict, clip_facts, verdict_on
from tts_service.retention.pruned import Pruned
from tts_service.values.site_options import SiteOptions

_KEYS_AT_ONCE = 500
_UNKNOWN = {"synchronize_session": False}
"""Option of changes whose rows no session has loaded."""

log = logging.getLogger(__name__)


def next_clips(parts: Parts, after: str, most: int, site: str | None = None) -> Sequence[str]:
    """Ids of the next clips of a round over all of them, or over those of a site; none: it is at its end."""
    query = select(ClipRow.id).where(ClipRow.id > after).order_by(ClipRow.id).limit(most)
    if site is not None:
        query = query.join(ArticleRow, ArticleRow.id == ClipRow.article_id).where(ArticleRow.site == site)
    with parts.database.reading() as session:
        return session.scalars(query).all()


def prune_clips(
    parts: Parts,
    clip_ids: Sequence[str],
    pruned: Pruned,
    *,
    within_s: float = math.inf,
    weigh_segments: bool = False,
) -> str | None:
    """Prune some clips in the order of their ids, each in a transaction of its own. Returns the id up to which all
    are done; None: they all are. After `within_s` seconds it begins with no other clip.

    `weigh_segments`: count them too, which asks the store about each. Raises StoreUnavailable, only then."""
    until_s = time.monotonic() + within_s
    for clip_id in _to_prune(parts, clip_ids):
        keys = list[str]()
        with _one_alone(clip_id, pruned):
            keys = _prune(parts, clip_id, pruned)
        if weigh_segments:
            pruned.weigh_segments(parts, keys)
        if time.monotonic() >= until_s:
            return clip_id
    return None


def weigh_clips(parts: Parts, clip_ids: Collection[str], pruned: Pruned) -> None:
    """Only count what would go now. Raises StoreUnavailable."""
    for clip_id in _to_prune(parts, clip_ids):
        keys, mine = list[str](), Pruned()
        with _one_alone(clip_id, pruned), parts.database.reading() as session:
            for verdict in _due(parts, session, [clip_id]).values():
                _count(session, clip_id, verdict, mine)
                keys = _unshared(session, clip_id, verdict.gone)
            pruned.merge(mine)
        pruned.weigh_segments(parts, keys)


def _to_prune(parts: Parts, clip_ids: Collection[str]) -> Collection[str]:
    """Those of some clips of which something may go."""
    try:
        with parts.database.reading() as session:
            return _due(parts, session, clip_ids)
    except ServiceError:
        raise
    except Exception:
        log.exception("one of %d clips is faulty: each is looked at alone", len(clip_ids))
        return clip_ids


@contextmanager
def _one_alone(clip_id: str, pruned: Pruned) -> Iterator[None]:
    """A clip whose rows are faulty is logged, and keeps no other clip from being pruned."""
    try:
        yield
    except ServiceError:
        raise
    except Exception:
        log.exception("clip %s can't be pruned", clip_id)
        pruned.failed.add(clip_id)


def _prune(parts: Parts, clip_id: str, pruned: Pruned) -> list[str]:
    """Returns the segments that nothing names any more."""
    with parts.database.writing() as session:
        # From here on nobody queues a job for the clip: what its jobs need is known.
        session.execute(select(ClipRow.id).where(ClipRow.id == clip_id).with_for_update(key_share=True))
        verdict = _due(parts, session, [clip_id]).get(clip_id)
        if verdict is None:
            return []
        mine = Pruned()
        keys = _apply(parts, session, clip_id, verdict, mine)
    pruned.merge(mine)
    return keys


def _due(parts: Parts, session: Session, clip_ids: Collection[str]) -> Mapping[str, ClipVerdict]:
    now, keep = parts.database.now_ms(session), dict[str, SiteOptions]()

    def verdict(clip: ClipRecord) -> ClipVerdict:
        if clip.site not in keep:
            keep[clip.site] = options_in(session, clip.site)
        return verdict_on(clip, keep[clip.site], now)

    found = {clip.id: verdict(clip) for clip in clip_facts(session, clip_ids)}
    return {clip_id: one for clip_id, one in found.items() if not one.empty}


def _apply(parts: Parts, session: Session, clip_id: str, verdict: ClipVerdict, pruned: Pruned) -> list[str]:
    """Returns the segments that nothing names any more."""
    now, database = parts.database.now_ms(session), parts.database
    _mark(session, clip_id, verdict.marked, unneeded_ms=now)
    _mark(session, clip_id, verdict.unmarked, unneeded_ms=None)
    _count(session, clip_id, verdict, pruned)
    keys = _unshared(session, clip_id, verdict.gone)
    _mark(session, clip_id, verdict.without_live, live_kept=False)
    gone = verdict.gone
    if gone:
        for table in (UtteranceRow, ClipRevisionRow, HearingRow):
            session.execute(
                delete(table).where(table.clip_id == clip_id, table.revision.in_(gone)), execution_options=_UNKNOWN
            )
        usual = (HeardSentenceRow.clip_id == clip_id, HeardSentenceRow.case_id.is_(None))
        session.execute(
            delete(HeardSentenceRow).where(*usual, HeardSentenceRow.revision.in_(gone)), execution_options=_UNKNOWN
        )
        heard = (ClipRow.id == clip_id, ClipRow.current_revision.in_(gone))
        session.execute(update(ClipRow).where(*heard).values(current_revision=None), execution_options=_UNKNOWN)
    if verdict.jobs:
        session.execute(delete(JobRow).where(JobRow.id.in_(verdict.jobs)), execution_options=_UNKNOWN)
    if verdict.texts:
        session.execute(
            delete(ArticleRevisionRow).where(ArticleRevisionRow.id.in_(verdict.texts)), execution_options=_UNKNOWN
        )
    folders = [f"{kind}/{clip_id}/{revision}/" for revision in gone for kind in ("clips", "live")]
    doom(database, session, "folder", [*folders, *(f"live/{clip_id}/{number}/" for number in verdict.without_live)])
    doom(database, session, "segment", keys)
    return keys


def _mark(session: Session, clip_id: str, revisions: Collection[int], **values: object) -> None:
    if revisions:
        mine = (ClipRevisionRow.clip_id == clip_id, ClipRevisionRow.revision.in_(revisions))
        session.execute(update(ClipRevisionRow).where(*mine).values(**values), execution_options=_UNKNOWN)


def _unshared(session: Session, clip_id: str, gone: Collection[int]) -> list[str]:
    """The segments that only these revisions of the clip name."""
    row, notice_key, found = UtteranceRow, ClipRevisionRow.notice_key, list[str]()
    mine = (row.clip_id == clip_id) & row.revision.in_(gone)
    keys = session.scalars(select(row.segment_key).where(mine).distinct()).all() if gone else ()
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys[start : start + _KEYS_AT_ONCE]
        others = select(row.segment_key).where(row.segment_key.in_(some), ~mine)
        kept = set(session.scalars(union(others, select(notice_key).where(notice_key.in_(some)))))
        found += [key for key in some if key not in kept]
    return found


def _count(session: Session, clip_id: str, verdict: ClipVerdict, pruned: Pruned) -> None:
    revision, said = ClipRevisionRow, UtteranceRow
    mine = (revision.clip_id == clip_id, revision.revision.in_([*verdict.gone, *verdict.without_live]))
    columns = (revision.revision, revision.renditions, revision.live_kept, revision.live_head_bytes)
    for number, renditions, live_kept, head_bytes in session.execute(select(*columns).where(*mine)):
        rows = (said.clip_id == clip_id, said.revision == number)
        sentences, live = session.execute(select(func.count(), func.sum(said.live_bytes)).where(*rows)).one()
        if live_kept:
            pruned.add("live pieces", sentences, int(live or 0) + head_bytes)
        if number in verdict.gone:
            pruned.add("finished files", len(renditions or ()), sum(one["bytes"] for one in renditions or ()))
            pruned.add("revisions", 1)
            pruned.add("sentences", sentences)
    pruned.add("jobs", len(verdict.jobs))
    pruned.add("texts", len(verdict.texts))
