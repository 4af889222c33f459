"""Word times: assigns phonemes to words; a word without phonemes shares its neighbour's time.

A sentence's phonemes differ from those of its words in a row: espeak-ng joins words ("of the" becomes one group), and
drops and weakens sounds. So the two sequences are aligned (Needleman and Wunsch, 1970) within a band around the
diagonal, as they hardly drift apart.

Kept because difflib finds equal stretches, not the cheapest alignment, and knows no sounds that resemble each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

Span = tuple[float, float]

STRESS = frozenset("ˈˌː")
PUNCTUATION = frozenset(".,:;!?")
VOWELS = frozenset("aeiouyæøœɐɑɒɔəɚɘɛɜɝɞɪɨɯɵʉʊʌʏᵻ")
BOUNDARY = " "
BAND = 12
"""Maximum drift between the two sequences, in phonemes, beyond their difference in length."""
FAR = 1e9
MATCH, SKIP_REFERENCE, SKIP_SPOKEN = 0, 1, 2


@lru_cache(maxsize=20_000)
def mismatch(one: str, other: str) -> float:
    """Cost of matching two phonemes: stress marks are close to each other, vowels close to vowels."""
    if one == other:
        return 0.0
    if BOUNDARY in (one, other):
        return 3.0
    stressed = (one in STRESS) + (other in STRESS)
    if stressed:
        return 0.2 if stressed == 2 else 2.0
    return 0.6 if (one in VOWELS) == (other in VOWELS) else 1.5


@lru_cache(maxsize=20_000)
def omission(phoneme: str) -> float:
    """Cost of a phoneme missing from one sequence: punctuation is free, sounds are not."""
    if phoneme in PUNCTUATION:
        return 0.1
    if phoneme in STRESS:
        return 0.3
    return 0.8 if phoneme == BOUNDARY else 1.0


def words_of_phonemes(words: Sequence[Sequence[str]], spoken: Sequence[str]) -> list[int | None]:
    """Index of the word for each phoneme of a sentence; None if it belongs to none (gap, punctuation).

    Args:
        words: the phonemes of each word on its own.
        spoken: the phonemes of the sentence.
    """
    reference: list[str] = []
    owners: list[int | None] = []
    for index, phonemes in enumerate(words):
        if reference:
            reference.append(BOUNDARY)
            owners.append(None)
        reference.extend(phonemes)
        owners.extend([index] * len(phonemes))
    steps = fill_table(reference, spoken)
    labels: list[int | None] = [None] * len(spoken)
    row, column = len(reference), len(spoken)
    while row or column:
        step = SKIP_SPOKEN if row == 0 else SKIP_REFERENCE if column == 0 else steps[row - 1][column]
        if step == MATCH:
            labels[column - 1] = owners[row - 1]
        row -= step != SKIP_SPOKEN
        column -= step != SKIP_REFERENCE
    return labels


def fill_table(reference: Sequence[str], spoken: Sequence[str]) -> list[bytearray]:
    """The step of the cheapest path into each cell: a row per reference phoneme, a column per spoken one, plus 0."""
    columns = len(spoken)
    drift = BAND + abs(len(reference) - columns)
    skip = [omission(phoneme) for phoneme in spoken]
    above = [0.0]
    for cost in skip:
        above.append(above[-1] + cost)
    steps: list[bytearray] = []
    for row, phoneme in enumerate(reference, start=1):
        centre = row * columns // len(reference)
        here = [FAR] * (columns + 1)
        step = bytearray([SKIP_REFERENCE]) * (columns + 1)
        drop = omission(phoneme)
        here[0] = above[0] + drop
        for column in range(max(1, centre - drift), min(columns, centre + drift) + 1):
            best = above[column - 1] + mismatch(phoneme, spoken[column - 1])
            way = MATCH
            if (cost := above[column] + drop) < best:
                best, way = cost, SKIP_REFERENCE
            if (cost := here[column - 1] + skip[column - 1]) < best:
                best, way = cost, SKIP_SPOKEN
            here[column] = best
            step[column] = way
        steps.append(step)
        above = here
    return steps


def fill_lost(spans: Sequence[Span | None], texts: Sequence[str]) -> list[Span]:
    """Gives each word without a span a share, by letters, of the preceding word's span (at the start, of the
    following word's). Symbols without letters get an empty span. Without any span, all words are at 0."""
    filled = list(spans)
    known = [index for index, span in enumerate(filled) if span is not None]
    if not known:
        return [(0.0, 0.0)] * len(filled)
    if known[0] != 0:
        filled[0], filled[known[0]] = filled[known[0]], None
    out: list[Span] = []
    index = 0
    while index < len(filled):
        after = index + 1
        while after < len(filled) and filled[after] is None:
            after += 1
        out.extend(share(filled[index] or (0.0, 0.0), texts[index:after]))
        index = after
    return out


def share(span: Span, texts: Sequence[str]) -> list[Span]:
    """Splits a span among words by number of letters; without letters the first word gets all of it."""
    start, end = span
    letters = [sum(map(str.isalnum, text)) for text in texts]
    total = sum(letters)
    if not total:
        letters[0] = total = 1
    out: list[Span] = []
    for count in letters:
        stop = start + (end - span[0]) * count / total
        out.append((start, min(stop, end)))
        start = stop
    return out
