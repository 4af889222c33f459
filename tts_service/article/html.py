"""HTML -> pieces, read element by element with selectolax, so that no text is lost on the way.

A fragment (the body field of a CMS) is taken as it is. Of a full page, page.py decides which pieces are the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_service.article.clean import one_line
from tts_service.article.pieces import Piece, listed, piece
from tts_service.values import BlockKind

_NOT_TEXT = listed(
    "script style template noscript svg math canvas object audio video iframe head meta link select datalist"
)  # fmt: skip
"""Elements whose text no reader sees: no blocks at all."""
_FURNITURE = {"nav": "navigation", "aside": "box beside the article", "footer": "footer", "form": "form",
              "button": "button", "dialog": "dialog", "textarea": "form", "label": "form"}  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BREAKS = listed(
    "p div section article main header body html ul ol li dl dt dd blockquote figure hr address details summary "
    "hgroup center fieldset"
) | _HEADINGS  # fmt: skip
"""Elements that begin and end a piece of text."""
MAX_DEPTH = 1_000
"""Open elements that are read as such; no real page has more than about 60."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})[^<>]{0,2000}>")
_NEVER_DEEP = listed("p li br img hr input meta link source wbr td th tr dt dd area base col embed track option")
"""Elements that hold nothing, or close by themselves when the next one opens."""
_CLASSES: tuple[tuple[str, str], ...] = (
    (
        "links to other articles",
        "related|jp-relatedposts|read-?more|recommended|more-stories|teaser-list|kg-bookmark-card|wp-block-read-more|"
        "outbrain|taboola",
    ),
    ("newsletter", "newsletter|kg-signup-card|kg-cta-card|subscribe"),
    ("share links", "share|social|sharedaddy"),
    ("advertisement", "advert|advertisement|ad-slot|sponsored"),
    ("cookie notice", "cookie|consent"),
    ("breadcrumb", "breadcrumbs?"),
    ("comments", "comments?|disqus"),
    ("button", "kg-button-card|wp-block-buttons?"),
    ("footnotes", "footnotes"),
    ("for screen readers only", "sr-only|visually-hidden|screen-reader-text"),
)
_ENDINGS = "box|block|links|list|bar|section|widget|area|container|banner"
_CLASS = tuple(
    (reason, re.compile(rf"(?:^|[\s_])(?:{names})(?:$|[\s_]|-(?:{_ENDINGS}))")) for reason, names in _CLASSES
)
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:standfirst|lede|lead|dek|subtitle|subheadline|intro|vorspann|summary)(?:$|[\s_])"
)
_CAPTION = re.compile(r"(?:^|\s)(?:wp-caption-text|caption|wp-element-caption)(?:$|\s)")


@dataclass(slots=True)
class _Reading:
    """What has been read so far; `kinds` and `reasons` are stacks along the open elements."""

    out: list[Piece] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    kinds: list[tuple[BlockKind, int]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    breaks: int = 0

    def flush(self) -> None:
        text = one_line("".join(self.text))
        self.text.clear()
        self.breaks = 0
        if text:
            kind, level = self.kinds[-1] if self.kinds else (BlockKind.PARAGRAPH, 0)
            self.out.append(piece(kind, text, self.reasons[-1] if self.reasons else None, level=level))


def read_fragment(source: str) -> list[Piece]:
    """The pieces of an HTML source in document order: every text a reader would see, spoken or with a reason."""
    root = LexborHTMLParser(shallow(source)).root
    return read_tree(root) if root is not None else []


def shallow(source: str) -> str:
    """The source without the tags nested deeper than MAX_DEPTH; their text stays.

    The parser's time grows with the square of the depth: 100 000 open elements would take it 20 seconds.
    """
    depth = deepest = 0
    for match in _TAG.finditer(source):
        depth += _step(match)
        deepest = max(deepest, depth)
    if deepest <= MAX_DEPTH:
        return source
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        step = _step(match)
        inner = max(depth, depth + step)
        depth = max(0, depth + step)
        return match.group() if inner <= MAX_DEPTH else " "

    return _TAG.sub(keep, source)


def _step(tag: re.Match[str]) -> int:
    name = tag.group(2).lower()
    return 0 if name in _NEVER_DEEP else (-1 if tag.group(1) else 1)


def read_tree(root: LexborNode) -> list[Piece]:
    """The pieces below a node. Walks without recursion: nesting may be 100 000 deep."""
    reading = _Reading()
    closing: list[tuple[LexborNode, bool, bool]] = []
    node: LexborNode | None = root
    while node is not None:
        child = _enter(node, reading, closing)
        if child is not None:
            node = child
            continue
        while node is not None:
            if closing and closing[-1][0].mem_id == node.mem_id:
                _leave(reading, closing.pop())
            if node.mem_id == root.mem_id:
                node = None
                break
            if node.next is not None:
                node = node.next
                break
            node = node.parent
    reading.flush()
    return reading.out


def _enter(node: LexborNode, reading: _Reading, closing: list[tuple[LexborNode, bool, bool]]) -> LexborNode | None:
    """Take a node in; its first child when there is more to read below it."""
    tag = node.tag or ""
    if tag == "-text":
        text = node.text_content or ""
        reading.text.append(text)
        if text.strip():
            reading.breaks = 0
        return None
    if tag in _NOT_TEXT or tag.startswith(("-", "!")):
        return node.child if tag == "-document" else None
    if tag == "br":
        reading.breaks += 1
        reading.text.append(" ")
        if reading.breaks >= 2:
            reading.flush()
        return None
    whole = _whole(node, tag)
    if whole is not None:
        # A footnote's mark stands inside a sentence: it is listed behind the block, the sentence goes on.
        if whole.skip_reason != "footnote mark":
            reading.flush()
        if whole.text:
            reading.out.append(whole)
        return None
    reason = _reason(node, tag)
    kind = _kind(node, tag, reading)
    breaks = tag in _BREAKS or kind is not None or reason is not None
    if breaks:
        reading.flush()
    if kind:
        reading.kinds.append(kind)
    if reason:
        reading.reasons.append(reason)
    if breaks:
        closing.append((node, kind is not None, reason is not None))
    if node.child is None and breaks:
        _leave(reading, closing.pop())
    return node.child


def _leave(reading: _Reading, closed: tuple[LexborNode, bool, bool]) -> None:
    reading.flush()
    _, has_kind, has_reason = closed
    if has_kind:
        reading.kinds.pop()
    if has_reason:
        reading.reasons.pop()


def _whole(node: LexborNode, tag: str) -> Piece | None:
    """Elements that are one piece whatever is in them."""
    if tag == "table":
        return piece(BlockKind.TABLE, node.text(separator=" "), "table")
    if tag == "pre":
        return piece(BlockKind.CODE, node.text(), "code")
    if tag == "sup" and node.css_first("a") is not None and len(node.text()) <= 8:
        return piece(BlockKind.PARAGRAPH, node.text(), "footnote mark")
    return None


def _kind(node: LexborNode, tag: str, reading: _Reading) -> tuple[BlockKind, int] | None:
    names = node.attributes.get("class") or "" if node.attributes else ""
    if tag in _HEADINGS:
        return BlockKind.HEADING, int(tag[1])
    if tag == "figcaption" or (names and _CAPTION.search(names)):
        return BlockKind.CAPTION, 0
    if tag == "blockquote":
        return BlockKind.QUOTE, 0
    if tag in ("li", "dt", "dd"):
        return BlockKind.LIST_ITEM, 0
    if tag in ("p", "div") and names and _STANDFIRST.search(names) and not reading.kinds:
        return BlockKind.STANDFIRST, 0
    return None


def _reason(node: LexborNode, tag: str) -> str | None:
    """Why nothing in this element is spoken; None when nothing speaks against it."""
    if tag == "figcaption":
        return "caption"
    attributes = node.attributes or {}
    usual = _FURNITURE.get(tag)
    if not attributes or tag in ("html", "body", "article", "main"):
        return usual
    style = (attributes.get("style") or "").replace(" ", "")
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or "display:none" in style:
        return "hidden"
    if attributes.get("data-tts") == "skip":
        return "marked by the editors: not to be spoken"
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip().lower()
    if not names:
        return usual
    if _CAPTION.search(names):
        return "caption"
    return next((reason for reason, pattern in _CLASS if pattern.search(names)), usual)
