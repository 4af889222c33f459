"""Spanish: numbers, dates, times, money and short forms as a presenter of RNE reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tts_service.speakable.addresses import AddressWords, address_rules
from tts_service.speakable.es import numbers
from tts_service.speakable.es.short_forms import SPANISH
from tts_service.speakable.es.times import clock_rules, date_rules
from tts_service.speakable.language import Language
from tts_service.speakable.roman import roman_value
from tts_service.speakable.romance.amounts import SPACES, Form, Noun, Romance, Words, feminine, masculine, spread
from tts_service.speakable.romance.measures import height_rule, measure_rules, money_rules
from tts_service.speakable.romance.numbers import (
    fraction_rules,
    number_rules,
    power_rule,
    score_rules,
    serial_rule,
    version_rules,
)
from tts_service.speakable.romance.short_forms import abbreviation_rule, led_abbreviations, letter_rules, letters
from tts_service.speakable.rules import (
    Rule,
    RuleSet,
    Stage,
    listed,
    rule,
    rule_set,
    word_after,
    word_before,
    words_before,
)

SYMBOLS = {
    "%": "por ciento", "‰": "por mil", "&": "y", "+": "más", "=": "igual a", "§": "párrafo", "×": "por",
    "÷": "dividido entre", "°": "grados", "€": "euros", "£": "libras", "$": "dólares", "@": "arroba",
    "≈": "aproximadamente", "~": "aproximadamente", "<": "menor que", ">": "mayor que", "≤": "menor o igual que",
    "≥": "mayor o igual que", "≠": "distinto de", "±": "más menos", "²": "al cuadrado", "³": "al cubo",
    "½": "un medio", "¼": "un cuarto", "¾": "tres cuartos", "√": "raíz cuadrada de", "π": "pi", "−": "menos",
    "^": "elevado a",
}  # fmt: skip
_WORDS = Words(
    comma="coma", dot="punto", minus="menos", plus="más", to="a", percent="por ciento", permille="por mil",
    per="por", times="por", by="por", out_of="sobre",
)  # fmt: skip
_CENT, _CENTAVO, _PESO = masculine("céntimo"), masculine("centavo"), masculine("peso")
_DOLLAR = masculine("dólar", "dólares")
_US_DOLLAR = masculine("dólar estadounidense", "dólares estadounidenses")
_CURRENCIES: dict[str, tuple[Noun, Noun | None]] = {
    **dict.fromkeys(("€", "EUR", "euro", "euros"), (masculine("euro"), _CENT)),
    **dict.fromkeys(("$", "dólar", "dólares"), (_DOLLAR, _CENTAVO)),
    **dict.fromkeys(("US$", "USD", "U$S", "$US"), (_US_DOLLAR, _CENTAVO)),
    **dict.fromkeys(("£", "GBP"), (feminine("libra"), None)),
    **dict.fromkeys(("CHF",), (masculine("franco suizo", "francos suizos"), _CENT)),
    **dict.fromkeys(("¥", "JPY"), (masculine("yen", "yenes"), None)),
    **dict.fromkeys(("MXN",), (masculine("peso mexicano", "pesos mexicanos"), _CENTAVO)),
    **dict.fromkeys(("pesos", "peso"), (_PESO, _CENTAVO)),
    **dict.fromkeys(("céntimos", "cts.", "cts"), (_CENT, None)),
}
_SCALES = spread({
    "M MM mill. millones millón": masculine("millón", "millones"), "billones billón": masculine("billón", "billones"),
    "mil": Noun(one="mil", many="mil"),
})  # fmt: skip
_UNITS = spread({
    "km": masculine("kilómetro"), "m": masculine("metro"), "cm": masculine("centímetro"), "mm": masculine("milímetro"),
    "µm": masculine("micrómetro"), "nm": masculine("nanómetro"), "kg": masculine("kilogramo"), "g": masculine("gramo"),
    "mg": masculine("miligramo"), "µg": masculine("microgramo"), "t": feminine("tonelada"),
    "km² km2": masculine("kilómetro cuadrado", "kilómetros cuadrados"),
    "m² m2": masculine("metro cuadrado", "metros cuadrados"),
    "cm² cm2": masculine("centímetro cuadrado", "centímetros cuadrados"),
    "m³ m3": masculine("metro cúbico", "metros cúbicos"), "hm³ hm3": masculine("hectómetro cúbico",
    "hectómetros cúbicos"),
    "cm³ cm3": masculine("centímetro cúbico", "centímetros cúbicos"), "ha": feminine("hectárea"),
    "l L": masculine("litro"), "cl": masculine("centilitro"), "ml mL": masculine("mililitro"),
    "hl": masculine("hectolitro"), "°C ºC ℃": masculine("grado Celsius", "grados Celsius"),
    "°F": masculine("grado Fahrenheit", "grados Fahrenheit"), "° º": masculine("grado"),
    "km/h": masculine("kilómetro por hora", "kilómetros por hora"), "h h.": feminine("hora"),
    "min min.": masculine("minuto"), "s seg seg.": masculine("segundo"), "ms": masculine("milisegundo"),
    "kWh": masculine("kilovatio hora", "kilovatios hora"), "MWh": masculine("megavatio hora", "megavatios hora"),
    "GWh": masculine("gigavatio hora", "gigavatios hora"), "TWh": masculine("teravatio hora", "teravatios hora"),
    "kW": masculine("kilovatio"), "MW": masculine("megavatio"), "GW": masculine("gigavatio"), "W": masculine("vatio"),
    "V": masculine("voltio"), "kV": masculine("kilovoltio"), "Hz": masculine("hercio"), "kHz": masculine("kilohercio"),
    "MHz": masculine("megahercio"), "GHz": masculine("gigahercio"), "KB kB": masculine("kilobyte"),
    "MB": masculine("megabyte"), "GB": masculine("gigabyte"), "TB": masculine("terabyte"),
    "dB": masculine("decibelio"), "hPa": masculine("hectopascal", "hectopascales"), "bar": masculine("bar", "bares"),
    "CV": masculine("caballo", "caballos"), "hab. hab": masculine("habitante"), "pts.": masculine("punto"),
    "kcal": feminine("kilocaloría"), "km/s": masculine("kilómetro por segundo", "kilómetros por segundo"),
    "m/s": masculine("metro por segundo", "metros por segundo"),
})  # fmt: skip


def spanish(language: Language) -> RuleSet:
    """The rules of Spanish; Mexico and its neighbours write 1,234.5, and `$` is a peso where there are pesos."""
    pesos = {"$": (_PESO, _CENTAVO)} if "pesos" in language.traits else {}
    american = "point" in language.traits
    tongue = Romance(
        language=language.tag, words=_WORDS, cardinal=numbers.cardinal, form=numbers.form,
        is_single=lambda whole, fraction: whole == "1" and not fraction, of=lambda noun: f"de {noun}",
        with_cents=lambda first, rest, cents: f"{first} con {cents}", fraction=numbers.fraction,
        scales=_SCALES, currencies=_CURRENCIES | pesos, units=_UNITS, decimal_mark="." if american else ",",
        grouping="," if american else ".",
    )  # fmt: skip
    return rule_set(language.tag, _stages(tongue), SYMBOLS)


def _stages(tongue: Romance) -> dict[Stage, Iterable[Rule]]:
    addresses = AddressWords(
        language="es",
        dot="punto",
        at="arroba",
        marks={"-": "guion", "_": "guion bajo"},
        words=frozenset(("es", "eu")),
    )
    return {
        Stage.IDIOMS: (height_rule(tongue), *led_abbreviations(SPANISH)),
        Stage.WEB: address_rules(addresses),
        Stage.PLACES: _phones(tongue),
        Stage.DATES: date_rules(tongue),
        # Before measures, where º is a degree.
        Stage.TIMES: (*clock_rules(tongue), *_ordinals()),
        Stage.MONEY: money_rules(tongue),
        Stage.MEASURES: (*measure_rules(tongue), power_rule(tongue, {"²": "al cuadrado", "³": "al cubo"})),
        Stage.SCORES: score_rules(tongue),
        Stage.NAMES: (*_halves(tongue), *_romans(tongue), abbreviation_rule(SPANISH)),
        Stage.NUMBERS: (*_fractions(tongue), *version_rules(tongue), *number_rules(tongue)),
        Stage.LETTERS: (serial_rule(tongue, lambda part: letters(part, SPANISH)), *letter_rules(SPANISH)),
    }


def _phones(tongue: Romance) -> Iterator[Rule]:
    """`91 123 45 67`, `600 123 456`, `+34 …`, `912345678`."""

    def say(match: re.Match[str]) -> str | None:
        groups = re.findall(r"\d+", match.group())
        if sum(map(len, groups)) != 9 and match.group()[0] != "+":
            return None
        if [len(group) for group in groups] == [3, 3, 3] and numbers.form(match) != "alone":
            return None
        if len(groups) == 1:
            groups = re.findall(r"\d{3}", groups[0])
        said = " ".join(filter(None, (tongue.digits(group) for group in groups)))
        return f"{tongue.words.plus} {said}" if match.group().startswith("+") else said

    gap = f"[{SPACES}.-]"
    yield rule("telephone", "sign", rf"\+\d{{1,3}}{gap}?\d{{1,3}}(?:{gap}?\d{{2,4}}){{2,5}}(?!\w)", say)
    yield rule("telephone", "digit", rf"[6-9]\d{{1,2}}(?:[{SPACES}]\d{{2,3}}){{2,3}}(?![\w]|[.,]\d)", say)
    yield rule("telephone", "digit", r"[6-9]\d{8}(?!\w)", say)


_BEFORE_DEGREES = listed("a los unos hasta entre con y casi de")


def _ordinals() -> Iterator[Rule]:
    """`1.º`, `2ª`, `3.er`, `25.ª`."""

    def say(match: re.Match[str]) -> str | None:
        after = word_after(match)
        noun = after.islower() and numbers.gender(after, many=False) is not None
        at = word_before(match).lower()
        if "." not in match.group() and not noun and (at in _BEFORE_DEGREES or (not at and int(match["number"]) > 12)):
            return None
        short = match["end"] in ("er", "ᵉʳ") or (match["end"] in "ºo°" and noun)
        return numbers.ordinal(int(match["number"]), match["end"] in "ªa", before_noun=short)

    yield rule("ordinal", "digit", r"(?P<number>\d{1,3})\.?(?P<end>º|ª|er|ᵉʳ)(?!\w)", say)
    yield rule("ordinal", "digit", r"(?P<number>\d{1,2})\.(?P<end>°|o|a)(?!\w)", say)
    # Left over from a number that wasn't taken for an ordinal: no voice can say it.
    yield rule("ordinal", "letter", r"[ºª](?![^\W\d_])", lambda match: "")


def _halves(tongue: Romance) -> Iterator[Rule]:
    """`½ hora`, `2 ½ vueltas`: a half agrees with its noun."""

    def half(match: re.Match[str]) -> str | None:
        kind = numbers.gender(match["noun"], many=False)
        return {"f": "media", "m": "medio"}.get(kind or "")

    def and_half(match: re.Match[str]) -> str | None:
        kind = numbers.gender(match["noun"], many=match["number"] != "1")
        return f"{tongue.say(match['number'], kind)} y {'media' if kind == 'f' else 'medio'}" if kind else None

    noun = rf"(?=[{SPACES}](?P<noun>[a-záéíóúñ]{{3,30}})(?!\w))"
    yield rule("fraction", "digit letter", rf"(?:½|1/2){noun}", half)
    yield rule("fraction", "digit", rf"(?P<number>\d{{1,4}})[{SPACES}]?(?:½|(?<=[{SPACES}])1/2){noun}", and_half)


def _fractions(tongue: Romance) -> Iterator[Rule]:
    def glued(whole: str, part: str) -> str:
        return f"{whole} y {'medio' if part == 'un medio' else part}"

    yield from fraction_rules(tongue, {"½": "un medio", "¼": "un cuarto", "¾": "tres cuartos"}, glued)


_KINGS = listed(
    "Felipe Carlos Luis Alfonso Fernando Juan Pablo Pedro Enrique Jorge Eduardo Guillermo Benedicto Pío León Gregorio "
    "Clemente Francisco Napoleón Sancho Jaime Ramiro Nicolás Alejandro Federico Jacobo Ricardo Alberto Balduino Harald "
    "Gustavo Haakon Mohamed Hasán Abdalá Inocencio Urbano Bonifacio Sixto Ramsés Teodosio Constantino José Manuel "
    "Vaticano capítulo título libro tomo volumen acto anexo siglo siglos s. ss. cap. t. vol. Capítulo Título Tomo Acto "
    "Anexo Siglo"
)
_QUEENS = listed("Isabel Catalina María Margarita Juana Ana Cristina Beatriz Leonor Victoria Cleopatra parte sección")
_ARTICLES: Mapping[str, Form | None] = {
    **dict.fromkeys(("el", "los", "del", "al", "un", "este", "ese"), "m"),
    **dict.fromkeys(("la", "las", "una", "esta", "esa", "nuestra"), "f"), **dict.fromkeys(("su", "cada")),
}  # fmt: skip


def _romans(tongue: Romance) -> Iterator[Rule]:
    """`siglo XXI`, `Felipe VI`, `II Guerra Mundial`, `capítulo IV`, `Apolo XI`; other letters stay letters."""

    def behind(match: re.Match[str]) -> str | None:
        value, before = roman_value(match["roman"]), word_before(match)
        earlier = words_before(match, 4)
        if value is None:
            return None
        if before in _KINGS or before in _QUEENS or (before in ("y", "al", "a", "o") and _CENTURIES & set(earlier)):
            # Up to ten an ordinal: "Felipe sexto", "Luis catorce".
            short = numbers.ordinal(value, before in _QUEENS) if value <= 10 else None
            return short or tongue.cardinal(str(value), "alone")
        named = len(match["roman"]) > 1 and before[:1].isupper() and not before.isupper()
        return tongue.cardinal(str(value), "alone") if named else None

    def before_noun(match: re.Match[str]) -> str | None:
        value, article = roman_value(match["roman"]), word_before(match).lower()
        kind = _ARTICLES.get(article) or numbers.gender(match["noun"].lower(), many=False)
        titled = not article and match["noun"][0].isupper()
        if (
            value is None
            or not numbers.gender(match["noun"].lower(), many=False)
            or not (titled or article in _ARTICLES)
        ):
            return None
        return numbers.ordinal(value, kind == "f", before_noun=True)

    roman = r"(?P<roman>[IVXL]{1,8})(?!\w|\.\w|['’-])"
    yield rule("roman numeral", "letter", roman, behind)
    yield rule("roman numeral", "letter", rf"{roman}(?=[{SPACES}](?P<noun>[^\W\d_]{{4,30}}))", before_noun)


_CENTURIES = listed("siglo siglos s. ss.")
