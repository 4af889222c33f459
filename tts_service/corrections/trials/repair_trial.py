"""Tries the repair of one sentence: how it sounds before and after, and what else of its article changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from tts_service.corrections.impact.whole_text import prepared_now, text_of
from tts_service.corrections.repairs import RepairDraft, SentenceProposal, sentence_draft
from tts_service.corrections.trials.trial import TriedSound, tried_sounds
from tts_service.corrections.work import work_ms
from tts_service.db.rows import utterance_of
from tts_service.db.tables import ClipRevisionRow, UtteranceRow
from tts_service.engines.base import Speaks
from tts_service.engines.pronunciation.ipa_check import SpelledBy
from tts_service.errors import Conflict
from tts_service.narration.prepared import Prepared
from tts_service.narration.speak import key_of
from tts_service.newsroom.lexicon_place import ArticleName
from tts_service.newsroom.repairs import repairs_for
from tts_service.parts import Parts
from tts_service.values import Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairTrial:
    """A sentence before and after a repair."""

    language: str
    before: tuple[TriedSound, ...]
    after: tuple[TriedSound, ...]
    pauses_ms: tuple[int, int]
    """Behind the sentence, before and after."""
    sentences: int
    """How many of the article are spoken otherwise, or followed by another pause."""
    audio_ms: int
    """Of those, as they sound now."""
    work_ms: int
    spelled_by: tuple[SpelledBy, ...]
    """Voices of the language that read the spelling instead of the IPA."""

    @property
    def same(self) -> bool:
        """Whether nothing is heard of the repair."""
        sounds = ([one.segment_key for one in side] for side in (self.before, self.after))
        return next(sounds) == next(sounds) and self.pauses_ms[0] == self.pauses_ms[1]


def try_repair(
    parts: Parts, engine: Speaks, article: ArticleName, clip_id: str, proposal: SentenceProposal
) -> RepairTrial:
    """Speak a sentence as it is and as it would be. Raises as `repair_sentence`, Conflict (the text is prepared
    otherwise today), EngineUnavailable, StoreUnavailable."""
    draft = sentence_draft(parts, clip_id, proposal)
    with parts.database.reading() as session:
        row = session.get_one(ClipRevisionRow, (clip_id, draft.revision))
        made, text = text_of(session, row)
        mine = (UtteranceRow.clip_id == clip_id, UtteranceRow.revision == row.revision)
        stored = session.scalars(select(UtteranceRow).where(*mine).order_by(UtteranceRow.position)).all()
    present = repairs_for(parts.database, article.site, article.external_id)
    repairs = replace(present, sentences=(*present.sentences, *filter(None, [draft.repair])))
    prepared = prepared_now(parts, article, text, made.voice, repairs)
    before = tuple(utterance_of(one) for one in stored if _covers(draft, draft.change["block"], one.block, one))
    after = _after(draft, prepared, row)
    now = Counter((key_of(one, prepared.cast), one.pause_after_ms) for one in prepared.utterances)
    gone = Counter((one.segment_key, one.pause_after_ms) for one in stored) - now
    samples = {one.segment_key: one.samples or 0 for one in stored}
    audio_ms = sum(samples[key] * count for (key, _), count in gone.items()) * 1000 // row.sample_rate_hz
    spoken = {"site": article.site, "language": row.language}
    return RepairTrial(
        language=draft.language,
        before=tried_sounds(parts, engine, before, voice=parts.voices.find(str(row.voice["id"])), **spoken),
        after=tried_sounds(parts, engine, after, voice=prepared.voice, **spoken),
        pauses_ms=(before[-1].pause_after_ms, after[-1].pause_after_ms),
        sentences=gone.total(),
        audio_ms=audio_ms,
        work_ms=work_ms(prepared.voice.id, audio_ms, row.duration_ms or 0),
        spelled_by=draft.spelled_by,
    )


def _after(draft: RepairDraft, prepared: Prepared, row: ClipRevisionRow) -> Sequence[Utterance]:
    """What would be said for the sentence. Raises Conflict."""
    block, text = draft.change["block"], row.blocks[draft.change["block"]]["text"]
    # Where it was, or else where the same text stands since a rule of the site has moved it.
    places = sorted(range(len(prepared.read.blocks)), key=lambda index: abs(index - block))
    place = next((index for index in places if prepared.read.blocks[index].text == text), None)
    said = [one for one in prepared.utterances if place is not None and _covers(draft, place, one.block, one)]
    if not said:
        raise Conflict("Today this sentence isn't read: render the article again first.")
    return said


def _covers(draft: RepairDraft, place: int, block: int, said: Utterance | UtteranceRow) -> bool:
    return block == place and said.start < draft.change["end"] and draft.change["start"] < said.end
