"""What a report is about, with what stands around it in the revision that was heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from tts_service.corrections.cases.reported import Reported, WrittenWord
from tts_service.db.tables import ClipRevisionRow, ReportRow, UtteranceRow
from tts_service.listeners.reports import sentence_of


def reported_of(session: Session, report: ReportRow) -> Reported:
    """What a report is about, with what stands around it in the revision that was heard."""
    revision = session.get(ClipRevisionRow, (report.clip_id, report.revision))
    said = (
        session.get(UtteranceRow, (report.clip_id, report.revision, report.utterance))
        if report.utterance is not None
        else None
    )
    if revision is None or said is None:
        return _alone(report)
    block: str = revision.blocks[said.block]["text"]
    written = [(token, block[token["start"] : token["end"]]) for token in said.tokens]
    return Reported(
        category=report.category,
        comment=report.comment,
        language=report.language or said.language,
        clip_id=report.clip_id,
        sentence=sentence_of(revision, said),
        words=tuple(
            WrittenWord(
                text=word,
                start=token["start"] - said.start,
                end=token["end"] - said.start,
                changed=bool(token["rules"] or token["ipa"]),
                spoken=token["ipa"] or " ".join(token["spoken"]).casefold() if token["rules"] or token["ipa"] else "",
            )
            for token, word in written
        ),
        tapped=report.token,
        block=block,
        skipped=_skipped(revision.blocks, said),
    )


def _alone(report: ReportRow) -> Reported:
    """A report whose revision isn't kept any more."""
    words: tuple[WrittenWord, ...] = ()
    if report.written:
        start = max(0, report.sentence.find(report.written))
        words = (WrittenWord(text=report.written, start=start, end=start + len(report.written)),)
    return Reported(
        category=report.category,
        comment=report.comment,
        language=report.language or "en",
        clip_id=report.clip_id,
        sentence=report.sentence,
        words=words,
        tapped=0 if words else None,
    )


def _skipped(blocks: Sequence[dict[str, Any]], said: UtteranceRow) -> tuple[str, ...]:
    """The skipped blocks directly before the first and behind the last sentence of a block, nearest first."""
    block = blocks[said.block]["text"]
    found: list[tuple[int, str]] = []
    edges = ((not block[: said.start].strip(), -1), (not block[said.end :].strip(), 1))
    for is_edge, step in edges:
        at = said.block + step
        while is_edge and 0 <= at < len(blocks) and not blocks[at]["spoken"]:
            if blocks[at]["text"].strip():
                found.append((abs(at - said.block), blocks[at]["text"]))
            at += step
    return tuple(words for _, words in sorted(found, key=lambda one: one[0]))
