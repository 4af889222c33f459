"""Text with one stretch marked: a word in its sentence, cut where it is long."""

from __future__ import annotations

from dataclasses import dataclass

_BEFORE, _AFTER = 60, 110
"""Characters of a long sentence that are shown before and behind the word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedText:
    """A text with one stretch marked."""

    before: str
    word: str = ""
    after: str = ""

    @classmethod
    def of(cls, text: str, start: int | None, end: int | None) -> MarkedText:
        """A text with the characters from start to end marked; None: nothing."""
        if start is None or end is None or not 0 <= start < end <= len(text):
            return cls(before=text)
        return cls(before=text[:start], word=text[start:end], after=text[end:])

    def shortened(self) -> MarkedText:
        """Without what stands far from the word."""
        if not self.word:
            return MarkedText(before=cut_end(self.before, _BEFORE + _AFTER))
        before = self.before
        if len(before) > _BEFORE:
            before = "… " + before[-_BEFORE:].partition(" ")[2]
        return MarkedText(before=before, word=cut_end(self.word, _AFTER), after=cut_end(self.after, _AFTER))


def differing_words(one: str, other: str) -> tuple[MarkedText, MarkedText]:
    """Two texts with the words marked in which they differ: from the first such word to the last."""
    left, right = one.split(), other.split()
    same = 0
    while same < min(len(left), len(right)) and left[same] == right[same]:
        same += 1
    behind = 0
    while behind < min(len(left), len(right)) - same and left[-1 - behind] == right[-1 - behind]:
        behind += 1
    return _between(left, same, behind), _between(right, same, behind)


def _between(words: list[str], same: int, behind: int) -> MarkedText:
    end = len(words) - behind
    before, word, after = (" ".join(some) for some in (words[:same], words[same:end], words[end:]))
    return MarkedText(
        before=f"{before} " if before and (word or after) else before,
        word=word,
        after=f" {after}" if word and after else after,
    )


def cut_end(text: str, most: int) -> str:
    """The beginning of a text, cut between words where it is longer."""
    return text if len(text) <= most else (text[:most].rpartition(" ")[0] or text[:most]) + " …"
