"""Selects the pieces that are the article, from trafilatura, the publisher's data and the layout.

trafilatura locates the article well, but drops single paragraphs and includes teasers and link lists. Its text is
therefore only compared with our own pieces: covered pieces and uncovered sentences between them are in; pieces that
are all links, or in a card of their own, are out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tts_service.article.candidates import Boxes, Candidate, densest
from tts_service.article.extraction import Words, extracted, known, shingles, words_of
from tts_service.article.furniture import same_headline
from tts_service.article.page_facts import PageFacts
from tts_service.article.pieces import EDITORS_SKIP, Piece, piece
from tts_service.values import BlockKind

NOT_MAIN = "not part of the article's text"
SAID = "said already"
MANY = 0.4
"""If a furniture element holds this share of the article's words, its name was misleading."""
ENOUGH_WORDS = 25
"""Minimum words of an extraction worth following."""
LONG, REPEATED = 10, 0.9
"""Minimum words of a piece, and share of them already spoken, for it to be a repetition (teaser, pull quote)."""
MAX_STANDFIRST = 3
"""Maximum pieces of a standfirst; an element of that name with more is something else."""
NEAR = 3
"""Pieces before the first or after the last certain one that may still belong to the article."""


def main_only(pieces: Sequence[Piece], source: str, facts: PageFacts) -> list[Piece]:
    """The same pieces; those outside the article are skipped, with the reason.

    Args:
        pieces: all pieces of the page; furniture is already skipped by element name.
        source: the page's HTML.
        facts: the page's metadata.
    """
    candidates = [Candidate(item, words_of(item.text)) for item in pieces]
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
    for one in candidates:
        sure = strict.covers(one.words) or published.covers(one.words) or not strict.words
        one.sure = one.found and one.is_free and sure
    _choose(candidates, facts)
    return _decided(candidates)


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
    anchors = [i for i, one in enumerate(candidates) if one.is_anchor and not boxes.in_card(one)]
    anchors = anchors or [i for i, one in enumerate(candidates) if one.found] or [0]
    head = _head(candidates, facts.titles, anchors[0])
    _only_this_article(candidates, boxes, head)
    anchors = [i for i in anchors if candidates[i].is_free] or anchors
    homes = {candidates[i].item.box for i in anchors}
    outers = {candidates[i].item.outer for i in anchors}
    first, last = anchors[0], anchors[-1]
    for index, one in enumerate(candidates):
        near = one.item.box in homes
        beside = near or one.item.outer in outers or one.item.box in outers or one.item.outer in homes
        if one.is_free and not boxes.in_card(one):
            one.inside = _belongs(one, index - first, index - last, near, beside)
    if head is not None:
        _take_head(candidates, head, boxes, facts.summary)
    _drop_loose_ends(candidates)


def _belongs(one: Candidate, behind_first: int, behind_last: int, near: bool, beside: bool) -> bool:
    """Whether a piece without a skip reason belongs to the article.

    Args:
        behind_first: the piece's position after the article's first certain sentence, in pieces.
        behind_last: the same for the last certain sentence.
        near: the piece's box contains certain sentences.
        beside: the piece's box is a sibling, parent or child of such a box.
    """
    among = behind_first >= 0 >= behind_last
    kind = one.item.kind
    if one.is_link:
        return among and one.sure and kind is BlockKind.HEADING
    if one.sure or (one.found and (among or one.is_prose)):
        return True
    if kind in (BlockKind.CAPTION, BlockKind.TABLE, BlockKind.CODE):
        return beside and behind_first >= -NEAR and behind_last <= NEAR
    if near and behind_first >= -NEAR and behind_last <= 0:
        return one.is_prose or kind is BlockKind.LIST_ITEM or (kind is BlockKind.HEADING and among)
    return among and beside and one.is_prose


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
    article = candidates[head].item.article if head is not None else 0
    if not article or boxes.words(article) < ENOUGH_WORDS:
        return
    for one in candidates:
        other = one.item.article
        if other and one.is_free and article not in one.item.boxes and other not in candidates[head or 0].item.boxes:
            one.item = replace(one.item, skip_reason=NOT_MAIN)


def _take_head(candidates: Sequence[Candidate], head: int, boxes: Boxes, summary: str | None) -> None:
    """Includes the headline, and the standfirst between it and the text, even if the extractions omit them."""
    candidates[head].inside = True
    first = next((i for i, one in enumerate(candidates) if i > head and one.inside and one.is_prose), head + 1)
    between = [one for one in candidates[head + 1 : first] if one.is_free and not boxes.in_card(one, candidates[head])]
    named = [one for one in between if one.item.kind is BlockKind.STANDFIRST]
    if not 0 < len(named) <= MAX_STANDFIRST:
        opening = words_of(summary or "")
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
            if one.item.kind is not BlockKind.HEADING or one.item.level == 1:
                return
            one.inside = False


def _decided(candidates: Sequence[Candidate]) -> list[Piece]:
    """The pieces; those outside the article or already spoken carry a skip reason."""
    spoken: set[Words] = set()
    out = []
    for one in candidates:
        item = one.item
        if one.is_free and not item.only:
            parts = shingles(one.words)
            again = len(one.words) >= LONG and sum(map(spoken.__contains__, parts)) >= REPEATED * len(parts)
            if not one.inside or again:
                item = replace(item, skip_reason=SAID if one.inside else NOT_MAIN)
            else:
                spoken.update(parts)
        out.append(item)
    return out
