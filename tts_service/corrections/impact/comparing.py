"""Compares clips with what they would say under a changed lexicon, in batches: few of them are in memory at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tts_service.corrections.impact.current import CurrentClip, SentenceHeard, current_clips, heard_sentences
from tts_service.corrections.impact.doubts import NoMatch
from tts_service.corrections.impact.proposal import (
    ChangedLexicons,
    LexiconChange,
    LexiconPair,
    LexiconProposal,
    change_of,
)
from tts_service.db.rows import stored_blocks
from tts_service.engines.voices.casting import Cast, cast_for
from tts_service.engines.voices.registry import Registry
from tts_service.jobs.clip_words import ClipsOf, candidates
from tts_service.jobs.rendering import voice_from
from tts_service.narration.speak import key_of
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.site_voices import voices_for
from tts_service.parts import Parts
from tts_service.speakable.changes import ChangedSentence, changed_sentences
from tts_service.speakable.lexicon import grapheme_words
from tts_service.values import Block
from tts_service.values.speech_policy import SpeechPolicy

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


def affected_clips(parts: Parts, proposed: LexiconProposal | LexiconChange) -> Iterator[AffectedClip]:
    """Every clip that a proposal or an import changes, newest first, however many; few of them are in memory at a time.

    Raises InputRefused, NotFound."""
    with parts.database.reading() as session:
        change = proposed if isinstance(proposed, LexiconChange) else change_of(session, parts.voices, proposed)
        found = candidate_clips(session, change)
        yield from ClipComparer(parts, session, change).affected(found)


def affected_clip(parts: Parts, clip_id: str, proposal: LexiconProposal) -> AffectedClip | None:
    """What a proposal changes in one clip; None: nothing. Raises InputRefused, NotFound."""
    with parts.database.reading() as session:
        change = change_of(session, parts.voices, proposal)
        return next(ClipComparer(parts, session, change).affected([clip_id]), None)


def candidate_clips(session: Session, change: LexiconChange) -> list[str]:
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


class ClipComparer:
    """Compares clips under the lexicons without and with a change."""

    def __init__(self, parts: Parts, session: Session, change: LexiconChange) -> None:
        self._parts, self._session, self._change = parts, session, change
        self._lexicons = ChangedLexicons(session, change)
        self._policies: dict[str, SpeechPolicy] = {}
        self._voices: dict[str, Registry] = {}
        self.unchanged: list[Block] = []
        """Some blocks that may have a grapheme, of clips in which nothing changes."""
        self.reasons: set[NoMatch] = set()
        """Why nothing changes in some clips."""

    def affected(self, clip_ids: Sequence[str]) -> Iterator[AffectedClip]:
        """Those of some clips that change."""
        for start in range(0, len(clip_ids), _READ_AT_ONCE):
            yield from self._batch(clip_ids[start : start + _READ_AT_ONCE])

    def _batch(self, clip_ids: Sequence[str]) -> Iterator[AffectedClip]:
        clips = current_clips(self._session, clip_ids)
        pairs = self._lexicons.of([clip.article for clip in clips])
        found: list[tuple[CurrentClip, tuple[Block, ...], tuple[ChangedSentence, ...]]] = []
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
        stored = heard_sentences(
            self._session, [(clip, {change.block for change in changes}) for clip, _, changes in found]
        )
        for clip, blocks, changes in found:
            sentences = stored[clip.clip_id]
            fresh = self._not_heard_yet(clip, sentences, changes)
            if fresh:
                yield _affected(clip, blocks, fresh, sentences)
            else:
                self.reasons.add(NoMatch.SAME_SOUND)

    def _policy(self, site: str) -> SpeechPolicy:
        if site not in self._policies:
            self._policies[site] = policy_for(self._parts.database, self._parts.settings, site)
        return self._policies[site]

    def _voices_of(self, site: str) -> Registry:
        if site not in self._voices:
            self._voices[site] = voices_for(self._parts.database, self._parts.voices, site)
        return self._voices[site]

    def _not_heard_yet(
        self, clip: CurrentClip, stored: Sequence[SentenceHeard], changes: Sequence[ChangedSentence]
    ) -> tuple[ChangedSentence, ...]:
        """The changes that the clip lacks: it may have been made with another lexicon than that which holds now."""
        main, voices = voice_from(clip.voice), self._voices_of(clip.article.site)
        kept = {voice.id: voice for voice in map(voice_from, clip.other_voices)}
        out = []
        for change in changes:
            fresh, said = cast_for(change.after, voices, main, clip.language)
            cast = Cast(main=main, others=tuple(kept.get(voice.id, voice) for voice in fresh.others))
            if [one.segment_key for one in _inside(stored, change)] != [key_of(one, cast) for one in said]:
                out.append(change)
        return tuple(out)

    def _note_unchanged(self, clip: CurrentClip, blocks: Sequence[Block], pair: LexiconPair) -> None:
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


def _inside(stored: Iterable[SentenceHeard], change: ChangedSentence) -> list[SentenceHeard]:
    return [one for one in stored if one.block == change.block and one.start < change.end and change.start < one.end]


def _affected(
    clip: CurrentClip, blocks: tuple[Block, ...], changes: tuple[ChangedSentence, ...], stored: Sequence[SentenceHeard]
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


def _place(sentences: Sequence[SentenceHeard], rate_hz: int) -> HeardPlace | None:
    if not sentences:
        return None
    first, last = sentences[0], sentences[-1]
    return HeardPlace(
        position=first.position,
        start_ms=first.start_sample * 1000 // rate_hz,
        end_ms=(last.start_sample + last.samples) * 1000 // rate_hz,
    )
