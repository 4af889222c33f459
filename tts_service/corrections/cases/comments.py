"""The word of its sentence that a listener's comment names, also respelled or misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tts_service.corrections.cases.likeness import EDGE_MARKS, count_slips, folded
from tts_service.corrections.cases.reported import (
    Reported,
    bare_word,
    function_words,
    has_digit,
    inflections,
    is_function_word,
    is_often_misread,
)

_SPLIT = re.compile(r"[\s,;:!?()\[\]{}\"“”„«»‘…]+")
_QUOTED = re.compile(r"(?:[\"“”„«»]|(?<!\w)['‘])([^\"“”„«»‘’']{2,60})[\"“”»’']")


def named_word(report: Reported) -> int | None:
    """The word of the sentence that the comment names; None: it names none."""
    if not report.comment.strip():
        return None
    said = list(comment_words(report.comment))
    exact = [index for index in range(len(report.words)) if _is_named(report, index, said)]
    for named in (
        [index for index in exact if _is_all_said(report, index)],
        [index for index in exact if is_often_misread(report, index)],
    ):
        if named:
            return _nearest(report, named)
    near = _nearly_named(report, said, exact)
    if near is not None:
        return near
    trusted = [index for index in exact if _is_trusted(report, index)]
    return _nearest(report, trusted) if trusted else None


def comment_words(comment: str) -> Iterator[str]:
    """The words of a comment, and respellings in one piece: "HOLLY-rood" is "hollyrood" too."""
    for piece in _SPLIT.split(comment):
        word = folded(EDGE_MARKS.sub("", piece))
        if word:
            yield word
            if "-" in word:
                yield word.replace("-", "")


def _is_named(report: Reported, index: int, said: Sequence[str]) -> bool:
    if is_function_word(report, index):
        return index == report.tapped and _is_all_said(report, index)
    written = report.words[index].text
    if any(one.isspace() for one in written):
        return f" {folded(written)} " in f" {' '.join(said)} "
    bare = folded(bare_word(written, report.language))
    stems = {bare, folded(written), *inflections(written, report)}
    return any(one in stems or folded(bare_word(one, report.language)) == bare for one in said)


def _is_trusted(report: Reported, index: int) -> bool:
    """Whether an ordinary word in a comment is what the comment is about, and not just a word of its sentence."""
    if report.tapped is not None:
        return abs(report.tapped - index) <= 1 and not is_often_misread(report, report.tapped)
    return not any(is_often_misread(report, other) for other in range(len(report.words)))


def _is_all_said(report: Reported, index: int) -> bool:
    """Whether the comment is this word alone, or has it in quotes."""
    key = folded(report.words[index].text)
    quoted = {folded(EDGE_MARKS.sub("", one)) for one in _QUOTED.findall(report.comment)}
    return key == folded(EDGE_MARKS.sub("", report.comment.strip())) or key in quoted


def _nearly_named(report: Reported, said: Sequence[str], exact: Sequence[int]) -> int | None:
    """The likely word, or the one at the tapped place, that the comment misspells."""
    own = {folded(word.text) for word in report.words}
    unknown = [one for one in said if one not in own and one not in function_words(report.language)]
    best: tuple[bool, int, int, int] | None = None
    for index, word in enumerate(report.words):
        if index in exact or not _may_be_misspelt(report, index):
            continue
        key = folded(bare_word(word.text, report.language))
        for one in unknown:
            slips = count_slips(key, one)
            if slips is not None:
                found = (not is_often_misread(report, index), slips, _away(report, index), index)
                best = min(best, found) if best else found
    return best[3] if best else None


def _may_be_misspelt(report: Reported, index: int) -> bool:
    if is_function_word(report, index) or has_digit(report.words[index].text):
        return False
    return is_often_misread(report, index) or (report.tapped is not None and abs(report.tapped - index) <= 1)


def _nearest(report: Reported, indexes: Sequence[int]) -> int:
    return min(indexes, key=lambda index: (_away(report, index), index))


def _away(report: Reported, index: int) -> int:
    return 0 if report.tapped is None else abs(report.tapped - index)
