"""Italian short forms of court, traffic and weather reports: `2 a. e 6 m.`, `dir. Firenze`, `venti da NE`, `M 3.4`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.it import numbers
from tts_service.speakable.roman import roman_value
from tts_service.speakable.romance.amounts import Romance
from tts_service.speakable.romance.compass import Compass
from tts_service.speakable.rules import Rule, listed, rule, word_before

COMPASS = Compass(
    north="nord",
    south="sud",
    east="est",
    west="ovest",
    west_letter="O",
    joint="-",
    joined={},
    leads=listed("da di a verso dai del vento venti raffiche"),
    winds=listed("vento venti raffiche brezza correnti mare"),
)
_ROAD = re.compile(
    r"(?<!\w)(?:[Kk]m|[Cc]oda|[Cc]ode|[Cc]asello|[Ss]vincolo|[Tt]ratto|[Cc]arreggiata|[Aa]utostrada|[Ss][SP]|A\d{1,2})(?!\w)"
)
_ENDS = r"(?=\s*$|[,;).])"


def aside_forms(tongue: Romance) -> Iterator[Rule]:
    """What only the words around show."""

    def term(match: re.Match[str]) -> str:
        years = "un anno" if match["years"] == "1" else f"{tongue.digits(match['years'])} anni"
        if match["half"]:
            return f"{years} e mezzo"
        return f"{years} e un mese" if match["months"] == "1" else f"{years} e {tongue.digits(match['months'])} mesi"

    def direction(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 90) : match.start()]
        return "direzione" if match["to"][1:] or _ROAD.search(head) else None

    def day_of_play(match: re.Match[str]) -> str:
        return f"{numbers.ordinal(int(match['number']), feminine=True)} giornata"

    both = r"(?P<years>\d{1,2})\sa\.\se\s(?:(?P<half>mezzo)|(?P<months>\d{1,2})\s(?:m\.|mesi))(?!\w)"
    yield rule("duration", "digit", both, term)
    towards = r"(?<=,\s)dir\.(?=\s[A-ZÀ-Ý][\w'’]{2,20}(?:[.,;)]|\s?$))"
    yield rule("abbreviation", "letter", towards, lambda match: "direzione")
    yield rule("abbreviation", "letter word", r"dir\.(?=\s(?P<to>[nN]ord|[sS]ud|[eE]st|[oO]vest|[A-ZÀ-Ý]))", direction)
    yield rule("abbreviation", "letter word", r"(?<=\d\s)a\.(?=[,)])", lambda match: "anni")
    yield rule("abbreviation", "letter", r"(?<=[IVX]\s)sec\.|(?<=[IVX][°º]\s)sec\.", lambda match: "secolo")
    yield rule("abbreviation", "letter", rf"(?<=di\s)prof\.{_ENDS}", lambda match: "profondità")
    yield rule("unit", "letter", r"M(?=\s\d\.\d(?!\d))", lambda match: "magnitudo")
    branches = {"civ": "civile", "pen": "penale", "lav": "lavoro"}
    branch = r"(?<=[IVX]\s)(?P<branch>civ|pen|lav)\."
    yield rule("abbreviation", "letter word", branch, lambda match: branches[match["branch"]])

    def side(match: re.Match[str]) -> str | None:
        kind = numbers.gender(word_before(match).lower().replace("’", "'").rpartition("'")[2], many=False)
        return {"d": "destr", "s": "sinistr"}[match["side"]] + "o" if kind == "m" else None

    yield rule("abbreviation", "letter word", r"(?P<side>[ds])x(?!\w)", side)
    yield rule("abbreviation", "letter word", r"(?<=\dh\s)sett\.|(?<=\d\sh\s)sett\.", lambda match: "settimanali")

    def section(match: re.Match[str]) -> str | None:
        value = roman_value(match["roman"])
        return f"{numbers.ordinal(value, feminine=True)} {match['more']}" if value else None

    roman = r"(?<=[Ss]ez\.\s)(?P<roman>[IVXL]{1,6})-?(?P<more>bis|ter|quater)(?!\w)"
    yield rule("roman numeral", "letter", roman, section)
    yield rule("abbreviation", "letter", r"(?<=[°ª]\s)cl\.", lambda match: "classificato")
    yield rule("abbreviation", "letter", r"cl\.(?=\s[A-G](?!\w))", lambda match: "classe")
    points = r"(?:(?<=,\d )|(?<=,\d\d ))(?:p\.p\.|pp)(?!\w)"
    yield rule("unit", "letter word", points, lambda match: "punti percentuali")
    floor = r"p\.(?:(?<=[°º]\sp\.)|(?=\s(?:terra|rialz|(?:semi)?interrato)))"
    yield rule("abbreviation", "letter word", floor, lambda match: "piano")
    numbered = r"p\.\s(?P<number>\d{1,2})[°º](?!\w)"
    yield rule("abbreviation", "letter word", numbered, lambda match: f"piano {numbers.ordinal(int(match['number']))}")
    yield rule("ordinal", "digit", r"(?P<number>\d{1,2})(?:ª|\^|\.?a)\sg\.", day_of_play)
    carabinieri = r"(?:(?<=dei\s)|(?<=dai\s)|(?<=(?<!\w)i\s)|(?<=(?<!\w)[Ia]i\s)|(?<=(?<!\w)I\s))C[Cc](?!\w)"
    yield rule("acronym", "letter", carabinieri, lambda match: "Carabinieri")
    yield rule("abbreviation", "letter word", r"cap\.(?=\sdei\s)", lambda match: "capitano")
    yield rule("abbreviation", "letter word", r"[Pp]\.\s?es\.", lambda match: "per esempio")
    office = r"ass\.(?=\sa(?:ll[aeo]|l|i|gli)\s|\sall['’])"
    yield rule("abbreviation", "letter word", office, lambda match: "assessore")
    yield rule("score", "letter", r"(?<=[a-zà-ÿ]\s)b\.(?=\s[A-ZÀ-Ý][a-zà-ÿ])", lambda match: "batte")
