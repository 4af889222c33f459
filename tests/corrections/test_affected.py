"""The clips that a correction affects are written without ever being in memory together."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.parts.clip_rows import RowArticle, insert_clips, paragraphs
from tts_service.corrections import affected as module
from tts_service.corrections.affected import add_clips, planned_clips
from tts_service.corrections.impact.comparing import AffectedClip, affected_clips
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.db.tables import CorrectionClipRow, CorrectionRow
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme

PROPOSAL = LexiconProposal(
    place=Place.of("gazette"), lexeme=Lexeme(graphemes=("Elmsworth",), language="en", alias="Emsworth")
)
FEW, MANY = 50, 200


def _long(clip: AffectedClip) -> AffectedClip:
    """A clip whose changed sentence is very long."""
    text = clip.blocks[0].text.ljust(20_000, "x")
    block, change = replace(clip.blocks[0], text=text), replace(clip.changes[0], end=len(text))
    return replace(clip, blocks=(block,), changes=(change,))


def _peak(parts: Parts, correction_id: str) -> int:
    """The most memory that it takes to look for the clips and write them."""
    tracemalloc.start()
    with planned_clips(parts, PROPOSAL) as planned, parts.database.writing() as session:
        correction = CorrectionRow(
            id=correction_id,
            kind="lexicon",
            site="gazette",
            language="en",
            entry_id="lex_1",
            why="",
            who="staff:1",
            state="rendering",
            sentences=planned.sentences,
            clips=planned.clips,
            created_ms=1,
        )
        session.add(correction)
        session.flush()
        add_clips(session, correction, planned, state="waiting", now_ms=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    with parts.database.reading() as session:
        mine = CorrectionClipRow.correction_id == correction_id
        count = session.scalar(select(func.count()).select_from(CorrectionClipRow).where(mine))
    assert correction.clips == correction.sentences == count
    return peak


def test_four_times_as_many_clips_need_no_more_memory(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    insert_clips(parts, [RowArticle(external_id=str(n), blocks=paragraphs("Elmsworth.")) for n in range(MANY)])
    found = list(affected_clips(parts, PROPOSAL))
    assert len(found) == MANY
    wanted = 5

    def some(*_asked: object) -> Iterator[AffectedClip]:
        return (_long(clip) for clip in found[:wanted])

    monkeypatch.setattr(module, "affected_clips", some)
    monkeypatch.setattr(module, "_WRITTEN_AT_ONCE", 10)
    _peak(parts, "cor_0")  # what is loaded once
    wanted = FEW
    small = _peak(parts, "cor_1")
    wanted = MANY
    assert _peak(parts, "cor_2") < 1.5 * small
