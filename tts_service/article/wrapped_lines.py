"""Joins the lines of pasted text that were wrapped at a width, and the words that a line's end divides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tts_service.article.furniture import line_skip_reason
from tts_service.article.pieces import word_set

MIN_WIDTH, MAX_WIDTH = 40, 100
"""Characters of the longest line of wrapped text."""
_DIVIDED = re.compile(r"[^\W\d_]{2,}[-\u2010]$")
_KEPT = word_set("und oder bis sowie als bzw and or to y o e u et ou ed")
"""Words behind a hyphen that stands for a missing part: "Vor- und Nachteile"."""
_ENDS = re.compile(r"[.!?…:][\"'”’»“)\]]*$")
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{3}[.!?][\"'”’»“)]* +[\"'“„«‘¿¡(]*[A-ZÄÖÜÀ-Þ]")
_LEADS_ON = word_set(
    "the a an of in on at to for from by with and or but that which who as than into its his her their our is are was "
    "were has had have be been not der die das den dem des ein eine einen einem einer und oder aber dass weil wenn als "
    "in im an am auf aus bei mit nach von vom vor zu zum zur für über unter um durch gegen ohne sich nicht ist sind "
    "hat haben wird werden le la les un une des du de et ou mais que qui dont dans sur sous par pour avec sans ne pas "
    "est sont a ont el los las una unos del al y o pero en con sin por para su se no es son ha han il lo gli i di da "
    "nel nella della dello dei degli delle alla allo ai agli dal dalla sul sulla nei tra fra ed che è sono"
)
"""Words that no line ends with unless it was wrapped."""
_WANTS_NOUN = re.compile(
    r"(?<!\w)(?:d(?:er|ie|as|e[nms])|k?ein(?:e[nmrs]?)?|im|am|beim|zu[mr]|vom|ins) [a-zäöüß]{2,}e[nmrs]?$"
)
"""A German article and its adjective: the noun, with its capital, stands below."""


def paragraphs_of(lines: Sequence[str]) -> list[str]:
    """The lines without blank lines between them, wrapped ones joined."""
    lines = [line.strip() for line in lines]
    width = max(map(len, lines), default=0)
    wraps = MIN_WIDTH <= width <= MAX_WIDTH and any(
        _is_wrapped(one, two, width) and _is_text(one, two) for one, two in pairwise(lines)
    )
    out: list[str] = []
    for place, line in enumerate(lines):
        before = lines[place - 1] if place else ""
        if out and _divides_word(before, line):
            out[-1] = out[-1][:-1] + line
        elif out and (_goes_on(before, line) or (wraps and _is_full(before, line, width))) and _is_text(before, line):
            out[-1] += f" {line}"
        else:
            out.append(line)
    return out


def _is_wrapped(line: str, below: str, width: int) -> bool:
    """Whether a line's end shows that its text goes on below."""
    if not _is_full(line, below, width) or _ENDS.search(line):
        return False
    last = line.split()[-1]
    leads_on = last.endswith((",", "-")) or last.casefold() in _LEADS_ON or _WANTS_NOUN.search(line) is not None
    return leads_on or below[0].islower() or _SENTENCE_INSIDE.search(line) is not None


def _is_full(line: str, below: str, width: int) -> bool:
    """Whether the first word below would not have had room in the line."""
    return len(line) + 1 + len(below.split()[0]) > width


def _goes_on(line: str, below: str) -> bool:
    """Whether a sentence goes on whatever the width: in the middle of it, with a small letter."""
    return len(line) >= MIN_WIDTH and below[0].islower() and not _ENDS.search(line)


def _is_text(*lines: str) -> bool:
    """Whether no line is furniture by itself: such lines stand below each other in text pasted from a page."""
    return not any(map(line_skip_reason, lines))


def _divides_word(line: str, below: str) -> bool:
    """Whether a word is divided at the line's end."""
    return bool(_DIVIDED.search(line)) and below[0].islower() and below.split()[0] not in _KEPT
