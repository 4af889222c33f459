"""German fractions: "zwei drittel", "eineinhalb", "eine halbe Stunde"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.de.grammar import gender_of, ordinal, words_before
from tts_service.speakable.de.units import SCALES, UNITS
from tts_service.speakable.rules import Rule, any_of, rule, word_after
from tts_service.speakable.tables import pairs, series

_GLYPHS = pairs("de", "fractions")
_HALF = {"m": "ein halber", "f": "eine halbe", "n": "ein halbes"}
_HALF_DATIVE = {"m": "einem halben", "f": "einer halben", "n": "einem halben"}
_WITH_DATIVE = (["in"], ["nach"], ["vor"], ["seit"], ["mit"], ["binnen"], ["aus"], ["von"])
_EIN = re.compile(r"ein(?:e[mnr])?")
_ARTICLES = re.compile(r"(?:[kmds]?ein|ihr|unser)(?:e[mnrs]?)?|de[rmns]|die|das|jede[mnrs]?")


_WHOLES = UNITS | SCALES


def fraction_rules(amounts: Amounts) -> Iterator[Rule]:
    """`2/3`, `1 1/2`, `2½`, `½ Liter`, `1/2 l`."""

    def mixed(whole: str, part: str) -> str | None:
        said = amounts.say(whole)
        return f"{'ein' if whole == '1' else said}{part}" if said else None

    def glyph(match: re.Match[str]) -> str | None:
        said = mixed(match["whole"], _GLYPHS[match["part"]].replace(" ", ""))
        return f"{said}{match['rest']}" if said and match["rest"] else _with_unit(match, said)

    def alone(match: re.Match[str]) -> str | None:
        said = _half(match) if match["part"] == "½" else None
        name = _GLYPHS[match["part"]]
        return _with_unit(match, said or (name.removeprefix("ein ") if _is_led(match, _EIN) else name))

    def written(match: re.Match[str]) -> str | None:
        top, bottom = match["top"], match["bottom"]
        name = None if words_before(match, 1)[-1:] in _NO_FRACTION else _denominator(bottom)
        if name is None or int(top) >= int(bottom.replace(".", "")) or top == "0":
            return None
        said = "ein" if top == "1" else amounts.say(top)
        if top == "1" and bottom != "2" and not match["whole"] and _is_led(match, _EIN):
            return _with_unit(match, name)
        if match["whole"]:
            return _with_unit(match, mixed(match["whole"], f"{said}{name}"))
        whole = _half(match) if (top, bottom) == ("1", "2") else None
        return _with_unit(match, whole or f"{said} {name}")

    glyphs = "".join(_GLYPHS)
    tail, unit = r"(?![\w/]|,\d|\.\d|-\d)", rf"(?:\s?(?P<unit>{any_of(_WHOLES)})(?!\w))?"
    yield rule(
        "fraction",
        "digit",
        rf"(?P<whole>\d{{1,9}})\s?(?P<part>[{glyphs}])(?:[-‑](?P<rest>[a-zäöüß]{{3,30}})|{unit})",
        glyph,
    )
    yield rule("fraction", "letter sign", rf"(?P<part>[{glyphs}]){unit}", alone)
    stroke = r"(?:(?P<whole>\d{1,3})\s)?(?P<top>\d{1,2})\s?[/⁄]\s?(?P<bottom>\d{1,3}|1\.?000)"
    yield rule("fraction", "digit", rf"{stroke}{tail}(?:{unit[:-1]}|-)?", written)


def _half(match: re.Match[str]) -> str | None:
    """`½ Stunde` "eine halbe Stunde": the noun behind it gives the ending."""
    noun = (match["unit"] and _WHOLES[match["unit"]].one) or word_after(match)
    if not noun[:1].isupper():
        return None
    gender = _WHOLES[match["unit"]].gender if match["unit"] else gender_of(noun)
    before = words_before(match, 1)
    if not _is_led(match):
        return (_HALF_DATIVE if before in _WITH_DATIVE else _HALF)[gender]
    if before[0].endswith("ein"):
        return "halber" if gender == "m" else "halbes"
    nominative = before[0] in ("die", "das") or before[0].endswith("e") or (before[0] == "der" and gender == "m")
    return "halbe" if nominative else "halben"


def _is_led(match: re.Match[str], articles: re.Pattern[str] = _ARTICLES) -> bool:
    """`ein 1/8 Liter`: the article is written already."""
    before = words_before(match, 1)
    return bool(before) and bool(articles.fullmatch(before[0]))


def _with_unit(match: re.Match[str], said: str | None) -> str | None:
    unit = _WHOLES[match["unit"]] if match["unit"] else None
    if not unit or not said:
        return said
    return f"{said} {unit.one if re.match('(?:ein[emnr]{0,2} )?halb', said) else unit.many}"


_NO_FRACTION = tuple([word] for word in series("de", "no fraction"))


def _denominator(digits: str) -> str | None:
    value = int(digits.replace(".", ""))
    if value == 2:
        return "halb"
    if not (3 <= value <= 12 or value in (15, 16, 20, 25, 32, 50, 64, 100, 1000)):
        return None
    said = ordinal(str(value), "")
    return f"{said}el" if said.endswith("t") else f"{said}tel"
