"""Lines that name who made an article: bylines, agencies, and the box about its author."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from tts_service.article.furniture_lines import NO_NAMES, any_word

MAX_BYLINE = 160
"""Maximum characters of a byline."""
MAX_SIGNED = 7
"""Maximum words of a line with an editor's initials."""
MAX_PERSON = 45
"""Maximum words of what is said about an author."""
_NAME_PART = r"(?:[A-ZÀ-Þ][\w’'.-]{0,30}|d[aei]|de[lnr]?|v[ao]n|la|le)"
_NAME = rf"[A-ZÀ-Þ][\w’'.-]{{0,30}}(?: {_NAME_PART}){{1,4}}"
_BYLINE = re.compile(
    rf"(?:(?i:{any_word('by')}) ?:? )(?=(?:\S+ ){{1,12}}\S+$){_NAME}(?:(?:,| {any_word('and')}| &) {_NAME}){{0,4}}"
    rf"(?:(?:,| \||,? in) [\w .&’'-]{{2,50}}(?<![.!?]))?(?:[.,;]? (?i:{any_word('photographed')}) {_NAME})?"
)
_WHOLE_NAME = re.compile(rf"{_NAME}(?: {any_word('and')} {_NAME})?(?:, [\w .&’'/-]{{2,40}})?")
_ROLE = re.compile(rf"(?<!\w){any_word('role')}(?!\w)", re.IGNORECASE)
_AGENCY = rf"(?i:{any_word('agency')})"
_INITIALS = r"[a-zäöü]{2,4}"
_SOMEONE = rf"(?:{_AGENCY}|{_INITIALS})"
_AGENCIES = re.compile(rf"[(\[–—-]?(?:{_SOMEONE} ?[/,+] ?){{0,5}}{_AGENCY}(?: ?[/,+] ?{_SOMEONE}){{0,5}}[)\]]?\.?")
_ABBREVIATED = re.compile(rf"[(\[]{_INITIALS}(?: ?[/,] ?{_INITIALS}){{0,4}}[)\]]")
"""An editor's initials, in brackets: `(sid/lt)`."""

_SIGN = re.compile(r"(?!(?:km|cm|mm|kg|pm|ft|hrs|sq|bzw|vs)$)[b-df-hj-np-tv-z]{2,4}")
"""An editor's initials, which are no word: there is no vowel in them, and they aren't a unit."""
_STAFF = re.compile(
    rf"[(\[]?(?:[^\W\d_][\w ]{{1,24}} ?: {_NAME}(?:[;,|/.] ?)?){{1,4}}[)\]]?|[(\[](?:[A-Z]\.? ?){{1,3}}[)\]]"
)
_PICTURE = rf"(?i:{any_word('picture')})s?"
_PICTURED_BY = re.compile(rf"(?:{_PICTURE} (?:by|von|di|de|par|por)|Photo|Foto) {_NAME}|{_PICTURE} ?: ?[^.!?]{{2,60}}")


def credit_of_staff(text: str) -> str | None:
    """`(Text: Sue Lahn; Redaktion: Bo Rask)`, `(H.M.)`: who did what, or initials in brackets."""
    return "agency credit" if len(text) <= MAX_BYLINE and _STAFF.fullmatch(text) else None


def is_signed(text: str) -> bool:
    """`Edited by jbt`, `(hbw with AFP)`: a short line that ends in an editor's initials, or holds them in brackets."""
    words = re.findall(r"[^\W\d_]+|\d+", text)
    if not 1 < len(words) <= MAX_SIGNED or text.endswith((".", "!", "?", ":")):
        return False
    if text[0] + text[-1] in ("()", "[]"):
        return any(map(_SIGN.fullmatch, words)) and all(_SIGN.fullmatch(word) or len(word) <= 4 for word in words)
    return _SIGN.fullmatch(words[-1]) is not None and not words[-2].isdigit()


def is_byline(text: str) -> bool:
    """`By Ruth Avery`, `Von Hanna Vogt und Jan Kern`: full names only, not the start of a sentence."""
    if len(text) > MAX_BYLINE or _BYLINE.fullmatch(text) is None:
        return False
    first = text.split(None, 1)[1].split()[0]
    return first not in NO_NAMES


def is_name(text: str) -> bool:
    """Whether a line is the full name of a person or two, with a place or an office behind a comma."""
    return len(text) <= MAX_BYLINE and _WHOLE_NAME.fullmatch(text) is not None


def is_agency_credit(text: str) -> bool:
    """`hab/dpa/AFP`, `(sid/lt)`, `Reuters`: nothing but agencies and initials."""
    return len(text) <= 60 and bool(_AGENCIES.fullmatch(text) or _ABBREVIATED.fullmatch(text))


def is_picture_credit(text: str) -> bool:
    """`Photograph by Ines Moor`: a full name, so that "Photo of the quay" stays text."""
    return len(text) <= MAX_BYLINE and _PICTURED_BY.fullmatch(text) is not None


def is_about_person(lines: Sequence[str], names: Collection[str]) -> bool:
    """Whether lines are a name and what the person does for the paper.

    Args:
        lines: the texts of a box.
        names: the article's authors; less is asked of a box that begins with one of them.
    """
    if len(lines) < 2 or not is_name(lines[0]) or sum(len(line.split()) for line in lines) > MAX_PERSON:
        return False
    return any(lines[0].startswith(name) for name in names) or any(map(_ROLE.search, lines[1:3]))


def is_about_author(text: str, names: Collection[str]) -> bool:
    """Whether a line begins with an author's name and says what the author does for the paper."""
    own = any(text.startswith(name) and len(text) > len(name) and is_name(name) for name in names)
    return own and len(text.split()) <= MAX_PERSON and _ROLE.search(text) is not None
