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

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tts_service.corrections.cases.comments import comment_words, named_word
from tts_service.corrections.cases.likeness import folded, text_digest
from tts_service.corrections.cases.reported import (
    PASSAGES,
    Reported,
    bare_word,
    function_words,
    has_digit,
    inflections,
    is_function_word,
    is_often_misread,
    word_key,
)

Kind = Literal["word", "sentence", "passage", "clip"]
_SHORT_BLOCK = 300
"""Characters up to which a block that was read by mistake is one passage; a longer one is reported by sentence."""


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
    return ReportSubject(kind="sentence", key=text_digest(report.sentence))


def case_keys(report: Reported) -> dict[str, int]:
    """Keys under which a case about a word of the sentence can stand -> index of the word."""
    found: dict[str, int] = {}
    for index, word in enumerate(report.words):
        for key in (word_key(word.text, report), *inflections(word.text, report)):
            found.setdefault(key, index)
    return found


def _word(report: Reported, known: Mapping[str, int]) -> int | None:
    if (named := named_word(report)) is not None:
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
    if is_often_misread(report, tapped):
        return tapped
    around = [index for index in (tapped + 1, tapped - 1) if 0 <= index < len(report.words)]
    most = max((tapped, *around), key=lambda index: _reports(report, index, known))
    if most != tapped or _reports(report, tapped, known):
        return most
    likely = [index for index in around if is_often_misread(report, index)]
    return likely[0] if likely and is_function_word(report, tapped) else tapped


def _only(report: Reported, known: Mapping[str, int]) -> int | None:
    """The one word that a report about the whole sentence can mean; None: there is none, or several."""
    if report.category == "other":
        return None
    indexes = range(len(report.words))
    if report.category == "number":
        numbers = [index for index in indexes if has_digit(report.words[index].text)]
        return numbers[0] if len(numbers) == 1 else None
    open_about = sorted(((_reports(report, index, known), index) for index in indexes), reverse=True)
    if open_about and open_about[0][0] > (open_about[1][0] if len(open_about) > 1 else 0):
        return open_about[0][1]
    likely = [index for index in indexes if is_often_misread(report, index)]
    return likely[0] if len(likely) == 1 else None


def _passage(report: Reported) -> ReportSubject:
    if report.category == "missing" and report.skipped:
        said = set(comment_words(report.comment)) - function_words(report.language)
        quoted = [len(said & set(folded(text).split())) for text in report.skipped]
        # Blocks of a tie stand nearest first.
        text = report.skipped[quoted.index(max(quoted))]
        return ReportSubject(kind="passage", key=f"missing {text_digest(text)}", written=text)
    whole = report.category == "extra" and 0 < len(report.block) <= _SHORT_BLOCK
    text = report.block if whole else report.sentence
    return ReportSubject(kind="passage", key=f"{report.category} {text_digest(text)}", written=text)


def _about(report: Reported, word: int) -> ReportSubject:
    written = report.words[word].text
    return ReportSubject(
        kind="word", key=word_key(written, report), written=bare_word(written, report.language), word=word
    )
