"""A stretch of text -> tokens: each written word with its place, what is said for it, and the marks around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tts_service.speakable import numerals
from tts_service.speakable.foreign_letters import sayable
from tts_service.speakable.readings import Reading
from tts_service.speakable.rules import Rule, RuleSet, asked
from tts_service.values import Token

MAX_WORD = 40
"""Characters of one spoken word; longer ones are divided (espeak-ng grows quadratic, then dies, on endless words)."""
MAX_RUN = 8
"""The same character this often in a row is enough."""

# Marks above and below letters are no word characters to `re`: without them Hindi, Thai and Arabic words fall apart.
_SIGNS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u109f\u1780-\u17d3\u200c"
)
_WORD = re.compile(rf"[^\W_][{_SIGNS}]*(?:[’'\-‑]?[^\W_][{_SIGNS}]*)*")
_PLAIN = re.compile(r"[a-zà-öø-ÿß]{2,40}(?=[\s,;)!?]|$)")
"""A lower-case word with nothing glued to it: nearly all of a text, and nearly always said as written."""
_DIGITS = re.compile(r"\d{1,30}")
_NUMERIC = re.compile(r"[\d²³¹¼-¾⁰-⁹₀-₉\u2150-\u218b\u2460-\u24ff\u2776-\u2793]")
_RUN = re.compile(r"(.)\1{8,}", re.DOTALL)
_PART = re.compile(r"[-‑/]+")
_OPENING = frozenset("“„«‘‚(¿¡\"'")
# Only these reach an engine: what else stands between words says nothing. Straight and single quotes are left out:
# espeak-ng dies of some hundred in a row, and hears no difference. Square brackets would open its phoneme notation.
_BEFORE = {"“": "“", "„": "„", "«": "«", "(": "(", "¿": "¿", "¡": "¡", '"': "“"}
_AFTER = {mark: mark for mark in ".,;:!?…)”»"} | dict(zip('“"–—。！？、，؟،।', "””,,.!?,,?,.", strict=True))
_STOPS = frozenset(".,;:!?…")
_PAUSE = re.compile(
    r"(?:(?<![^\s])(?:-{1,3}|[–—/*])(?=\s)|(?<=\w)-{2,3}(?=\w)|[|•·∙●▪■]{1,3}|(?P<ticker>\+{3,9}|(?<![^\s])\+\+(?=\s|$)))(?=\s*(?P<more>\S)?)"
)
"""Signs between words that stand for a pause; a ticker's pluses end a sentence."""
_OF_PAUSE = frozenset("-–—/*|•·∙●▪■+")
"""What such signs begin with."""
_HYPHENS = frozenset("-‑")
_HANGING = re.compile(r"[-‑](?=[ \u00a0](?:und|u\.|oder|bis|sowie)[ \u00a0])")
"""`Vor- und Nachteile`: what the hyphen stands for follows."""
_TICKER_TIME = re.compile(r"\+{3,9}\s?$")
"""`+++ 18:42 Bridge closed +++`: the news follows its time."""
_ARROW = re.compile(r"[<>]{2,9}(?=\s|$)|[<>]{2,9}(?=[^\W\d])")
"""`>> Read more <<`"""


@dataclass(slots=True)
class _Draft:
    start: int
    end: int
    spoken: tuple[str, ...]
    rules: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    ipa: str | None = None
    pause_before: bool = False


def tokens(text: str, start: int, end: int, rules: RuleSet, readings: Sequence[Reading] = ()) -> tuple[Token, ...]:
    """The tokens of text[start:end], in order and apart: every written word and every sign is in one.

    `readings` (in order, apart) are said as they say; the rules read what stands between them.
    """
    drafts: list[_Draft] = []
    place = start
    for reading in readings:
        if reading.start >= start and reading.end <= end:
            opening = _opening(text, place, reading.start)
            _scan(text, place, opening, rules, drafts, end)
            before = "".join(_BEFORE.get(mark, "") for mark in text[opening : reading.start])[-2:]
            drafts.append(_settled(reading, rules, before))
            place = reading.end
    _scan(text, place, end, rules, drafts, end)
    _close(text, end, drafts)
    return tuple(
        Token(start=d.start, end=d.end, spoken=d.spoken, before=d.before, after=d.after, ipa=d.ipa, rules=d.rules)
        for d in drafts
    )


def says_something(text: str, start: int, end: int, rules: RuleSet, readings: Sequence[Reading] = ()) -> bool:
    """Whether one of `tokens(…)` has a word to say, found out at the first one that has."""
    place = start
    for reading in readings:
        if reading.start >= start and reading.end <= end:
            opening = _opening(text, place, reading.start)
            if _speaks(text, place, opening, rules, end) or _settled(reading, rules, "").spoken:
                return True
            place = reading.end
    return _speaks(text, place, end, rules, end)


def _speaks(text: str, start: int, end: int, rules: RuleSet, seen: int) -> bool:
    place = start
    while place < end:
        found = None if text[place].isspace() else _found(text, place, end, rules, seen)
        if found is not None and found.spoken:
            return True
        place = found.end if found is not None else place + 1
    return False


def _scan(text: str, start: int, end: int, rules: RuleSet, drafts: list[_Draft], seen: int) -> None:
    """Add the drafts of text[start:end]. Rules may look ahead as far as `seen`: the "F." before a name of the lexicon
    is an initial."""
    opened = ""
    place = start
    while place < end:
        character = text[place]
        if character.isspace():
            place += 1
            continue
        found = _found(text, place, end, rules, seen)
        if found is None and (pause := _pause_at(text, place, end)):
            _pause(drafts, ("." if pause["ticker"] else ",") if pause["more"] else "")
            place = pause.end()
            continue
        if found is None:
            opened += _mark(text, place, end, drafts, opened)
            place += 1
            continue
        found.before, opened = opened[-2:] if found.spoken else "", ""
        if found.pause_before:
            _pause(drafts, ",")
        if found.rules:
            _with_possessive(text, end, found)
        if "time" in found.rules and _TICKER_TIME.search(text, max(0, place - 12), place):
            found.after = "," if text[found.end : found.end + 2].lstrip().isalnum() else ""
        drafts.append(found)
        place = found.end


def _pause_at(text: str, place: int, end: int) -> re.Match[str] | None:
    """A sign for a pause that begins here."""
    return _PAUSE.match(text, place, end) if text[place] in _OF_PAUSE else None


def _with_possessive(text: str, end: int, draft: _Draft) -> None:
    """`the U.S.'s role`, `July 4th's parade`: the ending belongs to what a rule has said."""
    behind = draft.end + 2
    if draft.spoken and text[draft.end : min(behind, end)] in ("'s", "’s"):
        if behind < end and text[behind].isalnum():
            return
        draft.end, draft.spoken = behind, (*draft.spoken[:-1], f"{draft.spoken[-1]}'s")


def _opening(text: str, start: int, end: int) -> int:
    """Where the opening marks that end text[start:end] begin; `end` when there are none."""
    place = end
    while place > start and text[place - 1] in _OPENING:
        place -= 1
    return place if place == 0 or text[place - 1].isspace() else end


def _settled(reading: Reading, rules: RuleSet, before: str) -> _Draft:
    said = reading.said
    if reading.read:
        said = " ".join(word for token in tokens(said, 0, len(said), rules) for word in token.spoken)
    return _Draft(reading.start, reading.end, _words(said), (reading.rule,), before=before, ipa=reading.ipa)


def _found(text: str, place: int, end: int, rules: RuleSet, seen: int) -> _Draft | None:
    """The token that begins here; None for a mark that belongs to its neighbour."""
    character = text[place]
    if (ruled := _ruled(text, place, end, rules, seen)) is not None:
        return ruled
    if rules.elided and (head := rules.elided.match(text, place, end)):
        ruled = _ruled(text, head.end(), end, rules, seen)
        if ruled is not None and ruled.spoken:
            return replace(ruled, start=place, spoken=_words(head.group() + " ".join(ruled.spoken)))
    if character.isalnum():
        return _as_written(text, place, end, rules.language)
    if _pause_at(text, place, end):
        return None
    if arrow := _ARROW.match(text, place, end):
        return _Draft(place, arrow.end(), (), ("sign",))
    said = rules.symbols.get(character)
    if said is not None:
        return _Draft(place, place + 1, _words(said), ("symbol",))
    return (
        None if character in _AFTER or character in _BEFORE or character in _OPENING else _Draft(place, place + 1, ())
    )


def _as_written(text: str, place: int, end: int, language: str) -> _Draft:
    """The word that begins here, which no rule has read."""
    word = _WORD.match(text, place, end)
    stop = word.end() if word else place + 1
    written = text[place:stop]
    if stop - place <= MAX_RUN and written.isascii() and written.isalpha():
        found = _Draft(place, stop, (written,))
    else:
        said = _with_numbers(written, language)
        made = ("number",) if said != written else ("letters",) if sayable(written) != written else ()
        found = _Draft(place, stop, _words(said), made)
    if stop - place > 1 and text[stop : stop + 1] in _HYPHENS and _HANGING.match(text, stop, end):
        found.end, found.after = stop + 1, "-"
    return found


def asked_at(text: str, place: int, end: int, rules: RuleSet) -> tuple[Rule, ...]:
    """The rules that are asked about what begins here, stage by stage."""
    character = text[place]
    if character.isdecimal():
        return asked(rules, "digit", character)
    if character.isalnum():
        return asked(rules, "word" if _PLAIN.match(text, place, end) else "letter", character)
    return asked(rules, "sign", character)


def _ruled(text: str, place: int, end: int, rules: RuleSet, seen: int) -> _Draft | None:
    """The token that the rules make of text[place:end]: the longest of the first stage that answers; None when none
    does. What stands behind it, up to `seen`, may decide."""
    candidates = iter(asked_at(text, place, end, rules))
    for best in candidates:
        match = best.pattern.match(text, place, seen)
        if match is not None and match.end() > end:
            match = best.pattern.match(text, place, end)
        if match is None or match.end() == place or (said := best.say(match)) is None:
            continue
        stop, stage = match.end(), best.stage
        for rival in candidates:
            if rival.stage is not stage:
                break
            match = rival.pattern.match(text, place, seen)
            if match is not None and match.end() > end:
                match = rival.pattern.match(text, place, end)
            if match is not None and match.end() > stop and (words := rival.say(match)) is not None:
                stop, best, said = match.end(), rival, words
        first, last = said.startswith(","), said.endswith(",")
        spoken = words_of_answer(said, rules.language)
        return _Draft(place, stop, spoken, (best.name,), after="," if last else "", pause_before=first)
    return None


def words_of_answer(said: str, language: str) -> tuple[str, ...]:
    """A rule's answer as single words, without its pauses."""
    return _words(_with_numbers(said.strip(","), language))


def _with_numbers(word: str, language: str) -> str:
    """The same with digits that no rule has read (`²` and `½` too) in words, as far as the language has some here."""
    if word.isalpha() or not _NUMERIC.search(word):
        return word
    plain = word if word.isascii() else unicodedata.normalize("NFKC", word).replace("⁄", " ")
    return _DIGITS.sub(lambda found: f" {numerals.cardinal(found.group(), language) or found.group()} ", plain).strip()


def _mark(text: str, place: int, end: int, drafts: list[_Draft], opened: str) -> str:
    """Give a mark to the token before it; one that opens is handed back, for the next token."""
    character = text[place]
    first = place == 0 or text[place - 1].isspace() or text[place - 1] in _OPENING or not drafts
    # A tie-break's points stand glued to their set: 7-6(4).
    first = first or (character == "(" and text[place - 1].isdecimal())
    followed = place + 1 < end and not text[place + 1].isspace()
    # French sets a space behind what opens: « oui ».
    if first and character in _OPENING and (followed or (character == "«" and place + 1 < end)):
        return _BEFORE.get(character, "")
    mark = _AFTER.get(character, "")
    if not mark or not drafts:
        return ""
    if character == "." and followed and text[place + 1].isalnum():
        # Inside a name (a.b) or a forgotten space: no voice should stop there.
        return ""
    if character == "." and drafts[-1].rules and drafts[-1].end == place and text[place + 1 : end].strip():
        # The sentence goes on: the dot is the short form's own.
        return ""
    last = next((draft for draft in reversed(drafts[-4:]) if draft.spoken), drafts[-1])
    if character == "–" and followed and not text[place - 1].isspace():
        # Glued between two words (Paris–Lyon) it says nothing; an em dash and a spaced dash are a pause.
        return ""
    if mark in ",;:" and last.after == "." and text[place - 1] == ".":
        # The dot of a short form that no rule knows: "Ffm., dann".
        last.after = mark
        return ""
    if mark in _STOPS and last.after and last.after[-1] in _STOPS:
        if mark == "." == last.after[-1]:
            last.after = last.after[:-1] + "…"
        elif mark in "!?" and last.after[-1] not in "!?":
            last.after = last.after[:-1] + mark
        return ""
    if len(last.after) < 3 and mark not in last.after:
        last.after += mark
    return ""


def _pause(drafts: list[_Draft], mark: str) -> None:
    """A pause behind the last word, unless a mark makes one already."""
    last = next((draft for draft in reversed(drafts[-4:]) if draft.spoken), None)
    if last is not None and not (last.after and last.after[-1] in _STOPS):
        last.after += mark


def _close(text: str, end: int, drafts: list[_Draft]) -> None:
    """The dot of an abbreviation that ends a sentence is its full stop too."""
    if drafts and drafts[-1].rules and drafts[-1].end == end and text[end - 1] == "." and not drafts[-1].after:
        drafts[-1].after = "."


def _words(said: str) -> tuple[str, ...]:
    """What is said as single words that every engine survives."""
    out: list[str] = []
    for word in sayable(said).replace("‑", "-").split():
        word = _RUN.sub(lambda run: run.group(1) * MAX_RUN, word).strip("'’-_.[]")
        if len(word) <= MAX_WORD:
            if any(map(str.isalnum, word)):
                out.append(word)
            continue
        for part in _PART.split(word):
            out += _divided(part)
    return tuple(out)


def _divided(word: str) -> Iterator[str]:
    """Pieces that every engine survives; none begins with a mark that belongs to the letter before."""
    start = 0
    while start < len(word):
        end = start + MAX_WORD
        while end < len(word) and end > start + 1 and unicodedata.category(word[end])[0] == "M":
            end -= 1
        if any(map(str.isalnum, piece := word[start:end])):
            yield piece
        start = end
