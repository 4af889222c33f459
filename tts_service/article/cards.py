"""Finds cards by their structure: boxes that ask, link elsewhere, play something or show a picture or a person."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from tts_service.article import furniture
from tts_service.article.box import Box
from tts_service.article.calls import is_call_link
from tts_service.article.credits import is_about_person
from tts_service.article.pieces import Piece
from tts_service.values import BlockKind

MAX_WORDS = 60
"""Maximum words of a card; a longer box is text."""
MAX_PIECES = 16
MAX_ASKING, MAX_PROSE = 6, 3
"""Maximum pieces, and sentences, of a card that asks for something."""
MIN_SHARES = 2
"""Minimum answers of a poll with their shares."""
PART = 3
"""A card holds at most a third of all words: otherwise it is the article."""
LINKED = 0.5
"""Minimum share of a piece's text inside links for it to lead elsewhere."""
TEASER = 4
"""Maximum pieces of a link with its summary."""
TEASERS = 0.6
"""If teasers hold more than this share of all words, they are what the page is about: a list of products or places."""
PLAYED, SENTENCE = 30, 20
"""Maximum words beside a player, and of one piece of them."""
PICTURED = 40
"""Maximum words of a picture's caption with its credit."""
SMALL = 45
"""Maximum words of a box that is furniture because most of its lines are."""
TEXT = 0.3
"""Minimum share of the words of all sentences in boxes of one shape for it to be the text's."""
SLOT = 12
"""Maximum words beside a script, or beside a picture that they don't describe in a sentence."""
LABEL = 8
"""Maximum words of a card's own heading."""
_END = re.compile(r"[.!?…][\"'”’»“)\]]*$")
_LENGTH = re.compile(r"(?<![\d:])\d{1,2}(?::\d{2}){1,2}(?![\d:])|\d{1,3} ?[Mm]in(?:ut\w{1,3}|\b)")
"""How long a sound is."""
_PERCENT = re.compile(r".{0,80}\d{1,3}(?:[.,]\d)? ?%")
_CREDITS = frozenset(("picture credit", "caption", "copyright"))
_ALSO_IN_TEXT = frozenset(
    ("dateline standing alone", "web address", "agency credit", "caption", "picture credit", "contact", "notice")
)
"""Lines that also stand among text: the time of a live blog's entry, a call to send pictures."""
LINKS = "links to other articles"


@dataclass(slots=True)
class _Content:
    """What a box holds, as far as it can be a card."""

    outer: Box | None = None
    places: list[int] = field(default_factory=list)
    """The first pieces in it, skipped ones too."""
    free: list[Piece] = field(default_factory=list)
    words: int = 0
    links: int = 0
    """Links to other articles that are skipped already."""
    calls: int = 0
    """Links in it that stand alone, and ask readers to go elsewhere."""


def skip_cards(pieces: Sequence[Piece], names: Collection[str] = ()) -> list[Piece]:
    """The same pieces; those in cards carry a skip reason.

    Args:
        pieces: an article's or a page's pieces in order.
        names: the authors' names, if known.
    """
    contents = _contents(pieces)
    total = sum(len(item.text.split()) for item in pieces if item.skip_reason is None)
    cards = {box: content for box, content in contents.items() if _may_be_card(content, total)}
    reasons = {box: reason for box, content in cards.items() if (reason := _reason(box, content, names))}
    texts = _text_shapes(pieces)
    calling = {box for box, content in cards.items() if content.calls and not _is_like_text(box, contents, texts)}
    reasons |= dict.fromkeys(_innermost(contents, cards, calling), LINKS)
    asking = {box for box in cards if box.asks}
    reasons |= dict.fromkeys(_innermost(contents, cards, asking), "form") | dict.fromkeys(_leading(cards, total), LINKS)
    out = []
    for item in pieces:
        reason = next((reasons[box] for box in item.boxes if box in reasons), None)
        undecided = not (item.skip_reason or item.only or item.directions)
        if reason and undecided:
            item = replace(item, skip_reason=furniture.line_skip_reason(item.text) or reason)
        out.append(item)
    return out


def _contents(pieces: Sequence[Piece]) -> dict[Box, _Content]:
    found: dict[Box, _Content] = defaultdict(_Content)
    for place, item in enumerate(pieces):
        outer, free = None, item.skip_reason is None
        words, calls = (len(item.text.split()), is_call_link(item)) if free and item.boxes else (0, False)
        for box in item.boxes:
            content = found[box]
            content.outer, outer = outer, box
            if len(content.places) <= MAX_PIECES:
                content.places.append(place)
                content.free += [item] if free else []
            content.words += words
            content.links += item.skip_reason == LINKS
            content.calls += calls
    return dict(found)


def _may_be_card(content: _Content, total: int) -> bool:
    small = 0 < content.words <= MAX_WORDS and len(content.places) <= MAX_PIECES and content.words * PART <= total
    return small and all(item.level != 1 for item in content.free)


def _reason(box: Box, content: _Content, names: Collection[str]) -> str | None:
    """Why a box is a card by what it shows; None if it isn't."""
    texts = [item.text for item in content.free]
    if _is_poll(content):
        return "poll"
    if box.players and content.words <= PLAYED and all(len(text.split()) < SENTENCE for text in texts):
        return "embedded"
    known = [furniture.line_skip_reason(text) for text in texts]
    credited = any(reason in _CREDITS for reason in known)
    if box.pictures and credited and len(texts) <= 3 and content.words <= PICTURED:
        return "caption"
    if box.icons and content.words <= PLAYED and any(map(_LENGTH.search, texts)):
        return "player"
    if len(texts) == 1 and content.words <= SLOT and content.free[0].kind is BlockKind.PARAGRAPH:
        if box.slots:
            return "advertisement"
        if box.pictures and not furniture.ends(texts[0]) and not texts[0].endswith((":", "?")):
            return "caption"
    if content.links > 1 and len(texts) == 1 and content.words <= LABEL and not furniture.ends(texts[0]):
        return LINKS
    if is_about_person(texts, names):
        return "byline"
    telling = [reason for reason in known if reason and reason not in _ALSO_IN_TEXT]
    said = any(reason is None and _is_prose(item) for item, reason in zip(content.free, known, strict=True))
    most = sum(reason is not None for reason in known) * 2 >= len(texts) > 1 and content.words <= SMALL
    return telling[0] if most and len(telling) > said else None


def _is_poll(content: _Content) -> bool:
    """Whether a box holds shares of votes, with a question or a count, and little else: not the text around a poll."""
    texts = [item.text for item in content.free]
    others = [item for item in content.free if _PERCENT.fullmatch(item.text) is None]
    if len(texts) - len(others) < MIN_SHARES or sum(map(_is_prose, others)) > MAX_PROSE:
        return False
    return furniture.has_votes(texts) or any(text.endswith("?") for text in texts)


def _text_shapes(pieces: Sequence[Piece]) -> frozenset[tuple[str, str]]:
    """The shapes of the boxes that hold much of the text."""
    words: Counter[tuple[str, str]] = Counter()
    for item in pieces:
        if item.skip_reason is None and item.linked * 2 <= len(item.text) and _is_prose(item):
            words[item.box.shape] += len(item.text.split())
    return frozenset(shape for shape, count in words.items() if count >= TEXT * words.total())


def _is_like_text(box: Box, contents: dict[Box, _Content], texts: Collection[tuple[str, str]]) -> bool:
    """Whether a box has the shape of those that hold the text, and stands in none of them."""
    if box.shape not in texts:
        return False
    around = contents[box].outer
    while around is not None and around.shape != box.shape:
        around = contents[around].outer
    return around is None


def _innermost(contents: dict[Box, _Content], cards: dict[Box, _Content], asking: Collection[Box]) -> set[Box]:
    """Of boxes that ask for something: the innermost with text, and those around it that add no text of their own."""
    asking = {box for box in asking if _is_short(cards[box])}
    around = {contents[box].outer for box in asking}
    found = asking - around
    for box in list(found):
        outer = contents[box].outer
        while outer in asking and not any(_is_prose(item) for item in cards[outer].free if item.box is outer):
            found.add(outer)
            outer = contents[outer].outer
    return found


def _is_short(content: _Content) -> bool:
    """Whether a box holds no more than what is asked for needs: a title, what it is, and the small print."""
    return len(content.free) <= MAX_ASKING and sum(map(_is_prose, content.free)) <= MAX_PROSE


def _leading(cards: dict[Box, _Content], total: int) -> set[Box]:
    """The boxes that lead to other articles: lists of links, links with a summary, and what holds only such boxes."""
    teasers = {box for box, content in cards.items() if _is_teaser(content)}
    innermost = teasers - {cards[box].outer for box in teasers}
    prose = sum(len(item.text.split()) for box in innermost for item in cards[box].free if not leads_elsewhere(item))
    if prose > TEASERS * total:
        teasers = set()
    return teasers | {box for box, content in cards.items() if _is_list_of_links(box, content, teasers)}


def _is_teaser(content: _Content) -> bool:
    """A link, and what it leads to in a sentence or two."""
    free = content.free
    return len(free) <= TEASER and leads_elsewhere(free[0]) and sum(map(leads_elsewhere, free)) == 1 < len(free)


def _is_list_of_links(box: Box, content: _Content, teasers: set[Box]) -> bool:
    """Links with no more than a heading beside them; a bare list, or a heading that is a link, can be text."""
    links = [item for item in content.free if leads_elsewhere(item) or teasers.intersection(item.boxes)]
    others = [item for item in content.free if item not in links]
    others = [item for item in others if not item.text.strip(".").isdigit()]
    bare = not box.pictures and all(item.kind in (BlockKind.LIST_ITEM, BlockKind.HEADING) for item in content.free)
    return bool(links) and not bare and not any(map(_is_prose, others)) and len(others) <= 2


def leads_elsewhere(item: Piece) -> bool:
    """Whether a piece is mostly a link that leaves the article."""
    return item.linked >= LINKED * len(item.text) and not item.anchored


def _is_prose(item: Piece) -> bool:
    return len(item.text.split()) > LABEL or (len(item.text.split()) > 3 and _END.search(item.text) is not None)
