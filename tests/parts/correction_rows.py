"""Corrections written straight into the tables, as they stand once their clips are rendered."""

from __future__ import annotations

from typing import Any

from tts_service.db.session import new_id
from tts_service.db.tables import ClipRevisionRow, ClipRow, CorrectionClipRow, CorrectionRow, UtteranceRow
from tts_service.parts import Parts

CHANGE = {
    "block": 1,
    "start": 0,
    "end": 28,
    "text": "The bridge opened on Monday.",
    "before": "the bridge opened on mon day",
    "after": "the bridge opened on /ˈmʌndeɪ/",
}


def corrected(parts: Parts, *clips: str, **values: Any) -> str:
    """A correction that is heard in these clips' second revisions. Returns its id."""
    correction_id = new_id("cor")
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        entry = {"graphemes": ["Monday"], "language": "en", "ipa": "ˈmʌndeɪ", "alias": None}
        row = {
            "kind": "lexicon",
            "site": "gazette",
            "language": "en",
            "entry_id": "lex_1",
            "after": entry,
            "why": "The newsroom says it like this.",
            "who": "staff:stf_secret",
            "state": "done",
            "sentences": len(clips),
            "clips": len(clips),
            "created_ms": now,
            "done_ms": now,
        }
        session.add(CorrectionRow(id=correction_id, **row | values))
        session.flush()
        for clip_id in clips:
            _revise(session, clip_id)
            session.add(
                CorrectionClipRow(
                    correction_id=correction_id,
                    clip_id=clip_id,
                    from_revision=1,
                    to_revision=2,
                    state="taken_back" if values.get("taken_back_ms") else "done",
                    reason="",
                    changes=[CHANGE],
                    updated_ms=now,
                )
            )
    return correction_id


def _revise(session: Any, clip_id: str) -> None:
    """A second revision like the first, if there is none."""
    if session.get(ClipRevisionRow, (clip_id, 2)) is not None:
        return
    for row in (
        session.get_one(ClipRevisionRow, (clip_id, 1)),
        *session.query(UtteranceRow).filter_by(clip_id=clip_id, revision=1),
    ):
        values = {column.key: getattr(row, column.key) for column in type(row).__table__.columns}
        session.add(type(row)(**values | {"revision": 2}))
    session.get_one(ClipRow, clip_id).current_revision = 2
