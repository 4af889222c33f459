"""Selects the pieces that are the article, from trafilatura, the publisher's data and the layout.

trafilatura locates the article well, but drops single paragraphs and includes teasers and link lists. Its text is
therefore only compared with our own pieces: covered pieces and uncovered sentences between them are in; pieces that
are all links, or in a card of their own, are out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from tts_service.article.box import Box
from tts_service.article.candidates import Boxes, Candidate, densest, home_of
from tts_service.article.cards import skip_cards
from tts_service.article.extraction import extracted, folded_words, known
from tts_service.article.furniture import line_skip_reason, same_headline
from tts_service.article.page_facts import PageFacts
from tts_service.article.pieces import EDITORS_SKIP, NOT_MAIN, Piece, piece
from tts_service.values import BlockKind

SAID = "said already"
MANY = 0.4
"""If a furniture element holds this share of the article's words, its name was misleading."""
ENOUGH_WORDS = 25
"""Minimum words of an extraction worth following."""
LONG = 10
"""Minimum words of a piece for it to be a repetition of another."""
MAX_STANDFIRST = 3
"""Maximum pieces of a standfirst; an element of that name with more is something else."""
NEAR = 3
"""Pieces before the first or after the last certain one that may still belong to the article."""
CARD = 6
"""Pieces between a list and the line above it among which that line is looked for."""


def main_only(pieces: Sequence[Piece], source: str, facts: PageFacts) -> list[Piece]:
    """The same pieces; those outside the article are skipped, with the reason.

    Args:
        pieces: all pieces of the page; furniture is already skipped by element name.
        source: the page's HTML.
        facts: the page's metadata.
    """
    candidates = [Candidate(item, folded_words(item.text)) for item in pieces]
    loose, strict = extracted(source)
    published = known(facts.body or "")
    for one in candidates:
        one.found = bool(one.words) and (loose.covers(one.words) or published.covers(one.words))
    found_words = sum(len(one.words) for one in candidates if one.found)
    if found_words < ENOUGH_WORDS:
        if max(loose.words, published.words) > ENOUGH_WORDS + 2 * found_words:
            # The publisher's own text keeps its paragraphs.
            return _from_data(pieces, (published if published.words * 1.2 >= loose.words else loose).text)
        densest(candidates)
    if not candidates:
        return []
    _free_the_article(candidates)
    cards = skip_cards([one.item for one in candidates], (facts.author,) if facts.author else ())
    for one, item in zip(candidates, cards, strict=True):
        one.item = item
    for one in candidates:
        sure = strict.covers(one.words) or published.covers(one.words) or not strict.words
        one.sure = one.found and one.is_free and sure
    _choose(candidates, facts)
    return _decided(pieces, candidates)


def _from_data(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """An article that exists only in the page's structured data: one piece per line."""
    outside = [item if item.skip_reason else replace(item, skip_reason=NOT_MAIN) for item in pieces]
    return [piece(BlockKind.PARAGRAPH, line) for line in text.splitlines() if line.strip()] + outside


def _free_the_article(candidates: Sequence[Candidate]) -> None:
    """Drops skip reasons that would remove much of the article: those element names were misleading."""
    words: Counter[str | None] = Counter()
    for one in candidates:
        words[one.item.skip_reason] += len(one.words) if one.found else 0
    enough = MANY * words.total()
    wrong = {reason for reason, count in words.items() if reason and reason != EDITORS_SKIP and count >= enough > 0}
    for one in candidates:
        if one.found and one.item.skip_reason in wrong:
            one.item = replace(one.item, skip_reason=None)


def _choose(candidates: Sequence[Candidate], facts: PageFacts) -> None:
    """Decides which candidates are the article."""
    boxes = Boxes(candidates)
    anchors = [i for i, one in enumerate(candidates) if one.is_anchor]
    anchors = anchors or [i for i, one in enumerate(candidates) if one.found] or [0]
    head = _head(candidates, facts.titles, anchors[0])
    _only_this_article(candidates, boxes, head)
    home = home_of(candidates)
    within = _within(candidates, home, head)
    prose = [i for i in within if candidates[i].is_free and candidates[i].is_prose]
    sure = [i for i in prose if candidates[i].sure]
    if 2 * _words(candidates, sure) < _words(candidates, prose):
        sure = prose
    sure = sure or anchors
    if head is not None and head in within and any(i > head for i in sure):
        sure = [i for i in sure if i > head]
    for index in within:
        one = candidates[index]
        if one.is_free:
            one.inside = _belongs(one, index - sure[0], index - sure[-1], one.is_in(home))
    if head is not None:
        _take_head(candidates, head, facts.summary)
    _take_labels_of_lists(candidates)
    _take_labels_of_boxes(candidates, home)
    _drop_loose_ends(candidates)


def _within(candidates: Sequence[Candidate], home: Box, head: int | None) -> list[int]:
    """Places of the pieces in the article's home, and of those between the headline and it in the box around both."""
    within = [place for place, one in enumerate(candidates) if one.is_in(home)]
    if head is None or not within or head >= within[0]:
        return within
    around = {box for box in candidates[head].item.boxes if box in candidates[within[0]].item.boxes}
    opening = range(head, within[0])
    if not around:
        return within
    shared = [place for place in opening if around <= set(candidates[place].item.boxes)]
    return shared + within


def _words(candidates: Sequence[Candidate], places: Iterable[int]) -> int:
    return sum(len(candidates[place].words) for place in places)


def _belongs(one: Candidate, behind_first: int, behind_last: int, is_home: bool) -> bool:
    """Whether a piece in the article's home, without a skip reason, belongs to the article.

    Args:
        behind_first: the piece's position after the article's first certain sentence, in pieces.
        behind_last: the same for the last certain sentence.
        is_home: it stands in the home itself, not between the headline and it.
    """
    among = behind_first >= 0 >= behind_last
    kind = one.item.kind
    if one.is_link:
        return among and one.sure and kind is BlockKind.HEADING
    if among or (one.sure and (one.is_prose or is_home)):
        return True
    if kind in (BlockKind.CAPTION, BlockKind.TABLE, BlockKind.CODE):
        return behind_first >= -NEAR and behind_last <= NEAR
    if kind in (BlockKind.LIST_ITEM, BlockKind.HEADING):
        return True
    return one.is_prose or one.is_sentence or (one.found and behind_first >= 0)


def _head(candidates: Sequence[Candidate], titles: Sequence[str], first: int) -> int | None:
    """Index of the page's headline: the last one up to the article's first sentence, else the first one after it."""
    heads = [i for i, one in enumerate(candidates) if _is_title(one.item, titles)]
    return next((i for i in reversed(heads) if i <= first), heads[0] if heads else None)


def _is_title(item: Piece, titles: Sequence[str]) -> bool:
    if item.skip_reason or item.kind is not BlockKind.HEADING:
        return False
    return any(same_headline(item.text, title) for title in titles) if titles else item.level == 1


def _only_this_article(candidates: Sequence[Candidate], boxes: Boxes, head: int | None) -> None:
    """On a page with several articles, keeps the one that contains the page's headline."""
    article = candidates[head].item.article if head is not None else None
    if article is None or boxes.words(article) < ENOUGH_WORDS:
        return
    for one in candidates:
        other = one.item.article
        if other and one.is_free and article not in one.item.boxes and other not in candidates[head or 0].item.boxes:
            one.item = replace(one.item, skip_reason=NOT_MAIN)


def _take_head(candidates: Sequence[Candidate], head: int, summary: str | None) -> None:
    """Includes the headline, and the standfirst between it and the text, even if the extractions omit them."""
    candidates[head].inside = True
    first = next((i for i, one in enumerate(candidates) if i > head and one.inside and one.is_prose), head + 1)
    between = [one for one in candidates[head + 1 : first] if one.is_free]
    named = [one for one in between if one.item.kind is BlockKind.STANDFIRST]
    if not 0 < len(named) <= MAX_STANDFIRST:
        opening = folded_words(summary or "")
        named = [one for one in between if len(one.words) >= LONG and one.words[:LONG] == opening[:LONG]][:1]
        named = named or [one for one in between[:1] if _reads_like_standfirst(one)]
    for one in named:
        one.inside = True


def _reads_like_standfirst(one: Candidate) -> bool:
    kind = one.item.kind
    return len(one.words) >= 8 and not one.is_link and (one.is_prose or kind is BlockKind.HEADING)


def _drop_loose_ends(candidates: Sequence[Candidate]) -> None:
    """Drops trailing headings: with no text below them, they introduce something outside the article."""
    for one in reversed(candidates):
        if one.inside:
            if one.item.kind is not BlockKind.HEADING or one.item.level == 1 or one.ends:
                return
            one.inside = False


def _take_labels_of_lists(candidates: Sequence[Candidate]) -> None:
    """Includes a line directly above a list of the article: it says what is listed. Furniture may stand between."""
    for place, below in enumerate(candidates):
        if not (below.inside and below.item.kind is BlockKind.LIST_ITEM):
            continue
        above = (one for one in reversed(candidates[max(0, place - CARD) : place]) if one.is_free)
        label = next((one for one in above if line_skip_reason(one.item.text) is None), None)
        if label is not None and not label.is_link:
            label.inside = True


def _take_labels_of_boxes(candidates: Sequence[Candidate], home: Box) -> None:
    """Includes a line of the article's home that stands directly above a sentence of the article in the same box."""
    for one, below in pairwise(candidates):
        same = one.item.box is below.item.box or one.item.outer is below.item.outer
        if one.is_free and same and not one.is_link and one.is_in(home) and below.inside and below.is_prose:
            one.inside = True


def _decided(pieces: Sequence[Piece], candidates: Sequence[Candidate]) -> list[Piece]:
    """The pieces; those outside the article or said already carry a skip reason."""
    inside = [place for place, one in enumerate(candidates) if one.inside and one.is_free]
    again = _said_again(candidates)
    out = []
    for place, (item, one) in enumerate(zip(pieces, candidates, strict=True)):
        beside = not inside or not inside[0] <= place <= inside[-1]
        if item.skip_reason and item.skip_reason == one.item.skip_reason:
            out.append(item)
        elif one.item.skip_reason and not beside:
            out.append(one.item)
        elif one.inside or item.only:
            out.append(replace(one.item, skip_reason=SAID) if place in again else one.item)
        else:
            out.append(replace(item, skip_reason=NOT_MAIN))
    return out


def _said_again(candidates: Sequence[Candidate]) -> set[int]:
    """Places of long paragraphs that stand in the text before, letter for letter, with nothing new behind them.

    A refrain is said each time: it has text behind it, or comes more than twice.
    """
    spoken = [place for place, one in enumerate(candidates) if one.inside and one.is_free and one.is_said]
    places: dict[str, list[int]] = defaultdict(list)
    for place in spoken:
        places[candidates[place].item.text].append(place)
    last_new = max((first for first, *_ in places.values()), default=-1)
    twice = (again for again in places.values() if len(again) == 2)
    return {second for _, second in twice if second > last_new and len(candidates[second].words) >= LONG}
