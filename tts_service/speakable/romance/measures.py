"""Money, percent, units and large scales of languages whose numbers follow their noun."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.nouns import Noun
from tts_service.speakable.quantity import amount_rule, span
from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.rules import Rule, any_of, rule, word_after, word_before, words_after
from tts_service.speakable.tables import words

_GAP = f"[{SPACES}]?"
_ONE_NAMED = words("romance")["one named"]
"""Behind these a number is a name: in "il 118 ha" nobody counts hectares."""
_PARTICIPLE = re.compile(r"\w*(?:[aiuíecrnlps]t|[aií]d|ch|s)o")
_BETWEEN_VERB = words("romance")["inside verb"]
_NO_PARTICIPLE = words("romance")["no participle"]
_BEFORE_ONE = words("romance")["before one unit"]
_BEHIND_VERB = words("romance")["behind verb"]


def money_rules(tongue: Romance) -> Iterator[Rule]:
    """The currency before its number, then behind it."""
    names, scales = any_of(tongue.currencies), any_of({*tongue.scales, "k", "K"})
    scale = rf"(?:{_GAP}(?P<scale>{scales})(?![^\W\d_]|(?<!mill)\.[A-Z]))?"
    of = re.escape(tongue.of("€").removesuffix("€"))
    behind = rf"(?:{_GAP}(?P<scale>{scales})(?=[{SPACES}]|{names}))?(?:[{SPACES}](?:{of}|d['’])|[{SPACES}])?"
    per = rf"(?:{_GAP}/{_GAP}(?P<per>[^\W\d_]{{1,12}}(?:[²³]|(?<=[mi])[23](?!\w))?))?"
    sign = r"(?P<sign>(?<![\w.)%])[-−–+])?"
    # `$350 pesos`: the word says once more what the sign says.
    again = any_of(name for name in tongue.currencies if name.islower() and len(name) > 3)
    before = rf"{sign}(?P<unit>{names}){_GAP}(?P<number>{tongue.number}){scale}(?:{_GAP}(?:{again}))?(?!\w)"
    yield amount_rule("money", "sign letter", before, tongue, tongue.currencies)
    behind = rf"{_span(tongue)}{behind}(?P<unit>{names})(?!\w){per}"
    yield amount_rule("money", "digit sign", behind, tongue, tongue.currencies)


def _span(tongue: Romance) -> str:
    signs = rf"(?:[-−–+]|(?:^|(?<=[;:(] ))[-−–+][{SPACES}])"
    return r"(?:(?<=(?P<to>entre) ))?" + span(tongue.number, signs=signs, joint=rf"{_GAP}[-–]{_GAP}")


def measure_rules(tongue: Romance) -> Iterator[Rule]:
    """Percent, units, large scales, and sides: `5 %`, `-3 °C`, `3 M`, `10 x 15 cm`."""
    both, units, own = _span(tongue), any_of(tongue.units), tongue.words
    # Scales written out are words like any other: their number looks past them for its noun.
    scales = any_of({"k", "K", *(name for name in tongue.scales if not name.islower())})
    per = rf"(?:/(?P<per>{units}|[^\W\d_]{{2,12}}))?"
    shares = {mark: Noun(one=name, many=name) for mark, name in (("%", own.percent), ("‰", own.permille))}
    yield amount_rule("percent", "digit sign", rf"{both}{_GAP}(?P<unit>[%‰])", tongue, shares)
    unit = rf"{both}{_GAP}(?P<unit>{units}){per}(?![\w²³/]|\.\w\.|['’-]\w)"
    yield amount_rule("unit", "digit sign", unit, tongue, tongue.units)
    yield amount_rule("scale", "digit sign", rf"{both}{_GAP}(?P<scale>{scales})(?!\w)", tongue, {})
    yield from _sides(tongue)


def is_verb(match: re.Match[str]) -> bool:
    """`Il 118 ha soccorso`, `El 112 ha recibido`: "ha" is a verb, no hectare."""
    if match["unit"] != "ha":
        return False
    after, *further = (*words_after(match, 2), "")
    word = further[0] if after in _BETWEEN_VERB else after
    done = _PARTICIPLE.fullmatch(word) and word not in _NO_PARTICIPLE and word_after(match)
    return bool(done) or word_before(match).lower() in _ONE_NAMED or after in _BEHIND_VERB or after[:1].isdigit()


def rate_rules(tongue: Romance) -> Iterator[Rule]:
    """`420 abitanti/km²`, `200 vehículos/hora`; a unit that stands alone: `20 euros le m²`, `mille km`."""

    def shared(match: re.Match[str]) -> str | None:
        counted = re.search(rf"\d[{SPACES}]$", match.string[max(0, match.start() - 2) : match.start()])
        if match["per"][-1] not in "²³2h" and not counted:
            return None
        return f"{match['noun']} {tongue.sharing} {tongue.shared_by(match['per'])}"

    def bare(match: re.Match[str]) -> str:
        noun = tongue.units[match["unit"]]
        before = word_before(match).lower().replace("’", "'").rpartition("'")[2]
        return noun.one if before in _BEFORE_ONE else noun.many

    def each(match: re.Match[str]) -> str | None:
        counted = re.search(rf"\d[{SPACES}]$", match.string[max(0, match.start() - 2) : match.start()])
        many, one = match["noun"][-1] in "sxieo", match["per"][-1] not in "sxi"
        return f"{match['noun']} {tongue.words.each} {match['per']}" if counted and many and one else None

    yield rule("rate", "letter", r"(?P<noun>[a-zà-ÿœ]{4,30})/(?P<per>[a-zà-ÿœ]{4,20})(?![\w/.])", each)
    per = any_of((*tongue.units, *tongue.shared_words))
    yield rule("unit", "letter", rf"(?P<noun>[^\W\d_]{{3,30}})/(?P<per>{per})(?![\w²³/])", shared)
    # Only those that can be nothing else.
    alone = any_of(unit for unit in tongue.units if re.fullmatch("[kc]m|[kcm]?m[²³23qc]|pi[²2]|ºC|[kK]g|[kMG]Wh", unit))
    yield rule("unit", "letter word", rf"(?P<unit>{alone})(?![\w²³/'’]|\.\w)", bare)
    gas = r"/(?<=\d/)(?P<per>km|kWh)(?!\w)"
    yield rule("rate", "sign", gas, lambda match: f"{tongue.sharing} {tongue.shared_by(match['per'])}")


def height_rule(tongue: Romance, joint: str = " ") -> Rule:
    """`1,80 m`: "un mètre quatre-vingts"; `joint` stands behind the metre."""

    def say(match: re.Match[str]) -> str:
        return f"{tongue.counted(match['m'], tongue.units['m'])}{joint}{tongue.digits(match['cm'])}"

    return rule("unit", "digit", rf"(?P<m>[1-9]),(?P<cm>[1-9]\d)[{SPACES}]?m(?![\w²³/])", say)


def _sides(tongue: Romance) -> Iterator[Rule]:
    """`10 x 15 cm`, `4x100 m`, `3 × 4`."""
    measured = any_of(unit for unit in tongue.units if unit in ("mm", "cm", "m", "km"))

    def say(match: re.Match[str]) -> str | None:
        first = tongue.say(match["number"])
        noun: Noun | None = tongue.units.get(match["unit"] or "")
        second = tongue.counted(match["side"], noun) if noun else tongue.say(match["side"])
        relay = match["number"] == "4" and match["side"] in ("100", "200", "400")
        word = tongue.words.by if noun and not relay else tongue.words.times
        return f"{first} {word} {second}" if first and second else None

    times = rf"(?:(?<=[^\W\d_][{SPACES}])|(?<=€[{SPACES}]))[x×](?=[{SPACES}]\d)"
    yield rule("dimensions", "letter word sign", times, lambda match: tongue.words.times)
    yield rule(
        "dimensions",
        "digit",
        rf"(?P<number>{tongue.number})(?P<gap>[{SPACES}]?)[x×](?P=gap)(?P<side>{tongue.number})"
        rf"(?:[{SPACES}]?(?P<unit>{measured}))?(?![\w²³])",
        say,
    )
