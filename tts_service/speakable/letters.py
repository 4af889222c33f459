"""Acronyms said or spelt, initials, abbreviations and roman numerals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from tts_service.speakable.abbreviations import NEEDS_NUMBER
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before

SAID = listed(
    "NATO NASA UNESCO UNICEF OPEC AIDS COVID SARS MERS ASEAN NAFTA FEMA NORAD OSHA INTERPOL EUROPOL FRONTEX BRICS "
    "LASER RADAR SWAT SCUBA IKEA FIFA UEFA CONCACAF NASDAQ ISIS HAMAS LEGO IMAX ROM RAM GIF PIN SIM TED OPAC PISA "
    "UNO UNCTAD BAFTA NIMBY CERN ESA INSEE DAX MDAX BAFÖG SARS BAMF DAK EDEKA REWE ALDI ADIDAS KITA FIDE WADA NADA "
    "PEN DEKRA VERDI SPAR HARIBO LIDL FEMEN EFTA ESTA ACAS COBRA OFSTED OFCOM OFGEM NICE SAGE ASOS PAYE MENSA TESLA"
)
"""Capitals read as a word."""
SPELT = listed(
    "USA UAE BBC CNN NBC CBS ABC FBI CIA NSA IRS EU UN UK US IMF WTO WHO EUR USD GBP NHS MP CEO CFO CTO COO HR PR AI "
    "IT TV PC DVD CD GPS USB URL SMS ATM HIV DNA RNA NGO GDP VAT HQ ID DIY FAQ ETA CDU CSU SPD FDP BSW ARD ZDF WDR "
    "NDR SWR RTL DPA DGB VW BMW AG KG ÖPNV BGH BKA LKA DLRG THW DRK ADAC AOK EZB IWF ÖVP SPÖ FPÖ SBB ORF IAEA OECD "
    "OSCE OSZE ICC IOC ECHR HSBC RSPCA UKIP UNHCR AFP PKW LKW KFZ MDR EKD IHK DIHK EEG EGMR EUGH BIP KI UV LED"
)
"""Capitals spelt though they could be read."""
MIXED = {
    "GmbH": "G m b H", "AfD": "A F D", "MPs": "M Ps", "PhD": "P H D", "iOS": "i O S", "eV": "e V",
    "BVerfG": "Bundesverfassungsgericht", "StVO": "S T V O", "EuGH": "E U G H", "DStGB": "D St G B",
    "McDonald's": "McDonald's", "COVID": "Covid", "Lkw": "L K W", "Pkw": "P K W", "Kfz": "K F Z", "ÖPNV": "Ö P N V",
    "TÜV": "Tüv", "BAföG": "Bafög", "BaFin": "Bafin", "WLAN": "W-Lan",
}  # fmt: skip

REGNAL = listed(
    "Elizabeth Charles Henry George William Edward James Richard Louis Philip Benedict Paul Pius Leo Francis Felipe "
    "Carl Harald Gustaf Gustav Frederick Friedrich Wilhelm Ludwig Karl Heinrich Otto Benedikt Johannes Franz Leopold "
    "Albert Nicholas Alexander Catherine Katharina Elisabeth Margrethe Beatrix Mary Napoleon Ramses Xerxes Darius "
    "Mohammed Abdullah Hussein Clement Gregory Gregor Urban Innocent Boniface John Innozenz Clemens Maximilian Juan "
    "Alfonso Georg Peter Ivan Pope"
)
_NUMBERED = listed(
    "War Chapter Part Act Phase Type Volume Title Article Section Bowl Kapitel Teil Akt Band Artikel Klasse Stage "
    "Grade Class Level Book Vatican Apollo Rocky Mark Figure Appendix Olympiad Olympics"
)
_ROMAN = re.compile(r"(?:X{0,3})(?:IX|IV|V?I{0,3})|L(?:X{0,3})(?:IX|IV|V?I{0,3})|XL(?:IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_VOWELS = frozenset("AEIOUYÄÖÜ")


def roman_value(written: str) -> int | None:
    """`XVI` -> 16; None for letters that are no roman number up to 89."""
    if not written or not _ROMAN.fullmatch(written):
        return None
    values = [_VALUES[letter] for letter in written]
    return sum(-v if v < n else v for v, n in zip(values, [*values[1:], 0], strict=True))


def roman_rule(cardinal: Callable[[int], str | None], regnal: Callable[[int], str | None]) -> Rule:
    """`Elizabeth II`, `World War II`, `Chapter IV`; letters with no such word before them stay letters."""

    def say(match: re.Match[str]) -> str | None:
        before, value = word_before(match), roman_value(match["roman"])
        if value is None:
            return None
        if before in REGNAL:
            said = regnal(value)
        elif before in _NUMBERED or (
            len(match["roman"]) > 1 and before[:1].isupper() and match["roman"] not in ("MI", "DI")
        ):
            said = cardinal(value)
        else:
            return None
        return f"{said}{match['s'] or ''}" if said else None

    return rule("roman numeral", "letter", r"(?P<roman>[IVXL]{1,7})(?P<s>['’]s)?(?!\w|\.\w|['’-])", say)


def abbreviation_rules(words: Mapping[str, str], language: str) -> Iterator[Rule]:
    """Known abbreviations, longest first; inner spaces may be there or not (`z.B.`, `z. B.`)."""

    def key_of(written: str) -> str:
        tight = re.sub(r"\s", "", written.lower())
        return tight if tight in words else tight.replace(".", ". ").strip()

    def say(match: re.Match[str]) -> str | None:
        written = match.group()
        key = key_of(written)
        if key not in words:
            return None
        if key in NEEDS_NUMBER and not _beside_number(match):
            return None
        said = words[key]
        if language == "en" and key == "st.":
            after = word_after(match)
            before = word_before(match)
            street = before[:1].isupper() and not (after[:1].isupper())
            return "Street" if street else "Saint" if after[:1].isupper() else None
        if key == "v." and not (word_before(match)[:1].isupper() and word_after(match)[:1].isupper()):
            return None
        if (
            language == "en"
            and key in ("al.", "mar.", "sec.", "max.", "min.", "est.", "wed.", "mon.", "sen.")
            and (not word_after(match))
        ):
            return None
        as_listed = written[0].isupper() or " " in said or language == "de" or key in _CAPITAL
        return said if as_listed else said[:1].lower() + said[1:]

    keys = sorted(words, key=len, reverse=True)
    pattern = "|".join(re.escape(key).replace(r"\ ", r"\s?") for key in keys)
    yield rule("abbreviation", "letter", rf"(?:{pattern})(?!\w)", say, re.IGNORECASE)


_CAPITAL = listed("a.m. p.m. a.d. b.c. u.s. u.k. u.n. e.u. plc. jan. feb. mon.")


def _beside_number(match: re.Match[str]) -> bool:
    after = word_after(match)
    return after[:1].isdigit() or word_before(match)[-1:].isdigit() or roman_value(after) is not None


def letter_rules(and_: str = "") -> Iterator[Rule]:
    """Initials and acronyms in every language of the Latin alphabet; `and_` is what it says for `&` in R&D."""

    def pair(match: re.Match[str]) -> str:
        return f"{' '.join(match['a'])} {and_} {' '.join(match['b'])}"

    if and_:
        yield rule("acronym", "letter", r"(?P<a>[A-Z]{1,3})&(?P<b>[A-Z]{1,3})(?!\w)", pair)
    yield rule("initials", "letter", r"(?:[^\W\d_]\.[ \u00a0]?){4,40}(?![^\W\d_]\.)", _spelt)
    yield rule("initials", "letter", r"(?:[A-ZÄÖÜ]\.){2,3}(?!\w)", _spelt)
    yield rule("initials", "letter", r"[A-ZÄÖÜ]\.(?=[ -]?[A-ZÄÖÜ])", lambda match: match.group()[0])
    yield rule(
        "acronym",
        "letter",
        r"[^\W\d_]{2,12}(?=[-‑][^\W_]|['’]?s?(?!\w))(?:(?<=[A-ZÄÖÜ])s(?!\w))?(?:['’]s(?!\w))?",
        _acronym,
    )
    yield rule("acronym", "letter", r"[^\W_]{1,24}(?:[-‑][^\W_]{1,40}){1,4}(?!\w)", _compound)


def _spelt(match: re.Match[str]) -> str:
    return " ".join(letter for letter in match.group() if letter.isalpha())


def _acronym(match: re.Match[str]) -> str | None:
    return _said(match.group(), match)


def _compound(match: re.Match[str]) -> str | None:
    """`FBI-Agent`, `CDU-Chef`: the acronym is spelt, the word is said."""
    parts = re.split(r"[-‑]", match.group())
    said = [_said(part, match) for part in parts]
    if not any(said):
        return None
    return " ".join(new or part for new, part in zip(said, parts, strict=True))


def _said(word: str, match: re.Match[str]) -> str | None:
    bare, end = word, ""
    for ending in ("'s", "’s", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 1 and word[: -len(ending)].isupper():
            bare, end = word[: -len(ending)], ending
            break
    if word in MIXED or bare in MIXED:
        return MIXED.get(word) or f"{MIXED[bare]}{end}"
    if len(bare) < 2 or not bare.isupper() or not bare.isalpha():
        return None
    if _shouting(match) and bare not in SPELT:
        return word.lower()
    if bare in SAID:
        return bare.capitalize() + end
    if bare not in SPELT and (bare in _WORDS or not _unsayable(bare)):
        return None
    return " ".join(bare) + end


_WORDS = listed(
    "THE AND FOR NOT BUT ALL YOU ARE NEW OLD TOP BIG DAY WAR WE HE ME MY BE BY DO GO IF IN IS NO OF OH OK ON OR SO "
    "TO UP AS AT AN ANY CAN HAS HAD HER HIS HOW MAN OUT OUR SHE TWO WAS WHY YES YET ONE NOW OFF OWN SET SEE SAY DER "
    "DIE DAS UND IST WIR SIE ER ES IM AM ZU MIT VON AUF AUS BEI EIN FÜR NUR WAR WAS WER WIE WO JA NEIN MAX SAM TOM"
)
"""Words, however loud: "do NOT", "ALL"."""


def _unsayable(word: str) -> bool:
    return len(word) <= 3 or (len(word) <= 6 and not _VOWELS & set(word))


def _shouting(match: re.Match[str]) -> bool:
    """Whether the words around are capitals too: a headline set in capitals, not acronyms."""
    head = re.split(r"[.!?]", match.string[max(0, match.start() - 40) : match.start()])[-1]
    tail = re.split(r"[.!?]", match.string[match.end() : match.end() + 40])[0]
    words = re.findall(r"[^\W\d_]{2,40}", f"{head}{match.group()}{tail}")
    loud = [word for word in words if word.isupper()]
    return len(loud) >= 3 and len(loud) * 10 >= len(words) * 7 and any(len(word) > 4 for word in loud)
