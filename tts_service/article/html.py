"""HTML -> pieces, read element by element with selectolax, so that no text is lost on the way.

A fragment (the body field of a CMS) is taken as it is. Of a full page, page.py decides which pieces are the article.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_service.article import tables
from tts_service.article.depth import shallow
from tts_service.article.elements import (
    BOXES,
    BREAKS,
    HIDDEN_TEXT,
    NO_TEXT,
    directed,
    is_post,
    kind_of,
    names_of,
    reason_of,
)
from tts_service.article.language import tidy_tag
from tts_service.article.pieces import EDITORS_SKIP, Piece
from tts_service.article.places import tidied
from tts_service.values import BlockKind, Direction

SAID_OTHERWISE = "said otherwise by the editors, with the block before"
POST_LINE = "name and date of an embedded post"
SENTENCE = 12
"""Words from which on a paragraph is no label: behind it comes no standfirst."""
MAX_MARK = 8
"""Characters the mark of a footnote has at most."""


@dataclass(slots=True)
class _Alias:
    """An open or closed element with `data-tts="alias:…"`, in places of the raw text of the piece being read."""

    said: str
    start: int
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What holds for text at some place: from all the elements around it."""

    node: int = 0
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    reason: str | None = None
    language: str | None = None
    only: bool = False
    linked: bool = False
    breaks: bool = True
    box: int = 0
    outer: int = 0
    alias: _Alias | None = None
    tables: int = 0
    post: bool = False
    """An embedded post of a social network: its paragraphs are quoted, the line below them is not."""


@dataclass(slots=True)
class _Reading:
    """What has been read so far, and the frames of the open elements."""

    out: list[Piece] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    length: int = 0
    linked: int = 0
    breaks: int = 0
    frames: list[_Frame] = field(default_factory=lambda: [_Frame()])
    aliases: list[_Alias] = field(default_factory=list)
    behind: list[Piece] = field(default_factory=list)
    """Pieces that stand inside a sentence: listed behind its block, so that the sentence goes on."""
    begun: bool = False
    """A paragraph has been read: no standfirst comes any more."""

    @property
    def now(self) -> _Frame:
        return self.frames[-1]

    def add(self, text: str) -> None:
        self.text.append(text)
        self.length += len(text)
        if text.strip():
            self.breaks = 0
            self.linked += len(text.strip()) if self.now.linked else 0

    def flush(self) -> None:
        """The text so far becomes a piece."""
        raw = "".join(self.text)
        spans = [(alias.start, self.length if alias.end is None else alias.end) for alias in self.aliases]
        text, places, dropped = tidied(raw, spans)
        if text:
            made = self.piece(text, dropped=dropped, linked=self.linked)
            self.out.append(_with_aliases(made, places, self.aliases))
        self.aliases = [alias for alias in self.aliases if alias.end is None]
        for alias in self.aliases:
            alias.start = 0
            alias.said = "" if text else alias.said
        self.text.clear()
        self.length = self.linked = self.breaks = 0
        self.out.extend(self.behind)
        self.behind.clear()

    def piece(self, text: str, *, dropped: int = 0, linked: int = 0) -> Piece:
        """A piece of tidied text as the present frame would have it."""
        now = self.now
        kind = now.kind
        if kind is BlockKind.PARAGRAPH and now.reason is None:
            self.begun = self.begun or len(text.split()) >= SENTENCE
        elif kind is BlockKind.STANDFIRST and self.begun:
            kind = BlockKind.PARAGRAPH
        return Piece(
            kind=kind, text=text, skip_reason=now.reason or (POST_LINE if now.post else None), level=now.level,
            language=now.language, only=now.only,
            linked=min(linked, len(text)), box=now.box, outer=now.outer, dropped=dropped,
        )  # fmt: skip


def read_fragment(source: str) -> list[Piece]:
    """The pieces of an HTML source in document order: every text a reader would see, spoken or with a reason."""
    root = LexborHTMLParser(shallow(source)).root
    return read_tree(root) if root is not None else []


def read_tree(root: LexborNode) -> list[Piece]:
    """The pieces below a node. Walks without recursion, however deep the tree is."""
    reading = _Reading()
    node: LexborNode | None = root
    while node is not None:
        child = _enter(node, reading)
        if child is not None:
            node = child
            continue
        while node is not None:
            if reading.now.node == node.mem_id:
                _leave(reading)
            if node.mem_id == root.mem_id:
                node = None
                break
            if node.next is not None:
                node = node.next
                break
            node = node.parent
    reading.flush()
    return reading.out


def _enter(node: LexborNode, reading: _Reading) -> LexborNode | None:
    """Take a node in; its first child when there is more to read below it."""
    tag = node.tag or ""
    if tag == "-text":
        reading.add(node.text_content or "")
        return None
    if tag in NO_TEXT or tag.startswith(("-", "!")):
        return node.child if tag == "-document" else None
    if tag == "br":
        reading.add(" ")
        reading.breaks += 1
        if reading.breaks >= 2:
            reading.flush()
        return None
    attributes = node.attributes or {}
    names = names_of(attributes) if attributes else ""
    frame = _frame(node, tag, names, reading.now)
    if _whole(node, tag, frame, reading):
        return None
    if frame is not reading.now:
        _open(node, frame, reading)
    return node.child


def _open(node: LexborNode, frame: _Frame, reading: _Reading) -> None:
    if frame.breaks:
        reading.flush()
    if frame.alias is not None and frame.alias is not reading.now.alias:
        frame.alias.start = reading.length
        reading.aliases.append(frame.alias)
    reading.frames.append(frame)
    if node.child is None:
        _leave(reading)


def _leave(reading: _Reading) -> None:
    """Close the innermost frame."""
    if reading.now.breaks:
        reading.flush()
    closed = reading.frames.pop()
    if closed.alias is not None and closed.alias is not reading.now.alias:
        closed.alias.end = reading.length


def _frame(node: LexborNode, tag: str, names: str, around: _Frame) -> _Frame:
    """What holds inside an element; the same frame when it changes nothing."""
    attributes = node.attributes or {}
    reason = _reason(tag, attributes, names, around)
    kind = kind_of(tag, names)
    if kind and kind[0] is BlockKind.STANDFIRST and around.kind is not BlockKind.PARAGRAPH:
        kind = None
    breaks = tag in BREAKS or kind is not None
    if not (attributes or breaks or reason):
        return replace(around, node=node.mem_id, breaks=False, linked=True) if tag == "a" else around
    word, said = directed(attributes)
    only = around.only or (word == "only" and around.reason != EDITORS_SKIP)
    language = tidy_tag(attributes.get("lang") or "") if breaks and tag != "html" else None
    alias = around.alias
    if word == "alias" and alias is None and (said := tidied(said)[0]):
        alias = _Alias(said, 0)
    return _Frame(
        node=node.mem_id,
        kind=kind[0] if kind else around.kind,
        level=kind[1] if kind else around.level,
        reason=None if word == "only" and only else reason or around.reason,
        language=language or around.language,
        only=only,
        linked=around.linked or tag == "a",
        breaks=breaks,
        box=node.mem_id if tag in BOXES else around.box,
        outer=around.box if tag in BOXES else around.outer,
        alias=alias,
        tables=around.tables + (tag == "table"),
        post=is_post(names),
    )


def _reason(tag: str, attributes: dict[str, str | None], names: str, around: _Frame) -> str | None:
    if around.reason == EDITORS_SKIP:
        return EDITORS_SKIP
    if tag == "footer" and around.kind is BlockKind.QUOTE:
        return None
    return reason_of(tag, attributes, names)


def _whole(node: LexborNode, tag: str, frame: _Frame, reading: _Reading) -> bool:
    """Take an element that is one piece whatever is in it, or that stands inside a sentence it is no part of."""
    if tag == "table" and frame.tables <= tables.MAX_NESTED and not tables.arranges_page(node):
        _alone(reading, frame, BlockKind.TABLE, tables.text_of(node), tables.title_of(node))
    elif tag == "pre" and not _is_prose(node):
        _alone(reading, frame, BlockKind.CODE, node.text())
    elif tag in HIDDEN_TEXT:
        _inside(reading, node, frame.reason or HIDDEN_TEXT[tag])
    elif tag == "sup" and len(node.text()) <= MAX_MARK and node.css_first("a") is not None:
        _inside(reading, node, frame.reason or "footnote mark")
    elif frame.reason and frame.reason != reading.now.reason and not frame.breaks and not _holds_blocks(node):
        _inside(reading, node, frame.reason)
    else:
        return False
    return True


def _alone(reading: _Reading, frame: _Frame, kind: BlockKind, text: str, title: str | None = None) -> None:
    reading.flush()
    line, _, dropped = tidied(text)
    if line:
        alias = frame.alias.said if frame.alias and frame.alias is not reading.now.alias else None
        reading.out.append(Piece(
            kind=kind, text=line, skip_reason=frame.reason, language=frame.language, only=frame.only, title=title,
            announcement=alias, box=frame.box, outer=frame.outer, dropped=dropped,
        ))  # fmt: skip


def _inside(reading: _Reading, node: LexborNode, reason: str) -> None:
    line, _, dropped = tidied(node.text(separator=" "))
    if line:
        reading.behind.append(
            Piece(kind=BlockKind.PARAGRAPH, text=line, skip_reason=reason, linked=len(line), dropped=dropped)
        )


def _holds_blocks(node: LexborNode) -> bool:
    return node.css_first("p, div, ul, ol, table, h2, h3, h4, section, [data-tts]") is not None


def _is_prose(pre: LexborNode) -> bool:
    """A poem or a pasted letter rather than code."""
    names = names_of(pre.attributes or {})
    if "verse" in names:
        return True
    if pre.css_first("code, kbd, samp, span[class]") is not None:
        return False
    text = pre.text()
    return len(text.split()) >= 8 and sum(map(text.count, "{}[]=<>;|\\$#_")) * 200 < len(text) and "." in text


def _with_aliases(made: Piece, places: list[tuple[int, int]], aliases: list[_Alias]) -> Piece:
    """The piece with a direction over each aliased stretch; one that goes on from the piece before says nothing."""
    stretches = [(start, end, alias.said) for (start, end), alias in zip(places, aliases, strict=True) if start < end]
    if any((start, end, said) == (0, len(made.text), "") for start, end, said in stretches):
        return replace(made, skip_reason=made.skip_reason or SAID_OTHERWISE)
    directions = tuple(Direction(start=start, end=end, alias=said) for start, end, said in stretches)
    return replace(made, directions=directions) if directions else made
