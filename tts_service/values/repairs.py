"""Repairs of single articles by staff: how a sentence is spoken, the pause behind it, the voice, the speed, and which
of the site's rules apply differently to the article."""

from __future__ import annotations

from dataclasses import dataclass

from tts_service.values.speech_policy import BlockRule, SpeechPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRepair:
    """How one sentence of an article is spoken. It is found by its text, so that an edit elsewhere keeps it."""

    sentence: str
    """As written."""
    occurrence: int = 0
    """Number of times the same sentence occurs before it in the article."""
    start: int = 0
    """First character of the repaired words in the sentence."""
    end: int | None = None
    """One past the last character; None: to the end of the sentence."""
    alias: str | None = None
    """What is spoken for the words, read by the language's rules; None: as usual."""
    ipa: str | None = None
    """How the words are pronounced; None: as usual."""
    pause_after_ms: int | None = None
    """Silence behind the sentence; None: the usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleException:
    """A rule for blocks that doesn't apply to an article, or still does although its site has removed it."""

    rule: BlockRule
    position: int | None
    """Its position among the site's rules; None: it doesn't apply to the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRepairs:
    """Everything that was repaired in an article."""

    sentences: tuple[SentenceRepair, ...] = ()
    voice: str | None = None
    """Id of the main voice; None: the one that the job asks for."""
    rate: float = 1.0
    """Speed, beside that of each block; 1.0 is the voice's own."""
    rules: tuple[RuleException, ...] = ()

    def policy(self, site: SpeechPolicy) -> SpeechPolicy:
        """The site's policy as it applies to the article."""
        for one in self.rules:
            site = site.with_rule(one.rule, one.position)
        return site


NO_REPAIRS = ArticleRepairs()
