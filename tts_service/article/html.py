"""HTML -> pieces, read element by element with selectolax, so that no text is lost.

A fragment (the body field of a CMS) is read as it is. For a full page, page.py selects the article's pieces.
"""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_service.article import tables
from tts_service.article.box import Box, count_beside_text, is_button
from tts_service.article.depth import shallow
from tts_service.article.element_names import is_pull_quote
from tts_service.article.elements import (
    BOXES,
    BREAKS,
    HIDDEN_TEXT,
    NO_TEXT,
    STRESSED,
    STRUCK,
    element_skip_reason,
    instruction_of,
    is_post,
    kind_of,
    names_of,
)
from tts_service.article.inline_marks import MAX_MARK, lowered_text, raised_text, said_for
from tts_service.article.language import tidy_tag
from tts_service.article.pieces import EDITORS_SKIP, Piece, check_count
from tts_service.article.places import tidied_text
from tts_service.article.preformatted import Divider, divider_of, is_prose, paragraphs
from tts_service.article.reading import Alias, ReadingState, TextFrame
from tts_service.article.structs import FIELD_NAME, field_of, is_struct
from tts_service.article.width import narrow
from tts_service.values import BlockKind

_LEADS_TO_POST = re.compile(r"\s*(?:pic\.(?:twitter|x)\.com|(?:https?://)?t\.co)/\w{1,20}\s*$")
"""Texts of the links that posts put behind their words."""
_COMPARES = re.compile(
    r"\b(?:instead of|rather than|(?:an)?statt|au lieu de?['’]?|en (?:vez|lugar) de|invece di|anziché)\s*$",
    re.IGNORECASE,
)
_LEADS_WITHIN = re.compile("#.")
"""An address within the article; a bare `#` is a button's."""
MAX_SUMMARY = 400
"""Maximum characters of a title with its summary inside one link; a longer link was left open by mistake."""
MAX_BOXES = 40
"""Maximum number of enclosing boxes kept per piece."""


def read_fragment(source: str) -> list[Piece]:
    """The pieces of an HTML fragment in document order: all visible text, spoken or with a skip reason."""
    root = LexborHTMLParser(shallow(narrow(source))).root
    return read_tree(root) if root is not None else []


def read_tree(root: LexborNode) -> list[Piece]:
    """The pieces below a node. Iterative, so that deep trees don't overflow the stack."""
    reading = ReadingState()
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
    check_count(reading.out)
    return reading.out


def _enter(node: LexborNode, reading: ReadingState) -> LexborNode | None:
    """Reads a node; returns its first child if its content still has to be read."""
    tag = node.tag or ""
    if tag == "-text":
        text = node.text_content or ""
        divider = reading.now.divider
        for number, part in enumerate(divider(text) if divider else (text,)):
            if number:
                reading.flush()
            reading.add(part)
        return None
    if tag in NO_TEXT or tag.startswith(("-", "!")):
        count_beside_text(node, "", reading.now.boxes)
        return node.child if tag == "-document" else None
    if tag == "br":
        reading.divide()
        reading.add(" ")
        reading.breaks += 1
        if reading.breaks >= 2 or reading.now.pre:
            reading.flush()
        return None
    attributes = node.attributes or {}
    names = names_of(attributes) if attributes else ""
    count_beside_text(node, names, reading.now.boxes)
    frame = _frame(node, tag, names, reading.now)
    if _whole(node, tag, frame, reading):
        return None
    _open(node, frame, reading)
    return node.child


def _open(node: LexborNode, frame: TextFrame, reading: ReadingState) -> None:
    if frame.breaks:
        reading.flush()
    else:
        reading.divide()
        _set_apart(node.tag, frame, reading)
    if frame.alias is not None and frame.alias is not reading.now.alias:
        frame.alias.start = reading.length
        reading.aliases.append(frame.alias)
    reading.frames.append(frame)
    if node.child is None:
        _leave(reading)


def _set_apart(tag: str | None, frame: TextFrame, reading: ReadingState) -> None:
    """Shows what only a style sheet would: a source's name stands apart, a `<q>` in quotation marks."""
    if tag == "cite" and reading.tail[-1:].isalnum():
        reading.add(" ")
    elif frame.quoted:
        reading.add("“")


def _is_unmarked_quote(node: LexborNode, tag: str) -> bool:
    """Whether an element is a quote without marks of its own."""
    return tag == "q" and node.text().strip()[:1] not in set("“„«‚‘»\"'")


def _leave(reading: ReadingState) -> None:
    """Closes the innermost frame."""
    if reading.now.breaks:
        reading.flush()
    else:
        reading.divide()
    closed = reading.frames.pop()
    if closed.quoted:
        reading.add("”")
    if closed.alias is not None and closed.alias is not reading.now.alias:
        closed.alias.end = reading.length


def _frame(node: LexborNode, tag: str, names: str, around: TextFrame) -> TextFrame:
    """The state inside an element."""
    attributes = node.attributes or {}
    reason = _reason(node, tag, names, around)
    kind = kind_of(tag, names)
    if kind and kind[0] is BlockKind.STANDFIRST and around.kind is not BlockKind.PARAGRAPH:
        kind = None
    breaks = tag in BREAKS or tag == "pre" or kind is not None or (tag == "cite" and around.kind is BlockKind.QUOTE)
    if not (attributes or breaks or reason != around.reason):
        return replace(
            around,
            node=node.mem_id,
            breaks=False,
            linked=around.linked or tag == "a",
            stressed=around.stressed or tag in STRESSED,
            quoted=_is_unmarked_quote(node, tag),
        )
    word, alias_text = instruction_of(attributes)
    only = around.only or (word == "only" and around.reason != EDITORS_SKIP)
    language = tidy_tag(attributes.get("lang") or "") if breaks and tag != "html" else None
    alias = around.alias
    if word == "alias" and alias is None and (alias_text := tidied_text(alias_text)[0]):
        alias = Alias(alias_text, 0)
    elif (
        tag == "abbr"
        and alias is None
        and (said := said_for(node.text().strip(), (attributes.get("title") or "").strip()))
    ):
        alias = Alias(said, 0)
    struct = around.struct
    if tag == "dl":
        struct = node.mem_id if is_struct(node, inside=struct > 0) else 0
    elif struct and tag == "dt":
        reason = reason or FIELD_NAME
    elif struct and tag == "dd":
        field = field_of(node)
        kind, reason = (field.kind, field.level), reason or field.reason
    pre = around.pre or tag == "pre"
    boxes = (
        (*around.boxes[-MAX_BOXES:], Box(tag=tag, names=(attributes.get("class") or "").lower()))
        if tag in BOXES
        else around.boxes
    )
    return TextFrame(
        node=node.mem_id,
        kind=kind[0] if kind else around.kind,
        level=kind[1] if kind else around.level,
        reason=None if word == "only" and only else reason,
        language=language or around.language,
        only=only,
        linked=around.linked or tag == "a",
        anchored=around.anchored or (tag == "a" and _LEADS_WITHIN.match(attributes.get("href") or "") is not None),
        stressed=around.stressed or tag in STRESSED,
        pulled=around.pulled or (node.mem_id if is_pull_quote(names) else 0),
        breaks=breaks,
        boxes=boxes,
        article=boxes[-1] if tag == "article" else around.article,
        alias=alias,
        tables=around.tables + (tag == "table"),
        divider=_divider(node, tag, around),
        pre=pre,
        struct=struct,
        quoted=_is_unmarked_quote(node, tag),
        post=is_post(names) or (around.post and tag != "p"),
    )


def _divider(node: LexborNode, tag: str, around: TextFrame) -> Divider | None:
    """How text directly inside an element is split."""
    if tag == "body":
        return paragraphs
    if around.pre:
        return around.divider
    return divider_of(node) if tag == "pre" else None


def _reason(node: LexborNode, tag: str, names: str, around: TextFrame) -> str | None:
    """The outermost reason wins, except that the editors' own always applies."""
    in_quote = tag == "footer" and around.kind is BlockKind.QUOTE
    own = None if in_quote else element_skip_reason(tag, node.attributes or {}, names)
    if own == STRUCK and _is_compared(node):
        own = None
    own = own or (_reason_of_link(node, names) if tag == "a" else None)
    return own if own == EDITORS_SKIP else around.reason or own


def _reason_of_link(node: LexborNode, names: str) -> str | None:
    """Skip reason for a link: it looks like a button, is a keyword in a list, or holds a title with its summary."""
    if is_button(node, names):
        return "button"
    attributes = node.attributes or {}
    if "tag" in (attributes.get("rel") or "").split() and node.parent is not None and node.parent.tag == "li":
        return "tags"
    leads = (attributes.get("href") or "#")[:1] != "#"
    holds_summary = leads and node.css_first("p") is not None and len(node.text()) <= MAX_SUMMARY
    return "links to other articles" if holds_summary else None


def _is_compared(node: LexborNode) -> bool:
    """Whether the sentence needs the struck words: `costs £4 instead of <s>£5</s>.`"""
    before = node.prev
    return before is not None and before.tag == "-text" and bool(_COMPARES.search((before.text_content or "")[-30:]))


def _whole(node: LexborNode, tag: str, frame: TextFrame, reading: ReadingState) -> bool:
    """Reads an element that is a single piece, or that is set inside a sentence without being part of it."""
    if tag == "table" and frame.tables <= tables.MAX_NESTED and not tables.arranges_page(node):
        _alone(reading, frame, BlockKind.TABLE, tables.table_text(node), tables.title_of(node))
    elif tag == "pre" and not reading.now.pre and not is_prose(node):
        _alone(reading, frame, BlockKind.CODE, node.text())
    elif tag == "a" and _LEADS_TO_POST.match(node.text()):
        _inside(reading, node, frame, frame.reason or "web address")
    elif tag in HIDDEN_TEXT:
        _inside(reading, node, frame, frame.reason or HIDDEN_TEXT[tag])
    elif tag in ("sup", "sub") and len(node.text()) <= MAX_MARK and not frame.reason:
        _raised(node, tag, frame, reading)
    elif frame.reason and frame.reason != reading.now.reason and not frame.breaks and not _holds_blocks(node):
        _inside(reading, node, frame, frame.reason)
    else:
        return False
    return True


def _raised(node: LexborNode, tag: str, frame: TextFrame, reading: ReadingState) -> None:
    """Adds raised or lowered text in the form that is said, or sets a footnote mark aside."""
    behind = node.next.text_content or "" if node.next is not None and node.next.tag == "-text" else ""
    said = None
    if node.css_first("a") is None:
        said = lowered_text(node.text()) if tag == "sub" else raised_text(node.text(), reading.tail, behind)
    if said is None:
        _inside(reading, node, frame, "footnote mark")
    else:
        reading.add(said)


def _alone(reading: ReadingState, frame: TextFrame, kind: BlockKind, text: str, title: str | None = None) -> None:
    reading.flush()
    line, _, dropped = tidied_text(text)
    if line:
        alias = frame.alias.said if frame.alias and frame.alias is not reading.now.alias else None
        reading.out.append(
            Piece(
                kind=kind,
                text=line,
                skip_reason=frame.reason,
                language=frame.language,
                only=frame.only,
                title=title,
                announcement=alias,
                boxes=frame.boxes,
                article=frame.article,
                dropped=dropped,
            )
        )


def _inside(reading: ReadingState, node: LexborNode, frame: TextFrame, reason: str) -> None:
    line, _, dropped = tidied_text(node.text(separator=" "))
    if line:
        reading.behind.append(
            Piece(
                kind=BlockKind.PARAGRAPH,
                text=line,
                skip_reason=reason,
                linked=len(line),
                boxes=frame.boxes,
                article=frame.article,
                dropped=dropped,
            )
        )


def _holds_blocks(node: LexborNode) -> bool:
    return node.css_first("p, div, ul, ol, table, h2, h3, h4, section") is not None
