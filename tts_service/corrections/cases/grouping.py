"""What a listener's report is about: the word, sentence, passage or clip by which reports gather into cases.

Listeners tap the word beside the one that they mean, or only the sentence; they name it in the comment, often
misspelt. The rules, in order of what they trust:

1. A missing or superfluous passage is the skipped block next to the sentence, the short block that was read, or else
   the sentence.
2. A word of the sentence that the comment names is the subject: a name or number before an ordinary word, exact before
   nearly right, close to the tapped word before far away. An ordinary word counts only if nothing more likely was
   tapped or stands in the sentence: "the town is pronounced differently" is about the town's name.
3. A fault of the sound without a named word belongs to the sentence.
4. The tapped word is the subject if it is a name or number. An ordinary word gives way to its neighbour if more
   reports are open about that one, and a function word gives way to a name or number beside it.
5. Without a tapped word, the word of the sentence that most open reports are about, or its only name or number; else
   the sentence, and for the category "other" the clip.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tts_service.speakable.language import codes, language_of
from tts_service.speakable.tables import words as word_lists

Kind = Literal["word", "sentence", "passage", "clip"]
PASSAGES = ("missing", "extra")
"""Categories about a passage."""
_LONGEST_KEY = 100
"""Characters; PostgreSQL's index takes 2,704 bytes."""
_SHORT_BLOCK = 300
"""Characters up to which a block that was read by mistake is one passage; a longer one is reported by sentence."""
_COMPARED = 200
"""Words of a passage that are compared with another's."""
ALIKE = 0.6
"""Likeness from which two texts are the same passage in two revisions. Edits of a few words leave 0.67 to 0.95, the
likest of 40 other sentences of news has 0.36 at most."""
_SPLIT = re.compile(r"[\s,;:!?()\[\]{}\"“”„«»‘…]+")
_EDGES = re.compile(r"^[^\w£€$]+|[^\w%]+$")
_QUOTED = re.compile(r"(?:[\"“”„«»]|(?<!\w)['‘])([^\"“”„«»‘’']{2,60})[\"“”»’']")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenWord:
    """A word of the reported sentence."""

    text: str
    start: int
    """First character in the sentence."""
    end: int
    changed: bool = False
    """Whether the normaliser or the lexicon says something else than what is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A report and what it was made about."""

    category: str
    comment: str
    language: str
    """BCP 47 tag of the sentence."""
    clip_id: str
    sentence: str
    """Empty: about no sentence."""
    words: tuple[WrittenWord, ...] = ()
    tapped: int | None = None
    """Index in `words`."""
    block: str = ""
    """Text of the sentence's block."""
    skipped: tuple[str, ...] = ()
    """Texts of the skipped blocks directly around that block, nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSubject:
    """What a report is about."""

    kind: Kind
    key: str
    """Equal for reports that belong together, within site, language, voice and kind."""
    written: str = ""
    """The word or passage as written; empty: the whole sentence or clip."""
    word: int | None = None
    """Index of the word in the sentence."""


def subject_of(report: Reported, open_reports: Mapping[str, int] | None = None) -> ReportSubject:
    """What a report is about; `open_reports`: how many reports the open cases of its words have, by key (`keys_of`)."""
    if not report.sentence:
        return ReportSubject(kind="clip", key=report.clip_id)
    if report.category in PASSAGES:
        return _passage(report)
    word = _word(report, open_reports or {})
    if word is not None:
        return _about(report, word)
    if report.category == "other":
        return ReportSubject(kind="clip", key=report.clip_id)
    return ReportSubject(kind="sentence", key=_digest(report.sentence))


def case_keys(report: Reported) -> dict[str, int]:
    """Keys under which a case about a word of the sentence can stand -> index of the word."""
    found: dict[str, int] = {}
    for index, word in enumerate(report.words):
        for key in (word_key(word.text, report), *inflections(word.text, report)):
            found.setdefault(key, index)
    return found


def word_key(written: str, report: Reported) -> str:
    """The word without what clings to it, in lower case; short forms in capitals stay what they are ("US", "us")."""
    bare = _bare(written, report.language)
    is_short_form = bare.isupper() and len(bare) > 1 and not report.sentence.isupper()
    key = unicodedata.normalize("NFKC", bare) if is_short_form else _folded(bare)
    return key if len(key) <= _LONGEST_KEY else _digest(key)


def inflections(written: str, report: Reported) -> tuple[str, ...]:
    """Keys of other forms of a name: "Müllers" and "Müller" are one case."""
    bare = _bare(written, report.language)
    if not bare[:1].isupper() or bare.isupper() or not bare.isalpha() or len(bare) < 4:
        return ()
    key = word_key(written, report)
    stem = (key[:-1],) if key.endswith("s") and len(key) > 4 else ()
    return (*stem, f"{key}s")


def word_likeness(one: str, other: str) -> float:
    """How much of two texts is the same: the part of their words that stand in both in the same order, 0 to 1."""
    first, second = _bare_words(one)[:_COMPARED], _bare_words(other)[:_COMPARED]
    count = len(first) + len(second)
    # Cheaper, and never less: without regard to the order.
    most = 2 * (Counter(first) & Counter(second)).total() / count if count else 0.0
    return most if most < ALIKE else 2 * _common(first, second) / count


# --- which word ---


def _word(report: Reported, known: Mapping[str, int]) -> int | None:
    if (named := _named(report)) is not None:
        return named
    if report.category == "sound":
        tapped = report.tapped
        is_known = tapped is not None and not report.comment and _reports(report, tapped, known) > 0
        return tapped if is_known else None
    if report.tapped is not None:
        return _at_tap(report, report.tapped, known)
    return _only(report, known)


def _reports(report: Reported, index: int, known: Mapping[str, int]) -> int:
    """How many reports are open about a word."""
    word = report.words[index].text
    return max(known.get(key, 0) for key in (word_key(word, report), *inflections(word, report)))


def _at_tap(report: Reported, tapped: int, known: Mapping[str, int]) -> int:
    """The tapped word, or its neighbour if that one is meant."""
    if _is_likely(report, tapped):
        return tapped
    around = [index for index in (tapped + 1, tapped - 1) if 0 <= index < len(report.words)]
    most = max((tapped, *around), key=lambda index: _reports(report, index, known))
    if most != tapped or _reports(report, tapped, known):
        return most
    likely = [index for index in around if _is_likely(report, index)]
    return likely[0] if likely and _is_function(report, tapped) else tapped


def _only(report: Reported, known: Mapping[str, int]) -> int | None:
    """The one word that a report about the whole sentence can mean; None: there is none, or several."""
    if report.category == "other":
        return None
    indexes = range(len(report.words))
    if report.category == "number":
        numbers = [index for index in indexes if _has_digit(report.words[index].text)]
        return numbers[0] if len(numbers) == 1 else None
    open_about = sorted(((_reports(report, index, known), index) for index in indexes), reverse=True)
    if open_about and open_about[0][0] > (open_about[1][0] if len(open_about) > 1 else 0):
        return open_about[0][1]
    likely = [index for index in indexes if _is_likely(report, index)]
    return likely[0] if len(likely) == 1 else None


def _named(report: Reported) -> int | None:
    """The word of the sentence that the comment names; None: it names none."""
    if not report.comment.strip():
        return None
    said = list(_said(report.comment))
    exact = [index for index in range(len(report.words)) if _is_named(report, index, said)]
    for named in (
        [index for index in exact if _is_all_said(report, index)],
        [index for index in exact if _is_likely(report, index)],
    ):
        if named:
            return _nearest(report, named)
    near = _nearly_named(report, said, exact)
    if near is not None:
        return near
    trusted = [index for index in exact if _is_trusted(report, index)]
    return _nearest(report, trusted) if trusted else None


def _is_named(report: Reported, index: int, said: Sequence[str]) -> bool:
    if _is_function(report, index):
        return index == report.tapped and _is_all_said(report, index)
    written = report.words[index].text
    if any(one.isspace() for one in written):
        return f" {_folded(written)} " in f" {' '.join(said)} "
    bare = _folded(_bare(written, report.language))
    stems = {bare, _folded(written), *inflections(written, report)}
    return any(one in stems or _folded(_bare(one, report.language)) == bare for one in said)


def _is_trusted(report: Reported, index: int) -> bool:
    """Whether an ordinary word in a comment is what the comment is about, and not just a word of its sentence."""
    if report.tapped is not None:
        return abs(report.tapped - index) <= 1 and not _is_likely(report, report.tapped)
    return not any(_is_likely(report, other) for other in range(len(report.words)))


def _is_all_said(report: Reported, index: int) -> bool:
    """Whether the comment is this word alone, or has it in quotes."""
    key = _folded(report.words[index].text)
    quoted = {_folded(_EDGES.sub("", one)) for one in _QUOTED.findall(report.comment)}
    return key == _folded(_EDGES.sub("", report.comment.strip())) or key in quoted


def _nearly_named(report: Reported, said: Sequence[str], exact: Sequence[int]) -> int | None:
    """The likely word, or the one at the tapped place, that the comment misspells."""
    own = {_folded(word.text) for word in report.words}
    unknown = [one for one in said if one not in own and one not in _function_words(report.language)]
    best: tuple[bool, int, int, int] | None = None
    for index, word in enumerate(report.words):
        if index in exact or not _may_be_misspelt(report, index):
            continue
        key = _folded(_bare(word.text, report.language))
        for one in unknown:
            slips = _slips(key, one)
            if slips is not None:
                found = (not _is_likely(report, index), slips, _away(report, index), index)
                best = min(best, found) if best else found
    return best[3] if best else None


def _may_be_misspelt(report: Reported, index: int) -> bool:
    if _is_function(report, index) or _has_digit(report.words[index].text):
        return False
    return _is_likely(report, index) or (report.tapped is not None and abs(report.tapped - index) <= 1)


def _nearest(report: Reported, indexes: Sequence[int]) -> int:
    return min(indexes, key=lambda index: (_away(report, index), index))


def _away(report: Reported, index: int) -> int:
    return 0 if report.tapped is None else abs(report.tapped - index)


def _is_likely(report: Reported, index: int) -> bool:
    """Whether a voice often misreads such a word: a name, a number, a short form, what a rule has changed."""
    word = report.words[index]
    if word.changed or _has_digit(word.text):
        return True
    bare = _EDGES.sub("", word.text)
    inside = index > 0 or sum(one.isupper() for one in bare) > 1
    return inside and any(one.isupper() for one in bare) and not report.sentence.isupper()


def _is_function(report: Reported, index: int) -> bool:
    return report.words[index].text.casefold() in _function_words(report.language)


def _has_digit(text: str) -> bool:
    return any(one.isdigit() for one in text)


@lru_cache(maxsize=64)
def _function_words(language: str) -> frozenset[str]:
    base = language.split("-", 1)[0].lower()
    return word_lists(base).get("function", frozenset()) if base in codes() else frozenset()


# --- passages ---


def _passage(report: Reported) -> ReportSubject:
    if report.category == "missing" and report.skipped:
        said = set(_said(report.comment)) - _function_words(report.language)
        quoted = [len(said & set(_folded(text).split())) for text in report.skipped]
        # Blocks of a tie stand nearest first.
        text = report.skipped[quoted.index(max(quoted))]
        return ReportSubject(kind="passage", key=f"missing {_digest(text)}", written=text)
    whole = report.category == "extra" and 0 < len(report.block) <= _SHORT_BLOCK
    text = report.block if whole else report.sentence
    return ReportSubject(kind="passage", key=f"{report.category} {_digest(text)}", written=text)


def _about(report: Reported, word: int) -> ReportSubject:
    written = report.words[word].text
    return ReportSubject(kind="word", key=word_key(written, report), written=_bare(written, report.language), word=word)


# --- texts ---


def _said(comment: str) -> Iterator[str]:
    """The words of a comment, and respellings in one piece: "HOLLY-rood" is "hollyrood" too."""
    for piece in _SPLIT.split(comment):
        word = _folded(_EDGES.sub("", piece))
        if word:
            yield word
            if "-" in word:
                yield word.replace("-", "")


def _bare(written: str, language: str) -> str:
    """A word without what clings to it: "Holyrood's" -> "Holyrood", "d'Holyrood" -> "Holyrood"."""
    clinging = language_of(language).clinging
    word = _EDGES.sub("", written) or written
    if clinging.behind and (found := clinging.behind.search(word)):
        word = word[: found.start()] or word
    for at, one in enumerate(word):
        if one in "'’" and clinging.before and clinging.before.search(word[: at + 1]):
            word = word[at + 1 :] or word
            break
    return word.rstrip("'’") or word


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").casefold().split())


def _bare_words(text: str) -> list[str]:
    """The words of a text without the marks around them, in lower case."""
    return [bare for word in _folded(text).split() if (bare := _EDGES.sub("", word))]


def _digest(text: str) -> str:
    """A key that is equal for texts that differ only in white space, case and marks."""
    return hashlib.sha256(" ".join(_bare_words(text)).encode("utf-8", "replace")).hexdigest()[:32]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for left in one:
        before = 0
        for at, right in enumerate(other, 1):
            before, row[at] = row[at], (before + 1 if left == right else max(row[at], row[at - 1]))
    return row[-1]


def _slips(one: str, other: str) -> int | None:
    """Slips of the pen between two words (a letter more, less, another, or two swapped), at most one for four letters;
    None: more, or a word too short to tell."""
    shorter = min(len(one), len(other))
    most = (shorter + 1) // 4
    if shorter < 4 or abs(len(one) - len(other)) > most:
        return None
    older: list[int] = []
    old = list(range(len(other) + 1))
    for at, left in enumerate(one, 1):
        row = [at, *[0] * len(other)]
        for place, right in enumerate(other, 1):
            row[place] = min(old[place] + 1, row[place - 1] + 1, old[place - 1] + (left != right))
            if at > 1 and place > 1 and left == other[place - 2] and one[at - 2] == right:
                row[place] = min(row[place], older[place - 2] + 1)
        if min(row) > most:
            return None
        older, old = old, row
    return old[-1] if old[-1] <= most else None
