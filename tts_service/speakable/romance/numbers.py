"""Rules about plain numbers in Romance languages: fractions, scores, ranges, versions, serials, all other digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from tts_service.speakable.amounts import in_a_row
from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before, words_before
from tts_service.speakable.tables import words

_PIECE = re.compile(r"\d+|[^\W\d_]+")
_LAWS = words("romance")["laws"]
"""Behind these `2023-1380` is a name, no range."""
_NUMBER_SIGNS = listed("n° n.º nº numéro número")
_LAW_ITSELF = listed("loi décret ordonnance ley decreto orden")
"""Of laws nobody says the dash: "la loi numéro deux mille vingt-trois mille trois cent quatre-vingt"."""


_GRADED = listed(
    "avalanche avalanches risque indice niveau alerte riesgo nivel aviso rischio valanghe livello pericolo"
)
"""`risque d'avalanche 3/5`: of so many grades."""


def _is_grade(match: re.Match[str]) -> bool:
    return any(word.replace("’", "'").rpartition("'")[2] in _GRADED for word in words_before(match, 3))


def fraction_rules(tongue: Romance, halves: Mapping[str, str], glued: Callable[[str, str], str]) -> Iterator[Rule]:
    """`2/3`, `2 1/2`, `2½`, `16/20`; `halves` names ½ ¼ ¾, `glued` joins a whole with its half ("deux et demi")."""

    def written(match: re.Match[str]) -> str | None:
        top, bottom = int(match["top"]), int(match["bottom"])
        if (bottom in (10, 20, 100) and top > 1) or (bottom < 10 and _is_grade(match)):
            first, second = tongue.say(match["top"]), tongue.say(match["bottom"])
            return f"{first} {tongue.words.out_of} {second}"
        said = tongue.fraction(top, bottom)
        if (
            top >= 4
            and bottom == top + 1
            and not match["whole"]
            and word_after(match) not in ("", "de", "des", "di", "du")
        ):
            # `5/6 personnes`: so many or so many.
            return f"{tongue.digits(match['top'])} {tongue.say(match['bottom'], tongue.form(match))}"
        if said and top == 1 and word_before(match).lower() == "un":
            return said.removeprefix("un ")
        if not match["whole"]:
            return said
        whole = tongue.say(match["whole"])
        return glued(whole, said) if whole and said and top < bottom else None

    def mark(match: re.Match[str]) -> str | None:
        top, bottom = tongue.say(match["top"]), tongue.say(match["bottom"])
        return f"{top} {tongue.words.out_of} {bottom}"

    def sign(match: re.Match[str]) -> str | None:
        whole = tongue.say(match["whole"])
        return glued(whole, halves[match["half"]]) if whole else None

    glyphs = "".join(halves)
    yield rule("fraction", "digit", rf"(?P<whole>\d{{1,9}})[{SPACES}]?(?P<half>[{glyphs}])", sign)
    yield rule("fraction", "letter", rf"(?P<half>[{glyphs}])", lambda match: halves[match["half"]])
    yield rule("fraction", "digit", r"(?P<top>\d{1,2},\d{1,2})/(?P<bottom>10|20|100)(?!\w)", mark)
    yield rule(
        "fraction",
        "digit",
        rf"(?:(?P<whole>\d{{1,4}})[{SPACES}])?(?P<top>\d{{1,2}})/(?P<bottom>\d{{1,3}})(?![\d/]|[{SPACES}.]\d{{3}}(?!\d))(?!\w)",
        written,
    )


def power_rule(tongue: Romance, names: Mapping[str, str]) -> Rule:
    """`x²`, `10³`; `m²` are square metres."""

    def say(match: re.Match[str]) -> str:
        base = match["base"]
        return f"{tongue.say(base) if base.isdecimal() else base} {names[match['power']]}"

    return rule("math", "letter digit", r"(?P<base>[a-ln-zA-Z]|\d{1,6})(?P<power>[²³])(?!\w)", say)


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def science_rules(tongue: Romance, times: str, raised: Callable[[str], str]) -> Iterator[Rule]:
    """`3,2·10⁶`, `10⁻⁹`; `raised`: the digits of a power -> "puissance six"."""

    def say(match: re.Match[str]) -> str:
        power = match["power"].translate(_RAISED)
        minus = f"{tongue.words.minus} " if power[0] == "-" else ""
        ten = f"{tongue.cardinal('10', 'alone')} {raised(minus + (tongue.digits(power.lstrip('-')) or power))}"
        return f"{tongue.say(match['number'])} {times} {ten}" if match["number"] else ten

    ten = r"10(?P<power>[⁻]?[⁰¹²³⁴-⁹]{1,3})(?![\w⁰¹²³⁴-⁹])"
    yield rule("math", "digit", rf"(?P<number>\d{{1,4}}(?:[.,]\d{{1,6}})?)[{SPACES}]?[×x·*.⋅][{SPACES}]?{ten}", say)
    yield rule("math", "digit", rf"(?P<number>){ten}", say)


def shared_rule(tongue: Romance, word: str) -> Rule:
    """`112 casos/100.000 hab.`: so many of a round number."""
    round_ = rf"(?=(?:[1-9]|10|100)[{SPACES}.]?000(?!\d)|1000?(?!\d))"
    return rule(
        "rate",
        "sign",
        rf"/(?:(?<=[^\W\d_]{{3}}/){round_}|(?<=\d/)(?=10{{1,2}}[{SPACES}.]000(?!\d)))",
        lambda match: word,
    )


def two_prices_rule(tongue: Romance) -> Rule:
    """`9/6 €`: the full price and the reduced one."""

    def say(match: re.Match[str]) -> str | None:
        first, second = tongue.say(match["a"], "m"), tongue.counted(match["b"], tongue.currencies["€"])
        return f"{first}, {second}" if first and second else None

    return rule("money", "digit", rf"(?P<a>\d{{1,3}})/(?P<b>\d{{1,3}})[{SPACES}]?€(?!\w)", say)


def rising_price_rule(tongue: Romance) -> Rule:
    """`de 1,40 a 1,55 €`: the first price has its currency, too."""

    def say(match: re.Match[str]) -> str | None:
        return tongue.amount(match, match["number"], None, tongue.currencies["€"])

    behind = rf"(?= (?:a|à|y|et|e) \d{{1,4}},\d\d[{SPACES}]?(?P<unit>€))"
    return rule("money", "digit", rf"(?P<number>\d{{1,4}},\d\d){behind}", say)


def type_rule(tongue: Romance) -> Rule:
    """`Boeing 737-800`: no range."""

    def say(match: re.Match[str]) -> str:
        return f"{tongue.digits(match['type'])} {tongue.digits(match['model'])}"

    maker = r"(?<=Boeing )|(?<=Airbus )|(?<=Embraer )|(?<=Antonov )"
    return rule("serial", "digit", rf"(?:{maker})(?P<type>\d{{3}})-(?P<model>\d{{1,4}})(?!\w)", say)


def number_rules(tongue: Romance) -> Iterator[Rule]:
    """The last to be asked about digits alone: ranges, plain numbers, endless ones."""
    number = tongue.number

    def between(match: re.Match[str]) -> str | None:
        if in_a_row(match):
            return None
        form = tongue.form(match)
        first = tongue.say(match["number"], "label" if form == "label" else "alone")
        second = tongue.say(match["until"], form)
        if not first or not second:
            return None
        joint = _joint(tongue, match)
        return tongue.ranged(match, first, second) if joint is None else f"{first} {joint} {second}"

    def plain(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 2) : match.start()]
        if match["sign"] and head[-1:].strip(f"{SPACES}\n\t(/"):
            return None
        if match["sign"] == "–" and head[:1].isdigit():
            return None
        said = tongue.say(match["number"], tongue.form(match))
        return f"{tongue.signs[match['sign']]} {said}" if said and match["sign"] else said

    def many(match: re.Match[str]) -> str | None:
        return tongue.joined(tongue.digits(re.sub(r"\D", "", match["number"])), match["noun"])

    range_ = rf"(?P<number>{number})(?P<gap>[{SPACES}]?)[–-](?P=gap)(?P<until>{number})(?![\w-])"
    yield rule("range", "digit", range_, between)
    whole = rf"\d{{1,3}}(?:[{SPACES}.,]\d{{3}}){{0,4}}(?:[{SPACES}.,]000){{2}}"
    noun = r"(?P<noun>(?!d[eou]s? )[a-zà-ÿœ]{3,30}s)"
    yield rule("number", "digit", rf"(?P<number>{whole})[{SPACES}]{noun}(?!\w)", many)
    yield rule("number", "digit sign", rf"(?P<sign>[-−–+](?=\d))?(?P<number>{number})(?!\w)", plain)
    yield rule("digits", "digit", r"\d{31,}", lambda match: tongue.one_by_one(match.group()))


def _joint(tongue: Romance, match: re.Match[str]) -> str | None:
    """What is said between two numbers that are no range: in a sum "minus", in the name of a law nothing."""
    if match["gap"] and re.match(rf"[{SPACES}]?=", match.string[match.end() : match.end() + 2]):
        return tongue.words.minus
    before = word_before(match).lower().rstrip(".").replace("’", "'").rpartition("'")[2]
    ages = before in ("les", "des", "aux") and word_after(match) == "ans"
    if before in _NUMBER_SIGNS and re.fullmatch(r"20\d\d|19\d\d", match["number"]):
        law = _LAW_ITSELF & set(words_before(match, 3))
        return "" if law else tongue.words.dash
    return "" if ages or before in _LAWS else None


_TIE_BREAK = r"(?: ?\(\d{1,2}(?:[-/]\d{1,2})?\))?"
_SET = r"(?:[67][-/][0-7]|[0-7][-/][67])"
_SET_BEHIND = re.compile(rf"{_TIE_BREAK}(?:,? ?| (?:y|et|e) ){_SET}(?![\w-])")
_SET_BEFORE = re.compile(rf"(?<![\w/-]){_SET}{_TIE_BREAK}(?:,? |,| (?:y|et|e) )$")


def is_set(match: re.Match[str]) -> bool:
    """Whether another set of a tennis match stands beside this one: `7-6 (4), 6-4`."""
    text, start = match.string, match.start()
    if not re.fullmatch(_SET, match.group()):
        return False
    return bool(_SET_BEHIND.match(text, match.end()) or _SET_BEFORE.search(text, max(0, start - 16), start))


def score_rules(tongue: Romance) -> Iterator[Rule]:
    """`4-4-2`, and a tennis match's `6-4, 6-3`."""

    def in_a_row(match: re.Match[str]) -> str:
        return " ".join(filter(None, (tongue.digits(found) for found in re.findall(r"\d+", match.group()))))

    def of_match(match: re.Match[str]) -> str | None:
        return in_a_row(match) if is_set(match) else None

    yield rule("score", "digit", r"\d-\d(?:-\d){1,2}(?![\w-])", in_a_row)
    yield rule("score", "digit", r"\d[-/]\d(?![\w-]|/\d)", of_match)
    yield rule("numbers drawn", "digit", r"\d{1,3}(?:-\d{1,3}){3,9}(?![\w-])", in_a_row)


def version_rules(tongue: Romance) -> Iterator[Rule]:
    """`2.0.1`, `v1.2`."""

    def dotted(match: re.Match[str]) -> str | None:
        groups = match["version"].split(".")
        if not match["v"] and tongue.grouping == "." and all(len(group) == 3 for group in groups[1:]):
            return None
        said = f" {tongue.words.dot} ".join(tongue.digits(group) or group for group in groups)
        return f"{match['v']} {said}"

    yield rule("version", "digit", r"(?P<v>)(?P<version>\d{1,3}(?:\.\d{1,3}){2,5})(?!\w|\.\d)", dotted)
    yield rule("version", "letter", r"(?P<v>v)(?P<version>\d{1,3}(?:\.\d{1,3}){1,5})(?!\w|\.\d)", dotted)


def serial_rule(tongue: Romance, letters: Callable[[str], str | None]) -> Rule:
    """`A380`, `Covid-19`, `G7`, `14-Juillet`: `letters` says an acronym, None for a word."""

    def say(match: re.Match[str]) -> str:
        out: list[str] = []
        for piece in _PIECE.finditer(unicodedata.normalize("NFKC", match.group())):
            part = piece.group()
            if not part.isdecimal():
                out.append(letters(part) or (" ".join(part) if len(part) <= 3 and part.isupper() else part))
            elif len(part) > 4:
                out.append(tongue.one_by_one(part))
            else:
                out.append(tongue.digits(part, "label") or part)
        return " ".join(out)

    shape = r"(?=[^\W_]{0,12}(?:-[^\W\d_]{0,12})?[\d₀-₉])[^\W_]{1,20}(?:[-–][^\W_]{1,20}){0,3}(?!\w)"
    return rule("serial", "digit letter", shape, say)
