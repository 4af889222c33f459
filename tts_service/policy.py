"""How a site wants its articles spoken: what is said of each kind of block, by whom, and the silence between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from tts_service.values import BlockKind

EmojiPolicy = Literal["named", "dropped"]
MIN_RATE, MAX_RATE = 0.5, 2.0
"""Speeds a voice stays understandable at."""


class Treatment(StrEnum):
    """What becomes of a block."""

    SPOKEN = "spoken"
    SKIPPED = "skipped"
    ANNOUNCED = "announced"
    """One sentence says that it is there: "There is a table here: …"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPolicy:
    """What becomes of one kind of block."""

    treatment: Treatment = Treatment.SPOKEN
    voice: str | None = None
    """Voice id; None: the article's."""
    language: str | None = None
    """BCP 47 tag of these blocks; None: the article's, or found out."""
    rate: float = 1.0
    """Speed, 1.0 the voice's own; MIN_RATE to MAX_RATE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseTable:
    """Silence after what was said, in milliseconds."""

    headline_ms: int = 900
    standfirst_ms: int = 700
    heading_ms: int = 700
    paragraph_ms: int = 550
    list_item_ms: int = 400
    quote_ms: int = 550
    sentence_ms: int = 320
    """Between two sentences of a block."""
    division_ms: int = 180
    """Between the parts of a sentence that was divided."""

    def after(self, kind: BlockKind) -> int:
        """The pause behind a block of this kind."""
        pauses = {
            BlockKind.HEADLINE: self.headline_ms, BlockKind.STANDFIRST: self.standfirst_ms,
            BlockKind.HEADING: self.heading_ms, BlockKind.LIST_ITEM: self.list_item_ms, BlockKind.QUOTE: self.quote_ms,
        }  # fmt: skip
        return pauses.get(kind, self.paragraph_ms)


_SPOKEN = BlockPolicy()
_USUAL = {
    BlockKind.CAPTION: BlockPolicy(treatment=Treatment.SKIPPED),
    BlockKind.TABLE: BlockPolicy(treatment=Treatment.ANNOUNCED),
    BlockKind.CODE: BlockPolicy(treatment=Treatment.SKIPPED),
}
"""Everything else is spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPolicy:
    """A site's wishes; the default is every site's that names none."""

    blocks: Mapping[BlockKind, BlockPolicy] = field(default_factory=dict)
    """What differs from the usual: captions and code are skipped, tables announced, the rest is spoken."""
    emoji: EmojiPolicy = "dropped"
    pauses: PauseTable = field(default_factory=PauseTable)

    def of(self, kind: BlockKind) -> BlockPolicy:
        """What becomes of blocks of this kind."""
        return self.blocks.get(kind) or _USUAL.get(kind, _SPOKEN)


DEFAULT_POLICY = SpeechPolicy()
