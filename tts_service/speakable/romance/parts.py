"""Parts of a unit: `1/2 l`, `¾ h`, `1 1/2 kg`; a half agrees with its noun, a quarter is one of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tts_service.speakable.nouns import Noun
from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.rules import Rule, any_of, rule, word_before

_GLYPHS = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3)}
_SHARES = "|".join(("1/2", "1/3", "2/3", "1/4", "3/4", *_GLYPHS))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWords:
    """How a language says them."""

    half: Callable[[Noun], str]
    """litre -> "un demi-litre"."""
    and_half: Callable[[Noun], str]
    """Behind "deux litres": "et demi"."""
    and_part: str
    """Between "deux litres" and "un quart"."""
    of: Callable[[str], str]
    """litre -> "de litre"."""


def part_rule(tongue: Romance, parts: PartWords) -> Rule:
    """A part, perhaps with a whole number before it, and its unit."""

    def say(match: re.Match[str]) -> str | None:
        noun, share = tongue.units[match["unit"]], match["share"]
        top, bottom = _GLYPHS.get(share) or tuple(map(int, share.split("/")))
        if not match["whole"]:
            led = word_before(match).lower() in ("un", "une", "una", "la", "le")
            said = parts.half(noun) if bottom == 2 else f"{tongue.fraction(top, bottom)} {parts.of(noun.one)}"
            return said.removeprefix("une ").removeprefix("un ") if led else said
        whole = tongue.counted(match["whole"], noun)
        return f"{whole} {parts.and_half(noun) if bottom == 2 else f'{parts.and_part}{tongue.fraction(top, bottom)}'}"

    # "%" is no unit of which there are halves, and "j" or "o" stand too often for something else.
    units = any_of(unit for unit in tongue.units if unit[0].isalpha() and unit not in ("j", "o", "s", "V", "W"))
    whole = rf"(?:(?P<whole>\d{{1,3}})[{SPACES}]?(?=[½¼¾⅓⅔]|(?<=[{SPACES}])\d))?"
    pattern = rf"{whole}(?P<share>{_SHARES})[{SPACES}]?(?P<unit>{units})(?![\w²³/'’])\.?(?!\w)"
    return rule("fraction", "digit letter sign", pattern, say)
