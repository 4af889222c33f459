"""Which pieces of a page are its article: trafilatura's word, the publisher's own, and how the pieces stand together.

trafilatura knows where an article lies, but drops single paragraphs and takes link lists with it. So its text is only
held against our own pieces: what it covers is in, a sentence it dropped among them is in, what is all links is out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tts_service.article.furniture import same_headline
from tts_service.article.pieces import EDITORS_SKIP, Piece, piece
from tts_service.article.places import tidied
from tts_service.values import BlockKind

NOT_MAIN = "not part of the article's text"
SAID = "said already"
SHINGLE = 3
"""Words in a row that are looked for in trafilatura's text."""
COVERED = 0.6
"""Share of a piece's shingles that must stand there."""
MANY = 0.4
"""Share of an article's words that no furniture holds: where it does, the element's name meant something else."""
ENOUGH_WORDS = 25
"""Words of an extraction that are worth following."""
LONG, REPEATED = 10, 0.9
"""Words of a piece, and the share of them said before, from which on it is a repetition (a teaser, a pull quote)."""
MAX_STANDFIRST = 3
"""Pieces a standfirst has; an element of that name with more in it is something else."""
NEAR = 3
"""Pieces beyond the article's first and last sure one that may belong to it."""
LINKED = 0.7
"""Share of a piece in links from which on it is one."""
_WORD = re.compile(r"\w+")
_ENDS = re.compile(r"[.!?…:;。！？][\"'”’»“)\]]*$")
_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to hold pieces against."""

    shingles: frozenset[_Words] = frozenset()
    lines: frozenset[_Words] = frozenset()
    words: int = 0

    def covers(self, words: _Words) -> bool:
        """Whether most of these words stand in it in this order; of a short piece, whether it is a line of it."""
        if len(words) <= SHINGLE:
            return words in self.lines
        own = _shingles(words)
        return sum(map(self.shingles.__contains__, own)) >= COVERED * len(own)


def main_only(pieces: Sequence[Piece], source: str, title: str | None, body: str | None) -> list[Piece]:
    """The same pieces; those that are no part of the article are skipped, with the reason.

    Args:
        pieces: all pieces of the page, furniture skipped by the names of its elements.
        source: the page's HTML.
        title: the page's own title.
        body: the article's text as the publisher gives it to machines.
    """
    words = [_words(item.text) for item in pieces]
    texts = (*_extracted(source), body or "")
    loose, strict, published = map(_text, texts)
    found = [bool(own) and (loose.covers(own) or published.covers(own)) for own in words]
    held = sum(len(own) for own, yes in zip(words, found, strict=True) if yes)
    if held < ENOUGH_WORDS:
        if max(loose.words, published.words) > ENOUGH_WORDS + 2 * held:
            # The publisher's own text has its paragraphs.
            return _from_data(pieces, texts[2] if published.words * 1.2 >= loose.words else texts[0])
        found = _densest(pieces, words)
    if not pieces:
        return []
    pieces = _unnamed(pieces, words, found)
    sure = [yes and item.skip_reason is None and (strict.covers(own) or published.covers(own) or not strict.words)
            for item, own, yes in zip(pieces, words, found, strict=True)]  # fmt: skip
    inside = _joined(pieces, words, found, sure, title)
    said: set[_Words] = set()
    out = []
    for item, own, yes in zip(pieces, words, inside, strict=True):
        if item.skip_reason is None and not item.only:
            reason = None if yes else NOT_MAIN
            parts = _shingles(own)
            if yes and len(own) >= LONG and sum(map(said.__contains__, parts)) >= REPEATED * len(parts):
                reason = SAID
            if reason:
                item = replace(item, skip_reason=reason)
            else:
                said.update(parts)
        out.append(item)
    return out


def _words(text: str) -> _Words:
    return tuple(_WORD.findall(text.casefold()))


def _shingles(words: _Words) -> list[_Words]:
    return [words[i : i + SHINGLE] for i in range(len(words) - SHINGLE + 1)]


def _text(text: str) -> _Text:
    words = _words(tidied(text)[0])
    return _Text(frozenset(_shingles(words)), frozenset(map(_words, text.splitlines())), len(words))


def _extracted(source: str) -> tuple[str, str]:
    """What trafilatura takes for the article, in its usual way and in its careful way; empty where it finds none."""
    import trafilatura

    texts = []
    for careful in (False, True):
        try:
            text = trafilatura.extract(source, include_comments=False, favor_precision=careful)
        except (RecursionError, MemoryError, ValueError, OverflowError):
            # Hostile nesting and column counts (trafilatura #657): our own reading of the page stands alone then.
            text = None
        texts.append(text or "")
    return texts[0], texts[1]


def _from_data(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """An article that stands in none of the page's elements, only in its data for machines: a piece per line."""
    outside = [item if item.skip_reason else replace(item, skip_reason=NOT_MAIN) for item in pieces]
    return [piece(BlockKind.PARAGRAPH, line) for line in text.splitlines() if line.strip()] + outside


def _unnamed(pieces: Sequence[Piece], words: Sequence[_Words], found: Sequence[bool]) -> list[Piece]:
    """The pieces without the reasons that would take away much of the article: those names meant something else."""
    held: Counter[str | None] = Counter()
    for item, own, yes in zip(pieces, words, found, strict=True):
        held[item.skip_reason] += len(own) if yes else 0
    total = held.total()
    wrong = {reason for reason, count in held.items() if reason and reason != EDITORS_SKIP and count >= MANY * total}
    if not wrong:
        return list(pieces)
    return [
        replace(item, skip_reason=None) if yes and item.skip_reason in wrong else item
        for item, yes in zip(pieces, found, strict=True)
    ]


def _joined(
    pieces: Sequence[Piece],
    words: Sequence[_Words],
    found: Sequence[bool],
    sure: Sequence[bool],
    title: str | None,
) -> list[bool]:
    """Which pieces are the article, from those trafilatura found and those it is sure of."""
    anchors = [index for index, item in enumerate(pieces) if sure[index] and _is_prose(item, words[index])]
    if not anchors:
        anchors = [index for index, yes in enumerate(found) if yes] or [0]
    boxes = {pieces[index].box for index in anchors}
    outers = {pieces[index].outer for index in anchors}
    first, last = anchors[0], anchors[-1]
    inside = []
    for index, item in enumerate(pieces):
        among = first <= index <= last
        near = item.box in boxes
        beside = near or item.outer in outers or item.box in outers or item.outer in boxes
        prose = _is_prose(item, words[index])
        if item.skip_reason is not None:
            yes = False
        elif _is_link(item):
            yes = among and sure[index] and item.kind is BlockKind.HEADING
        elif sure[index] or (found[index] and (among or prose)):
            yes = True
        elif item.kind in (BlockKind.CAPTION, BlockKind.TABLE, BlockKind.CODE):
            yes = beside and first - NEAR <= index <= last + NEAR
        else:
            headed = item.kind is BlockKind.HEADING and among
            yes = (
                near and (prose or headed or item.kind is BlockKind.LIST_ITEM) and first - NEAR <= index <= last
            ) or (among and beside and prose)
        inside.append(yes)
    _with_head(pieces, inside, title)
    return _without_loose_ends(pieces, inside)


def _with_head(pieces: Sequence[Piece], inside: list[bool], title: str | None) -> None:
    """The page's headline, and the standfirst between it and the text, are the article's, whoever left them out."""
    first = inside.index(True) if True in inside else len(pieces)
    heads = [i for i, item in enumerate(pieces[: first + 1]) if _is_title(item, title)]
    if not heads:
        return
    inside[heads[-1]] = True
    between = range(heads[-1] + 1, first)
    named = [i for i in between if pieces[i].kind is BlockKind.STANDFIRST and pieces[i].skip_reason is None]
    if len(named) <= MAX_STANDFIRST:
        for index in named:
            inside[index] = inside[index] or len(pieces[index].text.split()) >= SHINGLE


def _is_title(item: Piece, title: str | None) -> bool:
    if item.skip_reason or item.kind is not BlockKind.HEADING:
        return False
    return same_headline(item.text, title) if title else item.level == 1


def _without_loose_ends(pieces: Sequence[Piece], inside: list[bool]) -> list[bool]:
    """Headings behind the last text have nothing below them: they head what is no part of the article."""
    for index in range(len(pieces) - 1, -1, -1):
        if not inside[index]:
            continue
        if pieces[index].kind is not BlockKind.HEADING or pieces[index].level == 1:
            break
        inside[index] = False
    return inside


def _is_link(item: Piece) -> bool:
    return item.linked >= LINKED * len(item.text) and item.kind not in (BlockKind.TABLE, BlockKind.CODE)


def _is_prose(item: Piece, words: _Words) -> bool:
    """A sentence or more, not a label, a link or a headline."""
    if item.kind in (BlockKind.HEADING, BlockKind.CAPTION, BlockKind.TABLE, BlockKind.CODE):
        return False
    long = len(words) >= 6 or len(item.text) >= 40
    return long and _ENDS.search(item.text[-12:]) is not None and item.linked * 2 <= len(item.text)


def _densest(pieces: Sequence[Piece], words: Sequence[_Words]) -> list[bool]:
    """Without a word from outside: the box that holds most sentences, or the one around it where they spread."""
    boxes: Counter[int] = Counter()
    outers: Counter[int] = Counter()
    for item, own in zip(pieces, words, strict=True):
        if item.skip_reason is None and _is_prose(item, own):
            boxes[item.box] += len(own)
            outers[item.outer] += len(own)
    if not boxes:
        return [item.skip_reason is None for item in pieces]
    box, most = boxes.most_common(1)[0]
    outer, around = outers.most_common(1)[0]
    if around > most * 1.3:
        return [outer in (item.outer, item.box) for item in pieces]
    return [item.box == box for item in pieces]
