"""Detects pull quotes, so that they are not spoken twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tts_service.article.pieces import Piece
from tts_service.values import BlockKind

PULLED = "pull quote, said in the text"
MIN_WORDS = 4
"""Minimum words of a quotation for it to count as taken from the text."""
MAX_NAME = 8
"""Maximum words of the attribution."""
SHINGLE = 3
REPEATED = 0.6
"""Minimum share of a marked pull quote's shingles found in the text: editors shorten quotes."""
_WORDS = re.compile(r"[^\W_]+")
_OPENS, _CLOSES = '“„«"', '”“»"'
_TEXT = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.STANDFIRST, BlockKind.QUOTE)


def pulled_quotes(pieces: Sequence[Piece]) -> set[int]:
    """Indexes of the quotes that only repeat the text. A quote with anything new is kept."""
    paragraphs = [item for item in pieces if item.kind is BlockKind.PARAGRAPH and not (item.skip_reason or item.pulled)]
    text = f" {' '.join(_bare(item.text) for item in paragraphs if not _is_set_apart(item))} "
    found = {
        place
        for place, item in enumerate(pieces)
        if _is_set_apart(item) and not item.pulled and _is_free(item) and _stands_in(item.text, text)
    }
    found |= {place + 1 for place in found if _is_its_source(pieces, place + 1)}
    marked = _marked(pieces)
    if marked:
        texts = [item.text for item in pieces if item.kind in _TEXT and not (item.skip_reason or item.pulled)]
        words = " ".join(map(_bare, texts)).split()
        known = set(_shingles(words))
        whole = f" {' '.join(words)} "
        found.update(*(places for places in marked.values() if _repeats(pieces, places, whole, known)))
    return found


def _is_set_apart(item: Piece) -> bool:
    """A quote, or a paragraph that is nothing but a quotation without a full stop, as on a poster."""
    if item.kind is BlockKind.QUOTE:
        return True
    quoted = item.text[:1] in _OPENS and item.text[-1:] in _CLOSES and item.text[-2:-1] not in ".,!?"
    return item.kind is BlockKind.PARAGRAPH and quoted and not any(mark in item.text[1:-1] for mark in _OPENS[:3])


def _is_its_source(pieces: Sequence[Piece], place: int) -> bool:
    """Whether the piece is the name below a quote, in the same element."""
    if place >= len(pieces) or pieces[place].kind is not BlockKind.QUOTE or not _is_free(pieces[place]):
        return False
    return not pieces[place].pulled and _is_name(pieces[place].text)


def _marked(pieces: Iterable[Piece]) -> dict[int, list[int]]:
    """Indexes of the pieces of each element marked as a pull quote."""
    marked: dict[int, list[int]] = {}
    for place, item in enumerate(pieces):
        if item.pulled and _is_free(item):
            marked.setdefault(item.pulled, []).append(place)
    return marked


def _repeats(pieces: Sequence[Piece], places: Sequence[int], text: str, known: set[tuple[str, ...]]) -> bool:
    """Whether a pull quote repeats the text; an attribution below it doesn't matter."""
    if len(places) > 1 and _is_name(pieces[places[-1]].text):
        places = places[:-1]
    parts = [_bare(pieces[place].text).split() for place in places]
    if max(map(len, parts)) < MIN_WORDS:
        return all(f" {' '.join(part)} " in text for part in parts)
    own = [shingle for part in parts for shingle in _shingles(part)]
    return sum(shingle in known for shingle in own) >= REPEATED * len(own)


def _shingles(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)]


def _is_name(text: str) -> bool:
    """Whether a line looks like the attribution of a quote."""
    return len(text.split()) <= MAX_NAME and not text.endswith((".", "!", "?", "…", "”", "“", "»", '"'))


def _is_free(item: Piece) -> bool:
    return not (item.skip_reason or item.only)


def _stands_in(quote: str, text: str) -> bool:
    words = _bare(quote)
    return len(words.split()) >= MIN_WORDS and f" {words} " in text


def _bare(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))
