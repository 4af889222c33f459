"""Roman numerals, by the word before them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tts_service.speakable.rules import Rule, listed, rule, word_before

REGNAL = listed(
    "Elizabeth Charles Henry George William Edward James Richard Louis Philip Benedict Paul Pius Leo Francis "
    "Felipe Carl Harald Gustaf Gustav Frederick Friedrich Wilhelm Ludwig Karl Heinrich Otto Benedikt Johannes "
    "Franz Leopold Albert Nicholas Alexander Catherine Katharina Elisabeth Margrethe Beatrix Mary Napoleon Ramses "
    "Xerxes Darius Mohammed Abdullah Hussein Clement Gregory Gregor Urban Innocent Boniface John Innozenz Clemens "
    "Maximilian Juan Alfonso Georg Peter Ivan Pope Edmund Stephen Robert Haakon Olav Christian Baudouin Umberto "
    "Victor Emmanuel Hassan Faisal Farouk Naruhito Rama Ptolemy Cleopatra Artaxerxes Cyrus Constantine Theodosius "
    "Justinian Ferdinand Isabella Manuel Pedro Joseph Sigismund Rudolf Matthias Charlemagne Celestine Sixtus "
    "Julius Adrian Alexius Ramesses Thutmose Amenhotep Seti Selim Murad Mehmed Suleiman Akbar Haile Menelik "
    "Moshoeshoe Shaka Michael Theodore Feodor Vladimir Yaroslav Stanislaus Casimir Ladislaus Bela Andrew "
    "Kamehameha Tutankhamun Edgar Ethelred Harold Canute"
)
_TITLES = listed(
    "King Queen Pope Emperor Empress Tsar Czar Kaiser Sultan Shah Prince Princess Duke Patriarch Pharaoh König "
    "Papst Kaiserin Königin Zar"
)
_GIVEN = listed(
    "John James Robert William Henry Charles George Edward Thomas Richard Joseph Michael David Daniel Paul Mark "
    "Steven Andrew Peter Walter Frank Samuel Arthur Albert Harold Hugh Philip Martin Louis Allen Alan Roger Ralph "
    "Eugene Carl Calvin Otis Cornelius Winthrop Thurston Theodore Franklin Benjamin Alexander Anthony Kenneth "
    "Donald Ronald Gregory Patrick Jack Harry Fred Frederick Lawrence Raymond Stephen Brian Kevin Gary Timothy "
    "Jeffrey Scott Eric Gary Dennis"
)
_NUMBERED = listed(
    "War Chapter Part Act Phase Type Volume Vol. Title Article Section Scene Bowl Kapitel Teil Akt Band Artikel "
    "Klasse Stage Grade Class Level Book Vatican Apollo Rocky Mark Mk Figure Fig. Appendix Olympiad Olympics "
    "Episode Tier Division Group Schedule Category Factor Annex Table Plate Type Sonata Opus Symphony Volume Page "
    "Nos. No. Saturn Titan Region chapter scene part act phase type volume vol. title article section stage grade "
    "class level book mark figure fig. appendix episode tier division schedule category factor annex table plate "
    "no. page canto verse"
)
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN = re.compile(r"(?=[MDCLXVI])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def roman_value(written: str) -> int | None:
    """`XVI` -> 16, `MMXXIV` -> 2024; None for letters that are no roman number up to 3999."""
    if not written or not _ROMAN.fullmatch(written):
        return None
    values = [_VALUES[letter] for letter in written]
    return sum(-v if v < n else v for v, n in zip(values, [*values[1:], 0], strict=True))


def roman_rule(cardinal: Callable[[int], str | None], regnal: Callable[[int], str | None]) -> Rule:
    """`Elizabeth II`, `World War II`, `Chapter IV`; letters with no such word before them stay letters."""

    def say(match: re.Match[str]) -> str | None:
        value = roman_value(match["roman"])
        if value is None:
            return None
        kind = _kind(match, value)
        said = regnal(value) if kind == "regnal" else cardinal(value) if kind == "counted" else None
        return f"{said}{match['s'] or ''}" if said else None

    return rule(
        "roman numeral",
        "letter",
        r"(?P<roman>[IVXL]{2,7}|[IVX](?![-‑][^a-z]|\s[A-Z](?!\w)))(?P<s>['’]s)?(?!\w|\.\w|['’])",
        say,
    )


def _kind(match: re.Match[str], value: int) -> str | None:
    """Whether a monarch or heir is counted, or a thing, or whether these are letters."""
    before, roman = re.split("[/–—-]", word_before(match))[-1], match["roman"]
    head = match.string[max(0, match.start() - 60) : match.start()].split()
    earlier = head[-2].strip("\"'“”‘’(,") if len(head) > 1 else ""
    if before in _NUMBERED:
        return "counted"
    if before in REGNAL or earlier in _TITLES:
        return "regnal"
    if value <= 5 and len(roman) > 1 and before[:1].isupper():
        names = {word.strip("\"'“”‘’(,") for word in head[-3:-1]}
        if names & _GIVEN:
            return "regnal"
    named = len(roman) > 1 and before[:1].isupper() and not before.isupper() and not head[-1].endswith((",", ".", ";"))
    return "counted" if named and roman not in ("MI", "DI", "XL", "LI", "CV", "CD") else None


def roman_words(
    cardinal: Callable[[int], str | None],
    ordinal: Callable[[int], str | None],
    year: Callable[[int], str | None],
    to: str,
) -> Iterator[Rule]:
    """`the XXI century`, `the XXXII Olympiad`, `pp. ix–xii`, and years: `MCMLXXXIV`."""

    def counted(match: re.Match[str]) -> str | None:
        value = roman_value(match["roman"])
        return ordinal(value) if value else None

    def dated(match: re.Match[str]) -> str | None:
        value = roman_value(match["roman"])
        return year(value) if value and 1500 <= value <= 2099 else None

    def page(match: re.Match[str]) -> str | None:
        value, before = roman_value(match["roman"].upper()), word_before(match)
        if not value or (before not in _NUMBERED and before not in ("p.", "pp.", "pages")):
            return None
        until = roman_value((match["until"] or "").upper())
        return f"{cardinal(value)} {to} {cardinal(until)}" if until else cardinal(value)

    nouns = "[Cc]entur(?:y|ies)|Olympiad|Olympic|Legion|Corps|Amendment|Congress|[Dd]ynasty|Winter|Summer|edition"
    yield rule("roman numeral", "letter", rf"(?P<roman>[IVXL]{{1,7}})(?:th|st|nd|rd)?(?=\s(?:{nouns}))", counted)
    yield rule("roman numeral", "letter word", r"(?P<roman>[ivxl]{1,7})(?:[-–](?P<until>[ivxl]{1,7}))?(?!\w)", page)
    yield rule("roman numeral", "letter", r"(?P<roman>M[MDCLXVI]{3,12})(?!\w)", dated)
