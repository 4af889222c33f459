"""Speech policy of a site: what is spoken of each kind of block, by which voice, with which pauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from tts_service.errors.faults import expected
from tts_service.values.article import BlockKind

EmojiPolicy = Literal["named", "dropped"]
UnspeakablePolicy = Literal["dropped", "refused"]
MIN_RATE, MAX_RATE = 0.5, 2.0
"""Speeds at which a voice stays intelligible."""
MAX_RULES = 100
MAX_PAUSE_MS = 10_000
"""Players and listeners take a longer silence for the end."""

LANGUAGE_TAG = expected(r"^[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8})*$", 'must be a language tag such as "en" or "de-AT"')
LanguageTag = Annotated[str, Field(max_length=35, pattern=LANGUAGE_TAG)]
VoiceId = Annotated[str, Field(min_length=1, max_length=200)]
Pause = Annotated[int, Field(ge=0, le=MAX_PAUSE_MS)]
NoticeText = Annotated[str, Field(min_length=1, max_length=300)]
_STRICT = ConfigDict(extra="forbid", use_attribute_docstrings=True)
"""Rejects misspelled names instead of ignoring them."""


class Treatment(StrEnum):
    """What happens to a block."""

    SPOKEN = "spoken"
    SKIPPED = "skipped"
    ANNOUNCED = "announced"
    """Replaced by one sentence: "There is a table here: …"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPolicy:
    """Treatment of one kind of block."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    treatment: Treatment | None = None
    """None: the default for this kind."""
    voice: VoiceId | None = None
    """Voice id for blocks in its language; None: the article's voice."""
    language: LanguageTag | None = None
    """BCP 47 tag of these blocks; None: the article's, or detected."""
    rate: Annotated[float, Field(ge=MIN_RATE, le=MAX_RATE)] = 1.0
    """Speed; 1.0 is the voice's own. MIN_RATE to MAX_RATE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRule:
    """Treatment of the blocks with a certain text, such as a box that recurs on a site's pages."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    text: Annotated[str, Field(max_length=300, pattern=expected(r"\w", "must have a letter or a digit"))]
    """The block's text, in any case and spacing."""
    begins: bool = False
    """Whether the rule also applies to longer texts that begin with it."""
    kind: BlockKind | None = None
    """Only blocks of this kind; None: of any."""
    treatment: Literal[Treatment.SPOKEN, Treatment.SKIPPED] = Treatment.SKIPPED

    def fits(self, kind: BlockKind, text: str) -> bool:
        """Whether it applies to a block."""
        if self.kind not in (None, kind):
            return False
        own, found = _plain_rule(self.text), _plain(text)
        return found.startswith(own) if self.begins else found == own


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


_plain_rule = lru_cache(maxsize=MAX_RULES)(_plain)
"""Of the texts of rules, which are compared with every block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseTable:
    """Silence after each kind of block, in milliseconds."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    headline_ms: Pause = 900
    standfirst_ms: Pause = 700
    heading_ms: Pause = 700
    paragraph_ms: Pause = 550
    """Also after captions and announcements."""
    list_item_ms: Pause = 400
    quote_ms: Pause = 550
    sentence_ms: Pause = 320
    """Between two sentences of a block."""
    division_ms: Pause = 180
    """Between the parts of a divided sentence."""

    def after(self, kind: BlockKind) -> int:
        """The pause after a block of this kind in ms."""
        pauses = {
            BlockKind.HEADLINE: self.headline_ms,
            BlockKind.STANDFIRST: self.standfirst_ms,
            BlockKind.HEADING: self.heading_ms,
            BlockKind.LIST_ITEM: self.list_item_ms,
            BlockKind.QUOTE: self.quote_ms,
        }
        return pauses.get(kind, self.paragraph_ms)


_SPOKEN = BlockPolicy(treatment=Treatment.SPOKEN)
_USUAL = {
    BlockKind.CAPTION: BlockPolicy(treatment=Treatment.SKIPPED),
    BlockKind.TABLE: BlockPolicy(treatment=Treatment.ANNOUNCED),
    BlockKind.CODE: BlockPolicy(treatment=Treatment.SKIPPED),
}
"""All other kinds are spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenNotice:
    """A spoken sentence that discloses the synthetic voice."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    texts: Annotated[Mapping[LanguageTag, NoticeText], Field(json_schema_extra={"additionalProperties": False})] = (
        field(default_factory=dict)
    )
    """Custom wording by language; other languages use the default."""
    every_minutes: Annotated[float, Field(ge=1, le=120)] | None = None
    """Repeated at the end of the paragraph after so many minutes; None: only at the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPolicy:
    """A site's speech policy; the defaults apply to sites that set none."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    blocks: Mapping[BlockKind, BlockPolicy] = field(default_factory=dict)
    """Differences from the defaults: captions and code are skipped, tables announced, everything else is spoken."""
    emoji: EmojiPolicy = "dropped"
    pauses: PauseTable = field(default_factory=PauseTable)
    notice: SpokenNotice | None = None
    """None: no notice is spoken; the written and signed ones are always there."""
    unspeakable: UnspeakablePolicy = "dropped"
    """How to handle a word that crashes or hangs the voice: leave out that word and list it in the account, or refuse
    the article."""
    voices: Annotated[Mapping[LanguageTag, VoiceId], Field(json_schema_extra={"additionalProperties": False})] = field(
        default_factory=dict
    )
    """Voice id for articles by language; "en" also applies to "en-GB". Other languages: the service's own choice."""
    rules: Annotated[tuple[BlockRule, ...], Field(max_length=MAX_RULES)] = ()
    """Rules for blocks with certain texts; the first that applies to a block overrides the treatment of its kind."""

    def voice_for(self, language: str) -> str | None:
        """Id of the voice for articles in a language (BCP 47); None: none is chosen."""
        chosen = {tag.replace("_", "-").casefold(): voice for tag, voice in self.voices.items()}
        tag = language.replace("_", "-").casefold()
        return chosen.get(tag) or chosen.get(tag.partition("-")[0])

    def rule_for(self, kind: BlockKind, text: str) -> BlockRule | None:
        """The rule that applies to a block; None: its kind decides."""
        return next((rule for rule in self.rules if rule.fits(kind, text)), None)

    def with_rule(self, rule: BlockRule, position: int | None) -> SpeechPolicy:
        """The policy with a rule at a position among its other rules; None: without the rule."""
        rules = [one for one in self.rules if one != rule]
        if position is not None:
            rules.insert(position, rule)
        return replace(self, rules=tuple(rules))

    def of(self, kind: BlockKind) -> BlockPolicy:
        """The policy for blocks of this kind, with its treatment always set."""
        usual = _USUAL.get(kind, _SPOKEN)
        policy = self.blocks.get(kind, usual)
        return policy if policy.treatment else replace(policy, treatment=usual.treatment)


DEFAULT_POLICY = SpeechPolicy()
