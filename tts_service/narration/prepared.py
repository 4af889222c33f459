"""An article made ready to be spoken: its blocks, its sentences, and who speaks them."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from tts_service.article.account import check_spans
from tts_service.article.blocks import ReadArticle, read_blocks
from tts_service.article.repairs import repaired
from tts_service.engines.voices.casting import Cast, cast_for
from tts_service.engines.voices.order import ENGLISH
from tts_service.engines.voices.registry import Registry
from tts_service.errors import NothingToSpeak
from tts_service.speakable.notice import Notice, notice_for
from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Article, Utterance, Voice
from tts_service.values.repairs import NO_REPAIRS, ArticleRepairs
from tts_service.values.speech_policy import DEFAULT_POLICY, SpeechPolicy

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingManner:
    """How an article is to be spoken."""

    voices: Registry
    voice_id: str | None = None
    """None: a voice of the article's language."""
    formats: tuple[str, ...] = ("mp3",)
    policy: SpeechPolicy = DEFAULT_POLICY
    lexicon: Lexical = NO_LEXICON
    policy_version: str = ""
    lexicon_version: str = ""
    zone: tzinfo | None = None
    """Of dates that a page names without one; None: they stay without one."""
    repairs: ArticleRepairs = NO_REPAIRS


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article ready to be spoken."""

    read: ReadArticle
    utterances: tuple[Utterance, ...]
    """`voice` names who really speaks; None: the main voice."""
    cast: Cast
    notice: Notice | None = None
    """Said between the utterances; None: nothing is."""

    @property
    def voice(self) -> Voice:
        """The main voice."""
        return self.cast.main


def prepare(
    article: Article,
    voices: Registry,
    voice_id: str | None = None,
    *,
    policy: SpeechPolicy = DEFAULT_POLICY,
    lexicon: Lexical = NO_LEXICON,
    zone: tzinfo | None = None,
    repairs: ArticleRepairs = NO_REPAIRS,
) -> Prepared:
    """Blocks, utterances and voices of an article: `voice_id` speaks, else a voice of the article's language; others
    where the policy or a change of language asks for them. `repairs`: its sentences, speed and rules; their voice is
    the caller's `voice_id`.

    Raises NothingToSpeak with the account, AccountBroken when a letter would be lost, LanguageNotSpoken, VoiceNotFound
    (`voice_id`).
    """
    policy = repairs.policy(policy)
    read = read_blocks(article, policy, voices.speaks)
    if zone is not None:
        read = replace(read, published=_in_zone(read.published, zone))
    if repairs != NO_REPAIRS:
        read = replace(read, blocks=repaired(read.blocks, repairs))
    utterances = make_utterances(read.blocks, policy=policy, lexicon=lexicon)
    if not utterances:
        raise NothingToSpeak(
            "Every part of the article was skipped: `tts-service extract` shows the reasons.", account=read.account
        )
    check_spans(read.blocks, [(said.block, said.start, said.end) for said in utterances])
    voice = voices.find(voice_id) if voice_id else site_voice(policy, voices, read.language)
    notice = notice_for(read.language, policy, lexicon)
    first = (notice.utterance,) if notice else ()
    cast, said = cast_for((*first, *utterances), voices, voice, read.language)
    if notice is None:
        return Prepared(read=read, utterances=said, cast=cast)
    return Prepared(read=read, utterances=said[1:], cast=cast, notice=replace(notice, utterance=said[0]))


def site_voice(policy: SpeechPolicy, voices: Registry, language: str) -> Voice:
    """The voice of a site's articles in a language. Raises LanguageNotSpoken."""
    found = voices.choice(language, policy.voice_for(language))
    if found.missing and found.missing != (ENGLISH,):  # an installation may do without that one
        log.warning("%s speaks %s instead of %s, not installed", found.voice.id, language, ", ".join(found.missing))
    return found.voice


def _in_zone(published: str | None, zone: tzinfo) -> str | None:
    """An ISO 8601 moment with a zone, this one where it has none."""
    moment = datetime.fromisoformat(published) if published else None
    if moment is None or moment.tzinfo is not None:
        return published
    return moment.replace(tzinfo=zone).isoformat()
