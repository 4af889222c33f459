"""Positions on the globe: `54° 19' N`, `40°42′N`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tts_service.speakable.nouns import Noun
from tts_service.speakable.rules import Rule, rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Globe:
    """The words of a language for positions."""

    degree: Noun
    minute: Noun
    second: Noun
    sides: Mapping[str, str]
    """Letter -> the side of the sky."""
    counted: Callable[[str, Noun], str | None]


def coordinate_rule(globe: Globe) -> Rule:
    """Degrees, perhaps minutes and seconds, and the side of the sky; a part of zero is left out."""

    def say(match: re.Match[str]) -> str | None:
        parts = ((match["degrees"], globe.degree), (match["minutes"], globe.minute), (match["seconds"], globe.second))
        said = [
            globe.counted(written.lstrip("0") or "0", noun)
            for number, (written, noun) in enumerate(parts)
            if written and (number == 0 or written.strip("0"))
        ]
        return f"{' '.join(map(str, said))} {globe.sides[match['side']]}" if all(said) else None

    part = r"\d{1,2}(?:[.,]\d{1,3})?"
    minutes = rf"(?:\s?(?P<minutes>{part})\s?['’′])?(?:\s?(?P<seconds>{part})\s?(?:[\"”″]|['’′]{{2}}))?"
    side = "".join(globe.sides)
    degrees = r"(?P<degrees>\d{1,3}(?:[.,]\d{1,6})?)\s?°"
    return rule("position", "digit", rf"{degrees}{minutes}\s?(?P<side>[{side}])(?!\w)", say)
