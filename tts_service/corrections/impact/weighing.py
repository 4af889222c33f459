"""What a change of the lexicon would change: which sentences of which clips, how long they are, how much work it is.

Candidates come from an index of words (jobs/clip_words.py); what really changes is decided by the rules that make
clips, so that the list is exact: what is shown here is what is spoken again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.impact.doubts import Doubt, HitCheck, NoMatch, why_nothing
from tts_service.corrections.impact.proposal import (
    ChangedLexicons,
    LexiconChange,
    LexiconPair,
    LexiconProposal,
    change_of,
    change_of_import,
)
from tts_service.corrections.work import work_ms
from tts_service.db.rows import stored_blocks
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, UtteranceRow
from tts_service.engines.casting import Cast, cast_for
from tts_service.jobs.clip_words import ClipsOf, candidates
from tts_service.jobs.rendering import voice_from
from tts_service.jobs.revise import RECORDING
from tts_service.narration.speak import key_of
from tts_service.newsroom.lexicon import ArticleName, Place
from tts_service.newsroom.sites import policy_for
from tts_service.parts import Parts
from tts_service.speakable.changes import ChangedSentence, changed_sentences
from tts_service.speakable.lexicon import grapheme_words
from tts_service.values import Block
from tts_service.values.speech_policy import SpeechPolicy

__all__ = [
    "AffectedClip",
    "Impact",
    "LexiconProposal",
    "affected_clip",
    "affected_clips",
    "impact",
    "impact_of",
    "impact_of_import",
]

MOST_READ = 3_000
"""Clips that are read for one answer; an entry like "a" is in all of them."""
MOST_KEPT = 500
"""Clips whose changes are in an answer; the figures count all of them."""
_READ_AT_ONCE = 100
_EXAMPLES = 50
"""Candidates without a change that are looked at to say why an entry changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardPlace:
    """Where a stretch is heard in the current revision."""

    position: int
    """Of its first sentence among those of the revision."""
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedClip:
    """A clip with sentences that would be said otherwise."""

    clip_id: str
    revision: int
    """The clip's current one: that which is compared."""
    site: str
    external_id: str
    title: str
    duration_ms: int
    """Of the whole clip."""
    audio_ms: int
    """Of the sentences that change, as they sound now."""
    voice: str
    """Id of its main voice."""
    blocks: tuple[Block, ...]
    changes: tuple[ChangedSentence, ...]
    places: tuple[HeardPlace | None, ...]
    """Where each change is heard now; None: nothing is said there yet."""

    def text_of(self, change: ChangedSentence) -> str:
        """A changed stretch as it is written."""
        return self.blocks[change.block].text[change.start : change.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Everything that a change of the lexicon changes."""

    clips: tuple[AffectedClip, ...]
    """The newest `MOST_KEPT`, newest first."""
    articles: int
    """Number of all clips that change."""
    sentences: int
    audio_ms: int
    """Of the sentences that change."""
    whole_ms: int
    """Of the clips that change, as a whole."""
    work_ms: int
    """About how long one worker is at it."""
    doubtful: tuple[Doubt, ...]
    """Hits that look false."""
    candidates: int
    """Clips with all the words of a spelling."""
    read: int
    """Those of them that were read: all, or the newest `MOST_READ`."""
    no_match: NoMatch | None
    """Why nothing changes; None: something does."""

    @property
    def complete(self) -> bool:
        """Whether every candidate was read."""
        return self.read == self.candidates


def impact(parts: Parts, proposal: LexiconProposal, *, most: int = MOST_READ) -> Impact:
    """What a proposal would change. Raises InputRefused, NotFound."""
    with parts.database.reading() as session:
        change = change_of(session, parts.voices, proposal)
        return _impact(parts, session, change, most)


def impact_of(parts: Parts, change: LexiconChange, *, most: int = MOST_READ) -> Impact:
    """What several entries at once would change."""
    with parts.database.reading() as session:
        return _impact(parts, session, change, most)


def impact_of_import(parts: Parts, source: bytes, place: Place, *, replaces: bool, most: int = MOST_READ) -> Impact:
    """What the import of a PLS document would change. Raises MarkupRefused, Conflict, InputRefused."""
    with parts.database.reading() as session:
        change = change_of_import(session, parts.voices, source, place, replaces=replaces)
        return _impact(parts, session, change, most)


def affected_clips(parts: Parts, proposal: LexiconProposal) -> Iterator[AffectedClip]:
    """Every clip that a proposal changes, newest first, however many; few of them are in memory at a time.

    Raises InputRefused, NotFound."""
    with parts.database.reading() as session:
        change = change_of(session, parts.voices, proposal)
        found = _candidates(session, change)
        yield from _Reader(parts, session, change).affected(found)


def affected_clip(parts: Parts, clip_id: str, proposal: LexiconProposal) -> AffectedClip | None:
    """What a proposal changes in one clip; None: nothing. Raises InputRefused, NotFound."""
    with parts.database.reading() as session:
        change = change_of(session, parts.voices, proposal)
        return next(_Reader(parts, session, change).affected([clip_id]), None)


def _impact(parts: Parts, session: Session, change: LexiconChange, most: int) -> Impact:
    found = _candidates(session, change)
    reader = _Reader(parts, session, change)
    check = HitCheck([entry.lexeme for entry in change.fresh])
    total = _Total()
    for clip in reader.affected(found[:most]):
        check.read(clip.clip_id, clip.blocks, clip.changes)
        total.add(clip)
    no_match = None
    if not total.articles:
        lexemes = [entry.lexeme for entry in change.fresh] or list(change.lexemes)
        no_match = why_nothing(lexemes, reader.unchanged, reader.reasons)
    return Impact(
        clips=tuple(total.clips),
        articles=total.articles,
        sentences=total.sentences,
        audio_ms=total.audio_ms,
        whole_ms=total.whole_ms,
        work_ms=total.work_ms,
        doubtful=check.doubts(),
        candidates=len(found),
        read=min(len(found), most),
        no_match=no_match,
    )


@dataclass(slots=True)
class _Total:
    """What is added up clip by clip: the changes of thousands of clips would need more memory than a process has."""

    clips: list[AffectedClip] = field(default_factory=list)
    articles: int = 0
    sentences: int = 0
    audio_ms: int = 0
    whole_ms: int = 0
    work_ms: int = 0

    def add(self, clip: AffectedClip) -> None:
        if self.articles < MOST_KEPT:
            self.clips.append(clip)
        self.articles += 1
        self.sentences += sum(len(change.after) for change in clip.changes)
        self.audio_ms += clip.audio_ms
        self.whole_ms += clip.duration_ms
        self.work_ms += work_ms(clip.voice, clip.audio_ms, clip.duration_ms)


def _candidates(session: Session, change: LexiconChange) -> list[str]:
    """Ids of the clips that may change, newest first."""
    words = grapheme_words(change.lexemes)
    places = change.places
    if any(place.site is None for place in places):
        return candidates(session, words, ClipsOf())
    articles = {(place.site, place.article) for place in places}
    if len(articles) == 1:
        ((site, external_id),) = articles
        return candidates(session, words, ClipsOf(sites=(site or "",), external_id=external_id))
    return candidates(session, words, ClipsOf(sites=tuple(sorted({site or "" for site, _ in articles}))))


@dataclass(frozen=True, slots=True)
class _CurrentClip:
    """A clip as it is heard now."""

    clip_id: str
    revision: int
    article: ArticleName
    title: str
    language: str
    duration_ms: int
    voice: dict[str, Any]
    other_voices: list[dict[str, Any]]
    blocks: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Stored:
    """A sentence of a clip as it is heard now."""

    position: int
    block: int
    start: int
    end: int
    segment_key: str
    samples: int
    start_sample: int


class _Reader:
    """Reads clips in batches and compares them under both lexicons."""

    def __init__(self, parts: Parts, session: Session, change: LexiconChange) -> None:
        self._parts, self._session, self._change = parts, session, change
        self._lexicons = ChangedLexicons(session, change)
        self._policies: dict[str, SpeechPolicy] = {}
        self.unchanged: list[Block] = []
        """Some blocks that may have a grapheme, of clips in which nothing changes."""
        self.reasons: set[NoMatch] = set()
        """Why nothing changes in some clips."""

    def affected(self, clip_ids: Sequence[str]) -> Iterator[AffectedClip]:
        for start in range(0, len(clip_ids), _READ_AT_ONCE):
            yield from self._batch(clip_ids[start : start + _READ_AT_ONCE])

    def _batch(self, clip_ids: Sequence[str]) -> Iterator[AffectedClip]:
        clips = self._current(clip_ids)
        pairs = self._lexicons.of([clip.article for clip in clips])
        found: list[tuple[_CurrentClip, tuple[Block, ...], tuple[ChangedSentence, ...]]] = []
        for clip in clips:
            pair = pairs[clip.article]
            if not any(pair.touches(block["text"]) for block in clip.blocks):
                continue
            blocks = stored_blocks(clip.blocks)
            changes = changed_sentences(
                blocks, pair.before, pair.after, self._policy(clip.article.site), touches=pair.touches
            )
            if changes:
                found.append((clip, blocks, changes))
            else:
                self._note_unchanged(clip, blocks, pair)
        stored = self._stored([(clip, {change.block for change in changes}) for clip, _, changes in found])
        for clip, blocks, changes in found:
            sentences = stored[clip.clip_id]
            fresh = self._not_heard_yet(clip, sentences, changes)
            if fresh:
                yield _affected(clip, blocks, fresh, sentences)
            else:
                self.reasons.add(NoMatch.SAME_SOUND)

    def _current(self, clip_ids: Sequence[str]) -> list[_CurrentClip]:
        current = (ClipRevisionRow.clip_id == ClipRow.id) & (ClipRevisionRow.revision == ClipRow.current_revision)
        query = (
            select(
                ClipRow.id,
                ClipRevisionRow.revision,
                ArticleRow.site,
                ArticleRow.external_id,
                ClipRevisionRow.title,
                ClipRevisionRow.language,
                ClipRevisionRow.duration_ms,
                ClipRevisionRow.voice,
                ClipRevisionRow.other_voices,
                ClipRevisionRow.blocks,
            )
            .join(ClipRevisionRow, current)
            .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
            .where(ClipRow.id.in_(clip_ids), ClipRow.state == "ready", ClipRevisionRow.state == "ready")
            .where(ClipRevisionRow.cause != RECORDING)
            .order_by(ClipRow.id.desc())
        )
        return [
            _CurrentClip(
                clip_id=row.id,
                revision=row.revision,
                article=ArticleName(row.site, row.external_id),
                title=row.title,
                language=row.language,
                duration_ms=row.duration_ms or 0,
                voice=row.voice,
                other_voices=row.other_voices or [],
                blocks=row.blocks,
            )
            for row in self._session.execute(query)
        ]

    def _policy(self, site: str) -> SpeechPolicy:
        if site not in self._policies:
            self._policies[site] = policy_for(self._parts.database, self._parts.settings, site)
        return self._policies[site]

    def _stored(self, wanted: Iterable[tuple[_CurrentClip, set[int]]]) -> dict[str, list[_Stored]]:
        """The sentences of the blocks that change, by clip."""
        found: dict[str, list[_Stored]] = {}
        blocks: set[int] = set()
        for clip, changed in wanted:
            found[clip.clip_id] = []
            blocks |= changed
        row = UtteranceRow
        query = (
            select(
                row.clip_id,
                row.position,
                row.block,
                row.start,
                row.end,
                row.segment_key,
                row.samples,
                row.start_sample,
            )
            .join(ClipRow, (ClipRow.id == row.clip_id) & (ClipRow.current_revision == row.revision))
            .where(row.clip_id.in_(list(found)), row.block.in_(sorted(blocks)))
            .order_by(row.clip_id, row.position)
        )
        for one in self._session.execute(query) if found else ():
            found[one.clip_id].append(
                _Stored(
                    one.position,
                    one.block,
                    one.start,
                    one.end,
                    one.segment_key,
                    one.samples or 0,
                    one.start_sample or 0,
                )
            )
        return found

    def _not_heard_yet(
        self, clip: _CurrentClip, stored: Sequence[_Stored], changes: Sequence[ChangedSentence]
    ) -> tuple[ChangedSentence, ...]:
        """The changes that the clip lacks: it may have been made with another lexicon than that which holds now."""
        main = voice_from(clip.voice)
        kept = {voice.id: voice for voice in map(voice_from, clip.other_voices)}
        out = []
        for change in changes:
            fresh, said = cast_for(change.after, self._parts.voices, main, clip.language)
            cast = Cast(main=main, others=tuple(kept.get(voice.id, voice) for voice in fresh.others))
            if [one.segment_key for one in _inside(stored, change)] != [key_of(one, cast) for one in said]:
                out.append(change)
        return tuple(out)

    def _note_unchanged(self, clip: _CurrentClip, blocks: Sequence[Block], pair: LexiconPair) -> None:
        if any(clip.article in entry.except_articles for entry in self._change.fresh):
            self.reasons.add(NoMatch.LEFT_OUT)
            return
        for block in blocks:
            if not pair.touches(block.text):
                continue
            if not block.spoken or block.announcement:
                self.reasons.add(NoMatch.NOT_READ)
            elif _differ_in_name_only(pair, block):
                self.reasons.add(NoMatch.SAME_SOUND)
            elif len(self.unchanged) < _EXAMPLES:
                self.unchanged.append(block)


def _differ_in_name_only(pair: LexiconPair, block: Block) -> bool:
    """Whether an entry is found in a block, and says what is said there anyway."""
    old, new = (lexicon.readings(block.text, block.language) for lexicon in (pair.before, pair.after))
    return old != new


def _inside(stored: Iterable[_Stored], change: ChangedSentence) -> list[_Stored]:
    return [one for one in stored if one.block == change.block and one.start < change.end and change.start < one.end]


def _affected(
    clip: _CurrentClip, blocks: tuple[Block, ...], changes: tuple[ChangedSentence, ...], stored: Sequence[_Stored]
) -> AffectedClip:
    rate_hz = int(clip.voice["sample_rate_hz"])
    touched = {(one.block, one.start): one for change in changes for one in _inside(stored, change)}
    return AffectedClip(
        clip_id=clip.clip_id,
        revision=clip.revision,
        site=clip.article.site,
        external_id=clip.article.external_id,
        title=clip.title,
        duration_ms=clip.duration_ms,
        audio_ms=sum(one.samples for one in touched.values()) * 1000 // rate_hz,
        voice=str(clip.voice["id"]),
        blocks=blocks,
        changes=changes,
        places=tuple(_place(_inside(stored, change), rate_hz) for change in changes),
    )


def _place(sentences: Sequence[_Stored], rate_hz: int) -> HeardPlace | None:
    if not sentences:
        return None
    first, last = sentences[0], sentences[-1]
    return HeardPlace(
        position=first.position,
        start_ms=first.start_sample * 1000 // rate_hz,
        end_ms=(last.start_sample + last.samples) * 1000 // rate_hz,
    )
