"""Italian addresses, saints' names and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.it import numbers
from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.romance.phones import account_rule
from tts_service.speakable.rules import Rule, listed, rule, word_before
from tts_service.speakable.tables import pairs, words

_SAINTS = words("it")["saints"]
_PLACE = re.compile(rf"(?P<at>\b(?:a|ad|di|da|in)[{SPACES}])?[A-ZÀ-Ý][\w'’]{{2,30}}[{SPACES}]\($")
_PROVINCES = pairs("it", "provinces")
_BEFORE_WAY = listed("in di da per tra fra su e lungo ex")
_SAINT_WOMEN = words("it")["saint women"]
_SAINT_PLACES = words("it")["saint places"]
_MEN_IN_A = words("it")["men in a"]


def saint_rules() -> Iterator[Rule]:
    """`S. Pietro`, `S. Maria`, `S. Antonio`, `S. Stefano`, `SS. Trinità`; before other names `S.` is an initial."""

    def say(match: re.Match[str]) -> str | None:
        name = match["name"]
        if name in _SAINT_WOMEN:
            return f"Sant'{name}" if name[0] in "AEIOU" else f"Santa {name}"
        if name not in _SAINTS:
            return _saint_by_place(match)
        if name[0] in "AEIOU":
            return f"Sant'{name}"
        return f"{'Santo' if name.startswith(('St', 'Sp', 'Z')) else 'San'} {name}"

    yield rule("abbreviation", "letter", rf"S\.[{SPACES}]?(?P<name>[^\W\d_]{{3,20}})(?!\w)", say)
    yield rule("abbreviation", "letter", rf"S[Ss]\.(?=[{SPACES}]?[A-Z][a-z])", lambda match: "Santi")


def _saint_by_place(match: re.Match[str]) -> str | None:
    """`al S. Raffaele`, `via S. Gottardo`: a saint that no list knows, by the place that is named after him."""
    name = match["name"]
    surname = re.match(r" [A-ZÀ-Ý][a-zà-ÿ]", match.string[match.end() : match.end() + 3])
    if word_before(match).lower().rpartition("'")[2] not in _SAINT_PLACES or surname or not name[0].isupper():
        return None
    if name[0] in "AEIOU":
        return f"Sant'{name}"
    if name.endswith("a") and name not in _MEN_IN_A:
        return f"Santa {name}"
    return f"{'Santo' if name.startswith(('St', 'Sp', 'Z')) else 'San'} {name}"


def way_rule() -> Rule:
    """`in v. Mazzini`; alone `v.` is many things."""

    def way(match: re.Match[str]) -> str | None:
        return "via" if word_before(match).lower() in _BEFORE_WAY else None

    return rule("abbreviation", "letter", rf"v\.(?=[{SPACES}][A-ZÀ-Ý][a-zà-ÿ])", way)


def province_rule() -> Rule:
    """`Cefalù (PA)`: "Cefalù (provincia di Palermo)"; `(Pd)` and `(FI)` behind a person are parties."""

    def say(match: re.Match[str]) -> str | None:
        code = match.group().upper()
        place = _PLACE.search(match.string, max(0, match.start() - 40), match.start())
        if code not in _PROVINCES or not place or (code in ("PD", "FI") and not place["at"]):
            return None
        return f"provincia di {_PROVINCES[code]}"

    return rule("province", "letter", r"(?<=\()[A-Z][A-Za-z](?=\))", say)


def post_code_rule(tongue: Romance) -> Rule:
    """`20121 Milano`, `C.A.P. 00184`: read digit by digit."""

    def say(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 12) : match.start()]
        led = word_before(match).lower().replace(".", "") == "cap" or re.search(r"[\w)](?:,| [-–]) $", head)
        return tongue.one_by_one(match.group()) if led else None

    return rule("post code", "digit", rf"\d{{5}}(?=[{SPACES}][A-Z][a-zà-ÿ]|[^\w{SPACES}]|$)(?![.,]\d)", say)


def phone_rules(tongue: Romance) -> Iterator[Rule]:
    """`06 1234567`, `02/12345678`, `333 1234567`, `+39 06 …`, `800 123 456`: read digit by digit."""

    def say(match: re.Match[str]) -> str | None:
        groups = re.findall(r"\d+", match.group())
        abroad = match.group()[0] == "+"
        if not abroad and not 8 <= sum(map(len, groups)) <= 11:
            return None
        if not abroad and {len(group) for group in groups} == {3} and numbers.noun_after(match):
            return None
        said = [tongue.one_by_one(group) for group in groups]
        if groups[0] == "800":
            said[0] = tongue.say("800") or said[0]
        return f"{tongue.words.plus if abroad else ''} {' '.join(said)}".strip()

    gap = f"[{SPACES}./-]"
    end = r"(?![\w/]|[.,-]\d)"
    yield rule("telephone", "sign", rf"\+\d{{1,3}}{gap}?\d{{2,4}}(?:{gap}?\d{{2,8}}){{1,4}}{end}", say)
    yield rule("telephone", "digit", rf"(?:0\d{{1,3}}|3\d\d|80[03]){gap}\d{{2,8}}(?:{gap}\d{{2,4}}){{0,3}}{end}", say)
    yield rule("telephone", "digit", rf"(?:0[1-9]\d{{6,9}}|3[2-9]\d{{8}}|800\d{{6}}){end}", say)
    yield account_rule(tongue)
