"""Speech policy of a site: what is said of each kind of block, by which voice, with which pauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from tts_service.errors.faults import expected
from tts_service.values import BlockKind

EmojiPolicy = Literal["named", "dropped"]
UnspeakablePolicy = Literal["dropped", "refused"]
MIN_RATE, MAX_RATE = 0.5, 2.0
"""Speeds a voice stays understandable at."""
MAX_PAUSE_MS = 10_000
"""Players and listeners take a longer silence for the end."""

LANGUAGE_TAG = expected(r"^[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8})*$", 'must be a language tag such as "en" or "de-AT"')
LanguageTag = Annotated[str, Field(max_length=35, pattern=LANGUAGE_TAG)]
Pause = Annotated[int, Field(ge=0, le=MAX_PAUSE_MS)]
NoticeText = Annotated[str, Field(min_length=1, max_length=300)]
_STRICT = ConfigDict(extra="forbid")
"""A mistyped name would go unnoticed."""


class Treatment(StrEnum):
    """What becomes of a block."""

    SPOKEN = "spoken"
    SKIPPED = "skipped"
    ANNOUNCED = "announced"
    """One sentence says that it is there: "There is a table here: …"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPolicy:
    """What becomes of one kind of block."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    treatment: Treatment | None = None
    """None: as usual for this kind."""
    voice: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Voice id, for what is said in its language; None: the article's."""
    language: LanguageTag | None = None
    """BCP 47 tag of these blocks; None: the article's, or found out."""
    rate: Annotated[float, Field(ge=MIN_RATE, le=MAX_RATE)] = 1.0
    """Speed, 1.0 the voice's own; MIN_RATE to MAX_RATE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseTable:
    """Silence after what was said, in milliseconds."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    headline_ms: Pause = 900
    standfirst_ms: Pause = 700
    heading_ms: Pause = 700
    paragraph_ms: Pause = 550
    """Also behind captions and what is announced."""
    list_item_ms: Pause = 400
    quote_ms: Pause = 550
    sentence_ms: Pause = 320
    """Between two sentences of a block."""
    division_ms: Pause = 180
    """Between the parts of a sentence that was divided."""

    def after(self, kind: BlockKind) -> int:
        """The pause behind a block of this kind."""
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
"""Everything else is spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenNotice:
    """A sentence that says aloud that a synthetic voice reads."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    texts: Annotated[Mapping[LanguageTag, NoticeText], Field(json_schema_extra={"additionalProperties": False})] = (
        field(default_factory=dict)
    )
    """Own words by language; in other languages the usual ones."""
    every_minutes: Annotated[float, Field(ge=1, le=120)] | None = None
    """Said again at the end of the paragraph after so many minutes; None: at the start only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPolicy:
    """A site's wishes; the default is every site's that names none."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    blocks: Mapping[BlockKind, BlockPolicy] = field(default_factory=dict)
    """What differs from the usual: captions and code are skipped, tables announced, the rest is spoken."""
    emoji: EmojiPolicy = "dropped"
    pauses: PauseTable = field(default_factory=PauseTable)
    notice: SpokenNotice | None = None
    """None: no notice is spoken; it is written and signed in any case."""
    unspeakable: UnspeakablePolicy = "dropped"
    """What becomes of a word that kills or blocks the voice: it alone is left out and listed in the account, or the
    article is refused."""

    def of(self, kind: BlockKind) -> BlockPolicy:
        """What becomes of blocks of this kind; its treatment is always set."""
        usual = _USUAL.get(kind, _SPOKEN)
        wanted = self.blocks.get(kind, usual)
        return wanted if wanted.treatment else replace(wanted, treatment=usual.treatment)


DEFAULT_POLICY = SpeechPolicy()
