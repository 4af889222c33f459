"""State of the HTML reader: open elements, their effect on text, and the pieces so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from tts_service.article.box import Box
from tts_service.article.clean import one_line
from tts_service.article.pieces import Piece, check_count
from tts_service.article.places import tidied_text
from tts_service.article.preformatted import Divider
from tts_service.values import BlockKind, Direction

SAID_OTHERWISE = "said otherwise by the editors, with the block before"
POST_LINE = "name and date of an embedded post"
MAX_JOINTS = 24
"""Elements inside a piece up to which its parts are kept: a row of labels has few."""
SENTENCE = 12
"""Minimum words of a paragraph that is not a label: no standfirst follows it."""


@dataclass(slots=True)
class Alias:
    """An element with `data-tts="alias:…"`, in positions of the current piece's raw text."""

    said: str
    start: int
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFrame:
    """Properties of text at a position, accumulated from all enclosing elements."""

    node: int = 0
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    reason: str | None = None
    language: str | None = None
    only: bool = False
    linked: bool = False
    anchored: bool = False
    """In a link to the same article."""
    stressed: bool = False
    """In italics or small print."""
    quoted: bool = False
    """In a `<q>`, whose quotation marks a browser adds."""
    pulled: int = 0
    """Id of the enclosing pull quote."""
    breaks: bool = True
    boxes: tuple[Box, ...] = ()
    article: Box | None = None
    alias: Alias | None = None
    tables: int = 0
    divider: Divider | None = None
    """How text is split: at blank lines directly in the body (WordPress's editor), at lines in verse."""
    pre: bool = False
    """In verse or other text with significant line breaks."""
    struct: int = 0
    """Id of the enclosing `<dl>` that renders a CMS block's fields."""
    post: bool = False
    """In an embedded social media post: its paragraphs are quotes, the line below them is not."""


@dataclass(slots=True)
class ReadingState:
    """The pieces read so far and the frames of the open elements."""

    out: list[Piece] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    length: int = 0
    linked: int = 0
    anchored: int = 0
    stressed: int = 0
    breaks: int = 0
    frames: list[TextFrame] = field(default_factory=lambda: [TextFrame()])
    aliases: list[Alias] = field(default_factory=list)
    behind: list[Piece] = field(default_factory=list)
    """Pieces set inside a sentence: listed after its block, so that the sentence is not interrupted."""
    joints: list[int] = field(default_factory=list)
    """Places in `text` where an element begins or ends, or a line breaks."""
    begun: bool = False
    """A paragraph has been read, so no standfirst can follow."""

    @property
    def now(self) -> TextFrame:
        return self.frames[-1]

    @property
    def tail(self) -> str:
        """The end of the piece's text so far."""
        return "".join(self.text[-4:])[-16:]

    def add(self, text: str) -> None:
        self.text.append(text)
        self.length += len(text)
        if text.strip():
            self.breaks = 0
            self.linked += len(text.strip()) if self.now.linked else 0
            self.anchored += len(text.strip()) if self.now.anchored else 0
            self.stressed += len(text.strip()) if self.now.stressed else 0

    def divide(self) -> None:
        """Marks that an element begins or ends, or that a line breaks."""
        if len(self.joints) <= MAX_JOINTS:
            self.joints.append(len(self.text))

    def flush(self) -> None:
        """Ends the current piece. Raises TooLarge if there are too many."""
        check_count(self.out)
        if not self.text and not self.behind and not self.aliases:
            return
        raw = "".join(self.text)
        spans = [(alias.start, self.length if alias.end is None else alias.end) for alias in self.aliases]
        text, places, dropped = tidied_text(raw, spans)
        if text:
            made = self.piece(text, dropped=dropped, linked=self.linked, parts=self._parts())
            self.out.append(_with_aliases(made, places, self.aliases) if self.aliases else made)
        self.aliases = [alias for alias in self.aliases if alias.end is None]
        for alias in self.aliases:
            alias.start = 0
            alias.said = "" if text else alias.said
        self.text.clear()
        self.joints.clear()
        self.length = self.linked = self.anchored = self.stressed = self.breaks = 0
        self.out.extend(self.behind)
        self.behind.clear()

    def _parts(self) -> tuple[str, ...]:
        if not self.joints or len(self.joints) > MAX_JOINTS:
            return ()
        cuts = [0, *self.joints, len(self.text)]
        lines = (one_line("".join(self.text[start:end])) for start, end in pairwise(cuts))
        parts = tuple(line for line in lines if line)
        return parts if len(parts) > 1 else ()

    def piece(self, text: str, *, dropped: int = 0, linked: int = 0, parts: tuple[str, ...] = ()) -> Piece:
        """A piece of normalised text with the current frame's properties."""
        now = self.now
        kind = BlockKind.QUOTE if now.pulled else now.kind
        if kind is BlockKind.PARAGRAPH and now.reason is None:
            self.begun = self.begun or len(text.split()) >= SENTENCE
        elif kind is BlockKind.HEADING and now.level == 1:
            self.begun = False
        elif kind is BlockKind.STANDFIRST and self.begun:
            kind = BlockKind.PARAGRAPH
        return Piece(
            kind=kind,
            text=text,
            skip_reason=now.reason or (POST_LINE if now.post else None),
            level=0 if now.pulled else now.level,
            language=now.language,
            only=now.only,
            linked=min(linked, len(text)),
            anchored=min(self.anchored, len(text)),
            stressed=min(self.stressed, len(text)),
            parts=parts,
            pulled=now.pulled,
            boxes=now.boxes,
            article=now.article,
            dropped=dropped,
        )


def _with_aliases(made: Piece, places: list[tuple[int, int]], aliases: list[Alias]) -> Piece:
    """The piece with a direction for each aliased span; an alias continued from the piece before is silent."""
    stretches = [(start, end, alias.said) for (start, end), alias in zip(places, aliases, strict=True) if start < end]
    if any((start, end, alias_text) == (0, len(made.text), "") for start, end, alias_text in stretches):
        return replace(made, skip_reason=made.skip_reason or SAID_OTHERWISE)
    directions = tuple(Direction(start=start, end=end, alias=alias_text) for start, end, alias_text in stretches)
    return replace(made, directions=directions) if directions else made
