"""Clips as they are after their rendering, put straight into the tables: thousands in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import insert

from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, ClipTextRow, UtteranceRow
from tts_service.engines.voices.casting import Cast
from tts_service.narration.speak import key_of
from tts_service.parts import Parts
from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.speakable.utterances import make_utterances
from tts_service.speakable.word_index import index_words
from tts_service.values import Block, BlockKind, Utterance, Voice

_MS_PER_CHARACTER = 65
_CLIPS_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class RowArticle:
    """An article whose clip is to be there."""

    external_id: str
    blocks: Sequence[Block]
    site: str = "gazette"
    title: str = "A headline"
    sentences: bool = True
    """Whether the rows of its sentences are there too: they cost most."""
    lexicon: Lexical = field(default=NO_LEXICON)
    """What its clip was made with."""

    @property
    def clip_id(self) -> str:
        return f"clip_{self.site}_{self.external_id}"


def paragraphs(*texts: str, language: str = "en") -> tuple[Block, ...]:
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=text, language=language) for text in texts)


def insert_clips(parts: Parts, articles: Iterable[RowArticle], voice_id: str = "tone:beep", **clip: Any) -> None:
    """Articles with a clip of one revision each. `clip`: columns of the clips."""
    voice = parts.voices.find(voice_id)
    batch: list[RowArticle] = []
    for article in articles:
        batch.append(article)
        if len(batch) == _CLIPS_AT_ONCE:
            _insert(parts, batch, voice, clip)
            batch = []
    if batch:
        _insert(parts, batch, voice, clip)


def _insert(parts: Parts, batch: Sequence[RowArticle], voice: Voice, clip: dict[str, Any]) -> None:
    said = {one.clip_id: make_utterances(one.blocks, lexicon=one.lexicon) if one.sentences else () for one in batch}
    facts = {"id": voice.id, **asdict(voice)}
    with parts.database.writing() as session:
        session.execute(
            insert(ArticleRow),
            [
                {
                    "id": f"art_{one.site}_{one.external_id}",
                    "site": one.site,
                    "external_id": one.external_id,
                    "title": one.title,
                    "created_ms": 1,
                }
                for one in batch
            ],
        )
        session.execute(
            insert(ClipRow),
            [
                {
                    "id": one.clip_id,
                    "article_id": f"art_{one.site}_{one.external_id}",
                    "state": "ready",
                    "current_revision": 1,
                    "last_revision": 1,
                    "created_ms": 1,
                    **clip,
                }
                for one in batch
            ],
        )
        session.execute(insert(ClipRevisionRow), [_revision(one, facts, said[one.clip_id]) for one in batch])
        session.execute(
            insert(ClipTextRow),
            [
                {"clip_id": one.clip_id, "words": index_words([one.title, *(block.text for block in one.blocks)])}
                for one in batch
            ],
        )
        rows = [row for one in batch for row in _utterances(one.clip_id, said[one.clip_id], voice)]
        if rows:
            session.execute(insert(UtteranceRow), rows)


def _revision(one: RowArticle, voice: dict[str, Any], said: Sequence[Utterance]) -> dict[str, Any]:
    return {
        "clip_id": one.clip_id,
        "revision": 1,
        "state": "ready",
        "cause": "article",
        "title": one.title,
        "language": one.blocks[0].language,
        "voice": voice,
        "sample_rate_hz": voice["sample_rate_hz"],
        "blocks": [asdict(block) for block in one.blocks],
        "account": [],
        "live_head_bytes": 0,
        "duration_ms": sum(_MS_PER_CHARACTER * (u.end - u.start) + u.pause_after_ms for u in said),
        "created_ms": 1,
        "ready_ms": 1,
    }


def _utterances(clip_id: str, said: Sequence[Utterance], voice: Voice) -> Iterable[dict[str, Any]]:
    start, rate_hz = 0, voice.sample_rate_hz
    for position, one in enumerate(said):
        samples = _MS_PER_CHARACTER * (one.end - one.start) * rate_hz // 1000
        yield {
            "clip_id": clip_id,
            "revision": 1,
            "position": position,
            "block": one.block,
            "start": one.start,
            "end": one.end,
            "language": one.language,
            "voice": None,
            "rate": one.rate,
            "pause_after_ms": one.pause_after_ms,
            "tokens": [asdict(token) for token in one.tokens],
            "segment_key": key_of(one, Cast(main=voice)),
            "deaths": 0,
            "samples": samples,
            "start_sample": start,
        }
        start += samples + one.pause_after_ms * rate_hz // 1000
