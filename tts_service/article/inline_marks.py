"""Raised and lowered text: prices, powers, ordinals and chemical formulas are said, footnote marks are not."""

from __future__ import annotations

import re

MAX_MARK = 8
"""Maximum characters of a mark."""
_RAISED = str.maketrans("0123456789+-−–n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SIGNS = {"tm": "™", "r": "®", "o": "º", "a": "ª"}
_NUMERO = re.compile(r"(?<![^\W\d_])[nN]\.?$")
"""`n.º 12`"""
_MARK = re.compile(r"[*†‡§¶#]{1,3}|[\[(]\w{1,3}[\])]|\d{1,3}(?:[,;–-] ?\d{1,3})+")
_POWER = re.compile(r"[+−–-]?\d{1,3}|n")
_PRICED = re.compile(r"[$£€¥]\s?\d[\d.,]*$")
_AMOUNT = re.compile(r"(?<![\d.,])\d{1,4}$")
_CURRENCY = re.compile(r"\s?(?:€|EUR|Fr\.|CHF|Euro)\b|\s?€")
_BASE = re.compile(
    r"(?:(?<![\d.,])\d{1,3}|(?<![^\W\d_])(?:[kcmdµn]?m|ft|in|yd|mi|sec|s|h)|(?<![^\W\d_])[A-Za-zα-ω]{1,2}|\))$"
)
"""What can be raised to a power: a short number, a unit, a variable; a year or a word carries a footnote."""


def raised_text(text: str, before: str, behind: str) -> str | None:
    """What a `<sup>` adds to the text around it; None if it is a footnote mark.

    Args:
        text: the element's text.
        before: the end of the text before it.
        behind: the beginning of the text behind it.
    """
    mark = text.strip()
    if not before or before[-1].isspace() or _MARK.fullmatch(mark):
        return None if _MARK.fullmatch(mark) else text
    if not _POWER.fullmatch(mark):
        ordinal = (before[-1].isdigit() and mark in ("o", "a")) or (mark == "o" and _NUMERO.search(before))
        is_sign = mark.lower() in ("tm", "r") or ordinal
        return _SIGNS[mark.lower()] if is_sign else text
    if len(mark) == 2 and mark.isdigit():
        if _PRICED.search(before):
            return f".{mark}"
        if _AMOUNT.search(before) and _CURRENCY.match(behind):
            return f",{mark}"
    return mark.translate(_RAISED) if _BASE.search(before) else None


def lowered_text(text: str) -> str:
    """What a `<sub>` adds: small digits, as in CO₂."""
    return text.translate(_LOWERED) if text.strip().isdigit() else text


def said_for(abbreviation: str, title: str) -> str | None:
    """What is said for an `<abbr>` with a title: "approximately" for "approx.", but initials stay as they are."""
    if not title or title[0].casefold() != abbreviation[:1].casefold() or len(title) <= len(abbreviation):
        return None
    return None if abbreviation.isupper() or len(title.split()) > 6 else title
