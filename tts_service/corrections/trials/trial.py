"""Tries an entry on one sentence: the words and the sound of it before and after, in any voice.

The sounds go to the segment store under the keys that the clip's sentences will have: what the editor hears is what is
published, and saving speaks it no second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.article.clean import clean
from tts_service.corrections.impact.proposal import ChangedLexicons, LexiconChange, LexiconProposal, change_of
from tts_service.db.rows import stored_blocks, utterance_of
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, UtteranceRow
from tts_service.engines.base import Speaks
from tts_service.engines.pronunciation.ipa_check import IpaCheck, SpelledBy
from tts_service.engines.voices.casting import cast_for
from tts_service.errors import NotFound
from tts_service.narration.prepared import site_voice
from tts_service.narration.speak import spoken
from tts_service.newsroom.lexicon_place import NO_ARTICLE, ArticleName
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.remote_budget import BudgetedEngine
from tts_service.newsroom.site_voices import voices_for
from tts_service.parts import Parts
from tts_service.speakable.changes import ChangedSentence, changed_sentences, said_words
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind, Segment, Utterance, Voice
from tts_service.values.speech_policy import SpeechPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipSentence:
    """A sentence of a clip."""

    clip_id: str
    position: int
    """Among the sentences of the revision."""
    revision: int | None = None
    """None: the one that is heard now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSentence:
    """A sentence that somebody typed."""

    text: str
    language: str
    site: str | None = None
    """Its lexicon and policy hold; None: only what holds for all sites."""
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedSound:
    """One utterance and its sound."""

    segment_key: str
    """In the segment store."""
    words: str
    """As spoken, a pronunciation between slashes."""
    duration_ms: int
    voice: str
    fresh: bool
    """Whether an engine had to speak it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A sentence before and after."""

    text: str
    """As written."""
    language: str
    before: tuple[TriedSound, ...]
    """Several where the entry moves a sentence's bounds."""
    after: tuple[TriedSound, ...]
    spelled_by: tuple[SpelledBy, ...]
    """Voices of the language that read the spelling instead of the IPA."""

    @property
    def same(self) -> bool:
        """Whether it sounds the same."""
        return [one.segment_key for one in self.before] == [one.segment_key for one in self.after]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence in its article."""

    article: ArticleName
    blocks: Sequence[Block]
    block: int
    start: int
    end: int
    language: str
    """Of the article."""
    heard: Utterance | None
    """As it is in the clip; None: it is in none."""
    voice: Voice
    policy: SpeechPolicy


def try_sentence(
    parts: Parts,
    engine: Speaks,
    sentence: ClipSentence | FreeSentence,
    proposal: LexiconProposal | None,
    voice: str | None = None,
) -> Trial:
    """Speak a sentence as it is and as it would be. `proposal` None: only as it is; `voice`: None: the clip's, or one
    of the language.

    Raises NotFound, InputRefused, Conflict, VoiceNotFound, LanguageNotSpoken, EngineUnavailable, StoreUnavailable.
    """
    with parts.database.reading() as session:
        change = change_of(session, parts.voices, proposal) if proposal else LexiconChange()
        found = _found(parts, session, sentence, voice)
        pair = ChangedLexicons(session, replace(change, repeated=False)).of([found.article])[found.article]
    changed = changed_sentences(found.blocks, pair.before, pair.after, found.policy)
    place = next((one for one in changed if _covers(one, found)), None)
    before = place.before if place else _as_it_is(found, pair.before)
    after = place.after if place else before
    if found.heard is not None and voice is None and (place is None or len(before) == 1):
        before = (found.heard,)  # what listeners hear, whatever the lexicon has become since
        after = after if place else _as_it_is(found, pair.after)
    lexeme = proposal.lexeme if proposal else None
    spelled = IpaCheck(parts.voices, lexeme.language).spelled_by(lexeme.ipa) if lexeme and lexeme.ipa else ()
    start = min((one.start for one in (*before, *after)), default=found.start)
    end = max((one.end for one in (*before, *after)), default=found.end)
    return Trial(
        text=found.blocks[found.block].text[start:end],
        language=found.blocks[found.block].language,
        before=_sounds(parts, engine, found, before),
        after=_sounds(parts, engine, found, after),
        spelled_by=spelled,
    )


def tried_sound(parts: Parts, segment_key: str) -> Segment:
    """A sound that was tried. Raises NotFound, StoreUnavailable."""
    segment = parts.segments.get(segment_key)
    if segment is None:
        raise NotFound("This sound isn't kept any more: try the sentence again.")
    return segment


def _found(parts: Parts, session: Session, sentence: ClipSentence | FreeSentence, voice_id: str | None) -> _Sentence:
    if isinstance(sentence, ClipSentence):
        return _in_clip(parts, session, sentence, voice_id)
    text = clean(sentence.text)[0]
    block = Block(kind=BlockKind.PARAGRAPH, text=text, language=sentence.language)
    site = sentence.site or ""
    policy = policy_for(parts.database, parts.settings, site)
    voices = voices_for(parts.database, parts.voices, site)
    voice = voices.find(voice_id) if voice_id else site_voice(policy, voices, sentence.language)
    return _Sentence(
        article=ArticleName(site, sentence.article or NO_ARTICLE),
        blocks=(block,),
        block=0,
        start=0,
        end=len(text),
        language=sentence.language,
        heard=None,
        voice=voice,
        policy=policy,
    )


def _in_clip(parts: Parts, session: Session, sentence: ClipSentence, voice_id: str | None) -> _Sentence:
    clip = session.get(ClipRow, sentence.clip_id)
    number = sentence.revision or (clip.current_revision if clip else None)
    row = session.get(ClipRevisionRow, (sentence.clip_id, number)) if number else None
    if clip is None or row is None:
        raise NotFound(f"There is no clip {sentence.clip_id[:64]} with revision {number}.")
    wanted = {"clip_id": clip.id, "revision": row.revision, "position": sentence.position}
    said = session.scalars(select(UtteranceRow).filter_by(**wanted)).one_or_none()
    if said is None:
        raise NotFound(f"Revision {number} of clip {clip.id} has no sentence {sentence.position}.")
    article = session.get_one(ArticleRow, clip.article_id)
    return _Sentence(
        article=ArticleName(article.site, article.external_id),
        blocks=stored_blocks(row.blocks),
        block=said.block,
        start=said.start,
        end=said.end,
        language=row.language,
        heard=utterance_of(said),
        voice=parts.voices.find(voice_id or str(row.voice["id"])),
        policy=policy_for(parts.database, parts.settings, article.site),
    )


def _covers(change: ChangedSentence, sentence: _Sentence) -> bool:
    return change.block == sentence.block and change.start < sentence.end and sentence.start < change.end


def _as_it_is(sentence: _Sentence, lexicon: Lexicon) -> tuple[Utterance, ...]:
    """What is said for it under a lexicon."""
    said = make_utterances(sentence.blocks, policy=sentence.policy, lexicon=lexicon)
    return tuple(
        one for one in said if one.block == sentence.block and one.start < sentence.end and sentence.start < one.end
    )


def _sounds(parts: Parts, engine: Speaks, sentence: _Sentence, said: Sequence[Utterance]) -> tuple[TriedSound, ...]:
    site = sentence.article.site or ""
    return tried_sounds(parts, engine, said, site=site, voice=sentence.voice, language=sentence.language)


def tried_sounds(
    parts: Parts, engine: Speaks, said: Sequence[Utterance], *, site: str, voice: Voice, language: str
) -> tuple[TriedSound, ...]:
    """The sound of some sentences of an article in a language, as its main voice and those of the site speak them.

    Raises EngineUnavailable, StoreUnavailable, VoiceBudgetSpent."""
    cast, said = cast_for(said, voices_for(parts.database, parts.voices, site), voice, language)
    engine = BudgetedEngine(engine, parts.database, site)
    out = []
    for utterance in said:
        segment, fresh = spoken(utterance, cast, parts.segments, engine)
        out.append(
            TriedSound(
                segment_key=segment.key,
                words=said_words([utterance]),
                duration_ms=round(segment.duration_ms),
                voice=utterance.voice or cast.main.id,
                fresh=fresh,
            )
        )
    return tuple(out)
