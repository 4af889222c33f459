"""German abbreviations whose words depend on what stands around them: endings, names, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.de.agreeing import agreeing_rules
from tts_service.speakable.de.grammar import ending_of, gender_of, noun_after, words_before
from tts_service.speakable.de.regions import is_woman
from tts_service.speakable.letters import beside_number
from tts_service.speakable.rules import Rule, listed, rule, word_after, word_before
from tts_service.speakable.tables import pairs, words

_ADJECTIVES = pairs("de", "adjectives")


def _adjectives() -> Rule:
    """`der sog. Kompromiss`, `den ehem. Minister`: they take the ending their noun asks for."""

    def adjective(match: re.Match[str]) -> str | None:
        stem, noun = _ADJECTIVES[match.group().lower()], noun_after(match)
        behind = word_after(match)
        if not behind or behind[0].isdecimal() or not noun:
            return stem
        if behind[0].islower() and not re.fullmatch(r".{3,30}e[nrsm]?", behind):
            return stem
        before = (["", *words_before(match)])[-1]
        plural = not before and re.search(r"(?:en|ende|er)$", noun) and gender_of(noun) == "m"
        ending = "e" if plural or noun.endswith(("ende", "Vorsitzende")) else ending_of(match)
        return f"{stem}{ending}"

    keys = "|".join(re.escape(key).replace(r"\ ", r"\s") for key in sorted(_ADJECTIVES, key=len, reverse=True))
    return rule("abbreviation", "letter", rf"(?:{keys})(?=\s|$)", adjective, re.IGNORECASE)


def contextual_rules() -> Iterator[Rule]:
    """`der sog. Kompromiss`, `geb. Weiß`, `Fr. Müller`, `Cranach d. J.`."""

    def born(match: re.Match[str]) -> str:
        after = word_after(match)
        name = after[:1].isupper() and not after[:1].isdecimal()
        if re.fullmatch(r"\d{1,3}\.", word_before(match)):
            return "Geburtstag"
        return "geborene" if name else "geboren"

    def person(match: re.Match[str]) -> str | None:
        titles = {"Fr.": "Frau", "Hr.": "Herr", "Hrn.": "Herrn", "Frl.": "Fräulein"}
        friday = match.group() == "Fr." and word_before(match).lower() in _BEFORE_FRIDAY
        return titles[match.group()] if word_after(match)[:1].isupper() and not friday else None

    def younger(match: re.Match[str]) -> str:
        name = word_before(match)
        person_named = name[:1].isupper() and name not in _MONTHS
        return ("der Jüngere" if match["which"] == "J" else "der Ältere") if person_named else "dieses Jahres"

    def both(match: re.Match[str]) -> str | None:
        # "z. u." is no pair of words.
        letter = re.search(r"(?<!\w)[a-zäöü]\.\s$", match.string[max(0, match.start() - 4) : match.start()])
        return "und" if word_before(match) and not letter else None

    def purpose(match: re.Match[str]) -> str | None:
        return None if not word_before(match) or word_before(match)[-1].isdecimal() else "für"

    def chair(match: re.Match[str]) -> str:
        head = match.string[max(0, match.start() - 40) : match.start()]
        man = re.search(r"(?:^|\W)(?:[Ee]r|Herr|Hr\.)\s(?:[\w.]{1,20}\s){0,3}$", head)
        return "Vorsitzender" if man else "Vorsitzende"

    def item(match: re.Match[str]) -> str | None:
        law = any(word in ("abs.", "absatz", "§", "art.") for word in words_before(match, 4))
        return "Ziffer" if law else None

    def pieces(match: re.Match[str]) -> str | None:
        counted = word_before(match)[-1:].isdecimal() or word_before(match) in ("pro", "je")
        return "Stück" if counted and not word_after(match)[:1].isupper() else None

    yield from _small_words()
    yield from agreeing_rules()
    yield from _sports()
    yield rule("abbreviation", "letter", r"u\.(?=\s(?:[a-zäöüA-ZÄÖÜ][\w-]|n\.\s[VA]))(?!\s[a-zäöü]\.(?<!\sn\.))", both)
    yield rule("abbreviation", "letter", r"u\.(?=\s0\d{2,5}\s?[/-])", lambda match: "unter")
    yield rule("abbreviation", "letter", r"(?<=\d\.\s)St\.(?!\s?[A-ZÄÖÜ])", lambda match: "Stock")
    yield rule("abbreviation", "letter", r"f\.(?=\s[A-ZÄÖÜ][a-zäöü])", purpose)
    size = r"Gr\.(?=\s(?:[SMLX]{1,3}|\d{1,3})(?!\w))"
    yield rule("abbreviation", "letter", size, lambda match: "Größe")
    yield rule("abbreviation", "letter", r"Vors\.", chair)
    yield rule("abbreviation", "letter", r"Z(?=\s\d{1,3}(?!\d))", item)
    yield rule("abbreviation", "letter word", r"(?:MwSt|Mwst|MWSt)(?![\w.])", lambda match: "Mehrwertsteuer")
    yield rule("abbreviation", "letter", r"Hbf(?![\w.])", lambda match: "Hauptbahnhof")
    yield _adjectives()
    yield rule("abbreviation", "letter", r"geb\.", born)
    yield rule("abbreviation", "letter", r"(?:Fr|Hrn?|Frl)\.(?=\s[A-ZÄÖÜ])", person)
    yield rule("abbreviation", "letter", r"d\.\s?(?P<which>[JÄ])\.", younger)
    yield rule("abbreviation", "letter", r"St\.(?!\s?[A-ZÄÖÜ-])", pieces)
    yield rule("abbreviation", "letter", r"St\.[-‑](?=[A-ZÄÖÜ])", lambda match: "Sankt")
    yield rule("abbreviation", "letter", r"Dipl\.-(?P<what>Ing|Kfm|Psych|Päd|Biol|Phys|Volksw|Betriebsw)\.", _diploma)
    law = {"Abs": "Absatz", "Art": "Artikel"}
    yield rule("abbreviation", "letter", r"(?P<part>Abs|Art)(?=\s\d)", lambda match: law[match["part"]])
    yield rule("abbreviation", "letter", r"(?:und/oder|bzw/oder)(?!\w)", lambda match: "und oder")
    yield rule("symbol", "sign", r"\*(?=\s?\d)(?<![\w)]\*)", lambda match: "geboren")
    yield rule("symbol", "sign letter", r"[Øø](?=\s)", lambda match: "durchschnittlich")
    yield rule("symbol", "sign", r"§§(?=\s?\d)", lambda match: "Paragrafen")


_SMALL = {"m.": "mit", "b.": "bei", "o.": "ohne"}
_ARTICLE_OF = {"m": "den", "f": "die", "n": "das"}


def _small_words() -> Iterator[Rule]:
    """`Jacke m. Kapuze`, `Urt. v. 12.11.`, `f. d. Tierheim`, `a. d. 17. Jh.`, `am 5. d. M.`"""

    def small(match: re.Match[str]) -> str | None:
        before = word_before(match)
        dated = re.fullmatch(r"\d{1,2}\.\d{1,2}\.", before)
        alone = len(before) > 2 and not before.endswith(".") and not before[-1].isdecimal()
        opened = match.string[max(0, match.start() - 1) : match.start()] == "("
        alone = alone or opened or dated is not None
        return _SMALL[match.group()] if alone else None

    def dated(match: re.Match[str]) -> str:
        return (
            "vom"
            if re.match(
                r"\s\d{1,2}\.\s?(?:(?:[-–]|bis\s|und\s)?\s?\d{1,2}\.|[A-ZÄÖÜ])",
                match.string[match.end() : match.end() + 16],
            )
            else "von"
        )

    def bound(match: re.Match[str]) -> str:
        return f"für {_ARTICLE_OF[gender_of(word_after(match))]}"

    def person(match: re.Match[str]) -> str:
        return {"m": "männlich", "w": "weiblich", "d": "divers"}[match.group()]

    def aged(match: re.Match[str]) -> str:
        number = numerals.cardinal(match["number"], "de") or match["number"]
        if match["j"] == "J":
            article = (["", *words_before(match)])[-1]
            ending = "e" if article in ("der", "die", "eine") else "er" if article in ("ein", "") else "en"
            return f"{number}jährige{ending[1:]}".capitalize()
        return f"{number}jährig{ending_of(match)}"

    yield rule("age", "digit", r"(?P<number>\d{1,3})[-‑](?P<j>[jJ])(?:ähr)?\.", aged)
    yield rule("abbreviation", "letter", r"[mbo]\.(?=\s[A-ZÄÖÜ][a-zäöüß])", small)
    yield rule("abbreviation", "letter", r"v\.(?=\s\d)(?<!\s[a-z]\.\sv\.)", dated)
    yield rule("abbreviation", "letter", r"f\.\s?d\.(?=\s[A-ZÄÖÜ][a-zäöü])", bound)
    yield rule("abbreviation", "letter", r"a\.\s?d\.(?=\s\d{1,2}\.\s?Jh)", lambda match: "aus dem")
    yield rule("abbreviation", "letter", r"(?<=\d\.\s)d\.\s?M\.(?!\w)", lambda match: "dieses Monats")
    yield rule("abbreviation", "letter", r"(?<=\()[mwd](?=,\s\d{1,3}[),])", person)


def _sports() -> Iterator[Rule]:
    """`(45.+1, FE)`, `3:2 n. P.`, `AK 17 Euro`, `WK 47`."""
    names = {"FE": "Foulelfmeter", "HE": "Handelfmeter", "ET": "Eigentor"}
    yield rule(
        "abbreviation", "letter", r"(?:(?<=,\s)|(?<=[.'’]/))(?:FE|HE|ET)(?=[,)])", lambda match: names[match.group()]
    )
    yield rule("abbreviation", "letter", r"(?<=\d\s)n\.\s?P\.(?!\w)", lambda match: "nach Penaltyschießen")
    yield rule("abbreviation", "letter", r"AK(?=\s\d{1,3}(?:,\d\d)?\s?(?:€|Euro))", lambda match: "Abendkasse")
    yield rule("abbreviation", "letter", r"SR:?(?=\s[A-ZÄÖÜ][a-zäöüß])", _referee)
    yield rule("abbreviation", "letter", r"WK(?=\s\d{1,3}(?!\d))", lambda match: "Wahlkreis")


_OF_MATCH = re.compile(r"\d:\d|Zus(?:eher|ch)|Tore")


def _referee(match: re.Match[str]) -> str | None:
    """`2:2 (0:1); 450 Zuseher, SR Lechner`"""
    near = _OF_MATCH.search(match.string, max(0, match.start() - 60), match.end() + 40)
    return "Schiedsrichter" + ":" * match.group().endswith(":") if near else None


def decide(key: str, match: re.Match[str]) -> str | None:
    """What an abbreviation of the table means here; "" where it is a word, None where the table is right."""
    written = match.group()
    if key in _GENITIVES and _of(match):
        return _GENITIVES[key]
    if key in ("bgm.", "vbgm.", "bürgerm.") and (named := _NAMED.match(match.string, match.end())):
        return f"{pairs('de', 'abbreviations')[key]}{'in' * is_woman(named['first'])}"
    if key == "enth." and word_before(match) in ("1", "einer", "eine"):
        return "Enthaltung"
    if key == "gem." and written[0] == "G" and word_before(match).lower() in ("der", "die", "zur", "einer"):
        return "Gemeinde"
    if key == "mitgl." and word_before(match).lower() in ("für", "f.", "alle", "nur", "viele", "aller"):
        return "Mitglieder"
    if key == "geb." and word_before(match).lower() in ("zzgl.", "inkl.", "exkl.", "zuzügl.", "plus"):
        return "Gebühren"
    if key == "em.":
        return "emeritus" if word_before(match) == "Prof." else ""
    if key == "vgl." and written[0] == "V":
        return "Vergleich"
    if key == "prov.":
        return None if "%" in match.string[max(0, match.start() - 8) : match.start()] else ""
    if key == "rest.":
        place = word_after(match)[:1].isupper() and word_before(match).lower() not in _ARTICLES
        return None if place or word_before(match) == "ins" else ""
    if key in _MONTH_KEYS or key in ("bio.", "z.", "sp.", "rd.", "max.", "kl.", "pkt.", "einw.", "jun.", "anl."):
        near = beside_number(match) or (key == "kl." and re.fullmatch("[A-Z]", word_after(match)) is not None)
        near = near or (key == "jun." and word_before(match)[:1].isupper())
        return None if near else ""
    if key == "geb." and re.fullmatch(r"\d{1,3}\.", word_before(match)):
        return "Geburtstag"
    if key == "vs." and written.isupper():
        return ""
    if key == "n. v." and (word_before(match) in _DAYS or word_before(match) in ("Termine", "Termin", "Besuch", "und")):
        return "nach Vereinbarung"
    if key == "min." and re.fullmatch(r"\d{1,3}\.", word_before(match)):
        return "Minute"
    if key == "min.":
        return "minimal" if word_after(match)[:1].isdecimal() else None
    if key in ("a. m.", "a. d.", "a. rh.") and written[0] == "A":
        return ""
    if key == "a. d.":
        return "an der" if written[-2] == "d" else None
    if key == "i. r." and word_after(match).lower() in _OF | {"der", "von"}:
        return "im Rahmen"
    if key in ("i. a.", "i. v.", "i. r.", "e. v.", "a. m.") and written[-2].islower():
        return "im Auftrag" if key == "i. a." and not word_after(match) else ""
    if key in ("n. e.", "i. e.", "n. v."):
        scores = (*words_before(match, 3), word_after(match))
        return None if any(re.search(r"\d:\d", word) for word in scores) else ""
    if key == "abb." and word_before(match)[-1:].isdecimal() and not word_after(match)[:1].isdecimal():
        return "Abbildungen"
    if key == "s." and word_before(match)[-1:].isdecimal() and not word_after(match)[:1].isdecimal():
        return "Seiten"
    if key == "s." and not re.match(r"\s?(?:\d|[IVX]{1,6}(?!\w))", match.string[match.end() : match.end() + 10]):
        return ""
    if key == "s.":
        law = any(word in ("abs.", "absatz", "art.", "artikel", "§") for word in words_before(match, 3))
        return "Satz" if law and beside_number(match) else None
    last = match.end() >= match.endpos
    if key in ("abt.", "mag.", "bes.") and last:
        return None if key == "abt." and word_before(match).lower() in ("der", "die", "einer", "zur") else ""
    if key in ("bes.", "mag.", "kr.", "bez.", "verm.", "ver.", "red.", "nat.", "art.") and not word_after(match):
        return ""
    return None


_DAYS = {f"{day}." for day in pairs("de", "weekdays")} | set(pairs("de", "weekdays").values())
_BEFORE_FRIDAY = words("de")["before friday"]
"""Behind these no woman is named: `Bis Fr. Anmeldung`."""
_MONTH_KEYS = words("de")["month keys"]
_MONTHS = words("de")["short forms: months"]
_GENITIVES = pairs("de", "genitives")
_OF = listed("des eines dieses jenes ihres seines unseres vergangenen")
_ARTICLES = listed("der den dem ein einen einem mein sein ihr kein")
_NAMED = re.compile(r"\s(?:(?:Dr|Mag|Ing|Prof|DI)\.?\s){0,2}(?P<first>[A-ZÄÖÜ][a-zäöüß]{1,20})(?=\s[A-ZÄÖÜ])")


def _of(match: re.Match[str]) -> bool:
    """`des Gymn.`, `Anfang des 20. Jh.`"""
    before = [""] * 2 + words_before(match, 2)
    return before[-1] in _OF or (before[-2] in _OF and re.fullmatch(r"\d{1,2}\.", before[-1]) is not None)


_DIPLOMAS = pairs("de", "diplomas")


def _diploma(match: re.Match[str]) -> str:
    return f"Diplom {_DIPLOMAS[match['what']]}"
