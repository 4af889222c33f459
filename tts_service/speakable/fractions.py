"""Fractions: `½`, `2½`, `3/4`, `3 1/2`; each language says them in its own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from tts_service.speakable.rules import Rule, rule

SaySharing = Callable[[str | None, int, int, "re.Match[str]"], "str | None"]
"""(whole number as written or None, top, bottom, match) -> words; None: no fraction."""

_GLYPHS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"


def fraction_rules(say: SaySharing) -> Iterator[Rule]:
    """The rules for signs of fractions and for two numbers with a stroke."""

    def glyph(match: re.Match[str]) -> str | None:
        top, _, bottom = unicodedata.normalize("NFKD", match["glyph"]).partition("⁄")
        return say(match["whole"], int(top), int(bottom), match)

    def written(match: re.Match[str]) -> str | None:
        return say(match["whole"], int(match["top"]), int(match["bottom"]), match)

    yield rule("fraction", "digit", rf"(?P<whole>\d{{1,9}})[\s-]?(?P<glyph>[{_GLYPHS}])(?!\w)", glyph)
    yield rule("fraction", "letter digit sign", rf"(?P<whole>)(?P<glyph>[{_GLYPHS}])(?!\w)", glyph)
    yield rule(
        "fraction",
        "digit",
        r"(?:(?P<whole>\d{1,4})[ \u00a0-])?(?P<top>\d{1,3})[/⁄](?P<bottom>\d{1,4})(?:ths?|rds?|nds?)?(?![\w/⁄]|[.,]\d)",
        written,
    )
