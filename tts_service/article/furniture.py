"""Page furniture: lines around an article that are not part of it.

Every test matches a whole line, so that a real sentence containing the same words is spoken.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from tts_service.article.clean import one_line
from tts_service.article.furniture_lines import BEGINNINGS, GROUPS, LABELS, LINES, NO_NAMES, words

MAX_LINE = 160
"""Maximum characters of a furniture line. Disclosure and cookie lines are longer; they match by their start."""

_BETWEEN_LABELS = re.compile(
    r" ?[|/·•,:] ?| - | (?=(?:Facebook|Twitter|WhatsApp|LinkedIn|Instagram|Print|E-?[Mm]ail|X\b))"
)
_SECTIONS = re.compile(rf"(?i:{words('section')})(?: ?[>›»/|·→] ?|(?=[A-ZÄÖÜ]))\S.{{0,120}}")
_CRUMB_MARK = re.compile(r"\s[>›»→]\s")
_GLUED = re.compile(r"[a-zäöüß][A-ZÄÖÜ]")
_PUBLISHED, _CLOCK = words("published"), rf"(?:{words('clock')}|[ap]\.?m\.?)"
_DATELINE = re.compile(
    rf"(?:(?:{_PUBLISHED}(?: {words('on')})?:? ?)?(?:\d{{1,2}}[:.]\d{{2}} ?{_CLOCK}?(?: [A-Z]{{2,4}})?, ?)?)?"
    r"(?:[A-ZÄÖÜ][a-zäöü]{1,9}\.?,? )?"
    r"(?:\d{1,2}(?:\.|st|nd|rd|th)? ?[A-ZÄÖÜ][a-zäöü]{2,9}\.?,? \d{4}|[A-Z][a-z]{2,9}\.? \d{1,2},? \d{4}|"
    r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d{2}-\d{2})"
    rf"(?:,? ?(?:{words('at')}|[·|–-])? ?\d{{1,2}}[:.]\d{{2}} ?(?:{_CLOCK}|[A-Z]{{2,4}})?)?",
    re.IGNORECASE,
)
_AGO = re.compile(rf"(?:{_PUBLISHED}:? )?{words('ago')}", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S{1,1200}", re.IGNORECASE)
_TIME = re.compile(
    rf"(?:{words('at')} )?\d{{1,2}}(?:[:.]\d{{2}})?(?: ?{_CLOCK})(?: [A-Z]{{2,4}})?|\d{{1,2}}:\d{{2}}", re.IGNORECASE
)
_DAY = re.compile(r"\d{1,2}\.? [A-ZÄÖÜ][a-zäöü]{2,9}")
_MOMENTS = (_DATELINE, _AGO, _TIME, _DAY)
_DIVIDERS = re.compile(r" ?[|·•] ?| [–—-] ")
_CREDITED = re.compile(
    rf".{{2,140}}[.!? ](?:{words('picture')}s?: ?[^.!?]{{2,50}}|\([\w ]{{2,40}} (?i:{words('picture')})\))"
)
"""A caption in a paragraph of its own: "The quay at dawn. Photo: Ines Moor"."""
_NAME_PART = r"(?:[A-ZÀ-Þ][\w’'.-]{0,30}|d[aei]|de[lnr]?|v[ao]n|la|le)"
_NAME = rf"[A-ZÀ-Þ][\w’'.-]{{0,30}}(?: {_NAME_PART}){{1,4}}"
_BYLINE = re.compile(
    rf"(?:(?i:{words('by')}) ?:? )(?=(?:\S+ ){{1,12}}\S+$){_NAME}(?:(?:,| {words('and')}| &) {_NAME}){{0,4}}"
    rf"(?:(?:,| \||,? in) [\w .&’'-]{{2,50}}(?<![.!?]))?(?:[.,;]? (?i:{words('photographed')}) {_NAME})?"
)
_END = re.compile(r"[.!?…][\"'”’»“)]*$")


def reason_of(line: str) -> str | None:
    """Skip reason for a line of furniture; None if the line is, or may be, part of the article."""
    text = one_line(line[: MAX_LINE * 8])
    for reason, pattern in BEGINNINGS:
        if pattern.match(text) and len(text) < MAX_LINE * 3:
            return reason
    if _ADDRESS.fullmatch(text):
        return "web address"
    if len(text) > MAX_LINE:
        return None
    if _is_label(text):
        return "label"
    for reason, pattern in LINES:
        if pattern.fullmatch(text):
            return reason
    if _DATELINE.fullmatch(text):
        return "dateline standing alone"
    if _AGO.fullmatch(text) or _TIME.fullmatch(text):
        return "dateline standing alone"
    if is_breadcrumb(text):
        return "breadcrumb"
    if is_byline(text) or _is_head_line(text):
        return "byline"
    return "caption" if _CREDITED.fullmatch(text) else None


def _is_head_line(text: str) -> bool:
    """`Newsdesk · 10 March 2025 · 09:12 · 2 min read`: the line below a headline, split by separators."""
    parts = [part.strip() for part in _DIVIDERS.split(text)]
    if not 2 <= len(parts) <= 8 or _END.search(text):
        return False
    known = [any(line.fullmatch(part) for line in _MOMENTS) or is_byline(part) for part in parts]
    return any(known) and all(ok or len(part.split()) <= 4 for ok, part in zip(known, parts, strict=True))


def is_byline(text: str) -> bool:
    """`By Ruth Avery`, `Von Hanna Vogt und Jan Kern`: full names only, not the start of a sentence."""
    if len(text) > MAX_LINE or _BYLINE.fullmatch(text) is None:
        return False
    first = text.split(None, 1)[1].split()[0]
    return first not in NO_NAMES


def _is_label(text: str) -> bool:
    """`Share`, `Date:`, `Share | Tweet | Print`: nothing but labels."""
    if LABELS.fullmatch(text.rstrip(": ")):
        return True
    parts = [part for part in _BETWEEN_LABELS.split(text) if part]
    return len(text) <= 100 and bool(parts) and all(LABELS.fullmatch(part) for part in parts)


def is_breadcrumb(text: str) -> bool:
    """`Home > News > Politics`, or run together as pasted from a web page: `HomeTop NewsPolitics`."""
    if len(text) > MAX_LINE or _END.search(text):
        return False
    if len(_CRUMB_MARK.findall(text)) >= 2:
        return True
    if not _SECTIONS.fullmatch(text):
        return False
    return bool(_CRUMB_MARK.search(text)) or bool(_GLUED.search(text)) or bool(re.search(r" [/|·] ", text))


def opens_group(line: str) -> bool:
    """Whether the line introduces links to other articles ("Related stories")."""
    text = one_line(line[: MAX_LINE * 2]).rstrip(":").rstrip()
    return len(text) <= 60 and not _END.search(text) and GROUPS.fullmatch(text) is not None


def hangs_on_group(line: str) -> bool:
    """Whether the line can be a link under "Related stories": short and not a complete sentence."""
    text = one_line(line[: MAX_LINE * 2])
    return len(text) <= MAX_LINE and not (text.endswith((".", "!", "…")) and len(text.split()) > 6)


def same_headline(one: str, other: str) -> bool:
    """Whether two headlines match, ignoring case, quotation marks, an added site name and truncation."""
    first, second = bare(one), bare(other)
    if not first or not second:
        return False
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    if len(short) >= 20 and len(long) - len(short) <= 40 and (long.startswith(short) or long.endswith(f" {short}")):
        return True
    if abs(len(first) - len(second)) > 20 or len(long) > 300 or len(short) < 20:
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() > 0.9


def bare(text: str) -> str:
    """A line's words in lower case, without punctuation."""
    return " ".join(re.sub(r"[^\w\s]", " ", text[:400].casefold()).split())
