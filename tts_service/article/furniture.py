"""Page furniture: lines around an article that are not part of it.

Every test matches a whole line, so that a real sentence containing the same words is spoken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from tts_service.article.clean import one_line
from tts_service.article.credits import (
    credit_of_staff,
    is_agency_credit,
    is_byline,
    is_name,
    is_picture_credit,
    is_signed,
)
from tts_service.article.element_names import reason_by_name
from tts_service.article.furniture_lines import any_word, furniture_pattern, furniture_patterns

MAX_CALL = 14
"""Maximum words of a call to readers."""
MAX_ROW = 12
"""Maximum words of a row of labels."""
MAX_LINE = 160
"""Maximum characters of a furniture line. Disclosure and cookie lines are longer; they match by their start."""

_BETWEEN_LABELS = re.compile(
    r" ?[|/·•,:] ?| - | (?=(?:Facebook|Twitter|WhatsApp|LinkedIn|Instagram|Print|E-?[Mm]ail|X\b))"
)
_SECTIONS = re.compile(rf"(?i:{any_word('section')})(?: ?[>›»/|·→] ?|(?=[A-ZÄÖÜ]))\S.{{0,120}}")
_CRUMB_MARK = re.compile(r"\s[>›»→]\s")
_GLUED = re.compile(r"[a-zäöüß][A-ZÄÖÜ]")
_PUBLISHED, _CLOCK = any_word("published"), rf"(?:{any_word('clock')}|[ap]\.?m\.?)"
_CLOCKED = rf"\d{{1,2}}[:.h]\d{{2}}(?: ?{_CLOCK})?(?: [A-Z]{{2,4}})?"
_MONTH = r"(?:de )?[A-ZÄÖÜ][a-zäöüéû]{2,9}\.?,?"
_DATELINE = re.compile(
    rf"(?:(?:{_PUBLISHED}(?: {any_word('on')})?:? ?)?(?:{_CLOCKED}, ?)?)?(?:[A-ZÄÖÜ][a-zäöüéèì]{{1,9}}\.?,? )?"
    rf"(?:\d{{1,2}}(?:\.|st|nd|rd|th|er)? ?{_MONTH}(?: de)? \d{{4}}|[A-Z][a-z]{{2,9}}\.? \d{{1,2}},? \d{{4}}|"
    r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d{2}-\d{2})"
    rf"(?:,? ?(?:{any_word('at')}|[·|–-])? ?{_CLOCKED})?",
    re.IGNORECASE,
)
_AGO = re.compile(rf"(?:{_PUBLISHED}:? )?{any_word('ago')}", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S{1,1200}", re.IGNORECASE)
_TIME = re.compile(
    rf"(?:{any_word('at')} )?\d{{1,2}}(?:[:.]\d{{2}})?(?: ?{_CLOCK})(?: [A-Z]{{2,4}})?|\d{{1,2}}:\d{{2}}", re.IGNORECASE
)
_DAY = re.compile(r"\d{1,2}\.? (?!Euro|Dollar|Prozent|Grad|Cent)[A-ZÄÖÜ][a-zäöü]{2,9}")
_MOMENTS = (_DATELINE, _AGO, _TIME, _DAY)
_DURATION = re.compile(r"\d{1,3} ?(?:min(?:\.|ut[a-z]{1,3})?|sec(?:\.|onds?)?|s)", re.IGNORECASE)
"""How long a sound is, beside its button; by itself it can be anything."""
_HEAD_REASONS = ("reading time", "counts and ratings", "dateline standing alone")
_WITH_DURATION = re.compile(
    r"(?P<label>.{2,60}?) ?\(\d{1,3}(?::\d{2}| ?min[a-z.]{0,5}| ?sec?[a-z.]{0,5})\)", re.IGNORECASE
)
_DIVIDERS = re.compile(r" ?[|·•] ?| [–—-] ")
_PICTURE = rf"(?i:{any_word('picture')})s?"
_CREDITED = re.compile(
    rf".{{2,140}}[.!? ](?:{_PICTURE} ?: ?[^.!?]{{2,50}}|\((?:{_PICTURE} ?: ?|©)[^()]{{2,60}}\)|"
    rf"\([\w ]{{2,40}} {_PICTURE}\)|© ?[^.!?]{{2,50}}|"
    rf"{_PICTURE} (?:by|von|di|de|par|por|courtesy of|(?=[A-Z])) ?[^.!?:]{{2,50}})"
)
"""A caption in a paragraph of its own: "The quay at dawn. Photo: Ines Moor"."""
_DASHES = " -–—*•|[]()+=~"
_QUOTED = re.compile(r"[“”„«»\"]")
_THING = rf"(?<!\w)(?:{any_word('thing')}|{any_word('channel')})(?!\w)"
_CALL = re.compile(rf"(?:.{{2,40}}[:!?] )?{any_word('call')}(?!\w).{{0,80}}?{_THING}.{{0,40}}(?<!\?)", re.IGNORECASE)
"""A call to readers: `Join the conversation on Facebook`."""
_TOOL = re.compile(any_word("tool"), re.IGNORECASE)
_VOTES = re.compile(rf"(?<!\w){any_word('votes')}(?!\w)", re.IGNORECASE)
_END = re.compile(r"[.!?…][\"'”’»“)]*$")


def compile_furniture() -> None:
    """Compile every pattern before the first article."""
    for scope in ("label", "group", "line", "begin", "tail"):
        furniture_patterns(scope)
    reason_by_name("")


def line_skip_reason(line: str) -> str | None:
    """Skip reason for a line of furniture; None if the line is, or may be, part of the article."""
    text = one_line(line[: MAX_LINE * 8])
    for reason, pattern in furniture_patterns("begin"):
        if len(text) < MAX_LINE * 3 and pattern.match(text):
            return reason
    if _ADDRESS.fullmatch(text):
        return "web address"
    if len(text) > MAX_LINE:
        return None
    if is_label(text.strip(_DASHES)):
        return "label"
    inner = text.strip("()[]") if text[:1] in "([" else text
    for reason, pattern in furniture_patterns("line"):
        if pattern.fullmatch(text) or (inner != text and pattern.fullmatch(inner)):
            return reason
    if is_picture_credit(text):
        return "picture credit"
    if is_agency_credit(text):
        return "agency credit"
    if _DATELINE.fullmatch(text):
        return "dateline standing alone"
    if _AGO.fullmatch(text) or _TIME.fullmatch(text):
        return "dateline standing alone"
    if is_breadcrumb(text):
        return "breadcrumb"
    if is_byline(text) or _is_head_line(text):
        return "byline"
    if timed := _WITH_DURATION.fullmatch(text):
        return line_skip_reason(timed["label"])
    return "caption" if _CREDITED.fullmatch(text) or _ends_with_credit(text) else None


def _ends_with_credit(text: str) -> bool:
    """Whether a caption's last sentence says whose the picture is: "The ward sisters. Image courtesy of the clinic"."""
    _, divider, credit = text.rpartition(". ")
    return bool(divider) and (
        is_picture_credit(credit) or furniture_pattern("line", "picture credit").fullmatch(credit) is not None
    )


def tail_skip_reason(line: str) -> str | None:
    """Skip reason for a line behind an article's end, or before its beginning, where less is asked of it."""
    text = one_line(line[: MAX_LINE * 2])
    if len(text) > MAX_LINE or _QUOTED.search(text):
        return None
    return next(
        (reason for reason, pattern in furniture_patterns("tail") if pattern.fullmatch(text)), None
    ) or _credit_of_people(text)


def _credit_of_people(text: str) -> str | None:
    return "agency credit" if credit_of_staff(text) or is_signed(text) else None


def is_call(line: str) -> bool:
    """Whether a short line of its own calls readers to the paper's app, letter or channel."""
    text = one_line(line[: MAX_LINE * 2])
    return len(text.split()) <= MAX_CALL and not _QUOTED.search(text) and _CALL.fullmatch(text) is not None


def parts_skip_reason(parts: Sequence[str]) -> str | None:
    """Skip reason for a line that elements or line breaks divide: most of its parts are furniture, and none is text."""
    if not 2 <= len(parts) <= MAX_ROW or sum(map(len, parts)) > MAX_LINE:
        return None
    reasons = [_part_skip_reason(part.strip(_DASHES)) for part in parts]
    others = [part for part, reason in zip(parts, reasons, strict=True) if reason is None]
    if len(others) > min(len(parts) - 2, len(parts) // 2) or any(len(part.split()) > 4 for part in others):
        return None
    return next((reason for reason in reasons if reason), None)


def _part_skip_reason(part: str) -> str | None:
    return line_skip_reason(part) or ("player" if _DURATION.fullmatch(part) else None)


def ends(text: str) -> bool:
    """Whether a line ends like a statement; most links to other articles end with a word or a question."""
    return text.rstrip("\"'”’»“)]").endswith((".", "!", "…"))


def leads_on(label: str) -> bool:
    """Whether the words before a link say that it leads to another article: `RELATED:`, `Also read`, `>>`."""
    text = label.strip()
    if len(text.split()) > 6 or not text:
        return False
    arrow = text.startswith((">", "»", "›", "→", "+++", "▶"))
    return text.endswith(":") or arrow or text.isupper() or opens_group(text)


def _is_head_line(text: str) -> bool:
    """`Newsdesk · 10 March 2025 · 09:12 · 2 min read`: the line below a headline, split by separators."""
    parts = [part.strip() for part in _DIVIDERS.split(text)]
    if not 2 <= len(parts) <= 8:
        return False
    known = [_stands_in_head(part) for part in parts]
    if _END.search(text) and not known[-1]:
        return False
    return any(known) and all(ok or len(part.split()) <= 4 for ok, part in zip(known, parts, strict=True))


def _stands_in_head(part: str) -> bool:
    if is_label(part) or is_byline(part) or is_name(part) or any(line.fullmatch(part) for line in _MOMENTS):
        return True
    return any(reason in _HEAD_REASONS and line.fullmatch(part) for reason, line in furniture_patterns("line"))


def is_label(text: str) -> bool:
    """`Share`, `Date:`, `Share | Tweet | Print`, `Share Copy link E-mail`: nothing but labels."""
    labels = furniture_pattern("label")
    alone = text.rstrip(": ")
    if labels.fullmatch(alone):
        return True
    parts = [part for part in _BETWEEN_LABELS.split(text) if part] if len(text) <= 100 else []
    if not parts:
        return False
    return (parts != [alone] and all(map(labels.fullmatch, parts))) or _is_row_of_labels(text.split())


def _is_row_of_labels(words: Sequence[str]) -> bool:
    """Whether the words are labels without anything between them, as elements in one line give them."""
    labels = furniture_pattern("label")
    if not 2 <= len(words) <= MAX_ROW or not labels.match(" ".join(words)):
        return False
    ends = {0}
    for end in range(1, len(words) + 1):
        if any(labels.fullmatch(" ".join(words[start:end])) for start in ends):
            ends.add(end)
    return len(words) in ends


def is_tool(text: str) -> bool:
    """Whether a button only does something with the article, such as sharing or printing it: it asks for nothing."""
    return len(text) <= MAX_LINE and _TOOL.fullmatch(text) is not None


def has_votes(lines: Iterable[str]) -> bool:
    """Whether one of the lines counts the votes of a poll."""
    return any(_VOTES.search(line) for line in lines)


def is_breadcrumb(text: str) -> bool:
    """`Home > News > Politics`, or run together as pasted from a web page: `HomeTop NewsPolitics`."""
    if len(text) > MAX_LINE or _END.search(text):
        return False
    if len(_CRUMB_MARK.findall(text)) >= 2:
        return True
    if not _SECTIONS.fullmatch(text):
        return False
    return bool(_CRUMB_MARK.search(text)) or bool(_GLUED.search(text)) or bool(re.search(r" [/|·] ", text))


def is_menu(text: str) -> bool:
    """`Markets | Technology | Opinion`: nothing but short names between strokes; only above an article."""
    parts = [part.strip() for part in re.split(r" ?[|•·] ?| / ", text)] if len(text) <= MAX_LINE else []
    return len(parts) > 2 and all(1 <= len(part.split()) <= 3 and part[0].isupper() for part in parts)


def opens_group(line: str) -> bool:
    """Whether the line introduces links to other articles ("Related stories")."""
    text = one_line(line[: MAX_LINE * 2]).rstrip(":").rstrip()
    return len(text) <= 60 and not _END.search(text) and furniture_pattern("group").fullmatch(text) is not None


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
