"""What German says for currencies, scales, units and signs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tts_service.speakable.de.grammar import Gender


@dataclass(frozen=True, slots=True)
class Counted:
    """A noun that is counted."""

    one: str
    many: str
    gender: Gender
    part: str = ""
    """A currency's hundredth: "Cent"; "" for what has none."""


SYMBOLS = {
    "%": "Prozent", "‰": "Promille", "&": "und", "+": "plus", "=": "gleich", "§": "Paragraf", "×": "mal",
    "÷": "geteilt durch", "°": "Grad", "€": "Euro", "£": "Pfund", "$": "Dollar", "¥": "Yen", "½": "ein halb",
    "¼": "ein viertel", "¾": "drei viertel", "@": "at", "≈": "etwa", "~": "etwa", "<": "kleiner als",
    ">": "größer als", "≤": "kleiner gleich", "≥": "größer gleich", "≠": "ungleich", "±": "plus minus",
    "∞": "unendlich", "√": "Wurzel aus", "−": "minus", "№": "Nummer", "†": "gestorben", "©": "Copyright",
}  # fmt: skip

MARKS = {"-": "Bindestrich", "_": "Unterstrich", "+": "plus"}
"""Said in addresses, so that a listener can type them."""


def _scales() -> dict[str, Counted]:
    written = {
        "Mio. Mio Mill. Mill Millionen Million": Counted("Million", "Millionen", "f"),
        "Mrd. Mrd Milliarden Milliarde": Counted("Milliarde", "Milliarden", "f"),
        "Bio. Billionen Billion": Counted("Billion", "Billionen", "f"),
        "Brd. Billiarden Billiarde": Counted("Billiarde", "Billiarden", "f"),
        "Tsd. Tsd Tausend tausend": Counted("tausend", "tausend", "n"),
    }
    return {word: scale for words, scale in written.items() for word in words.split()}


SCALES = _scales()


def _same(name: str, gender: Gender, part: str = "") -> Counted:
    return Counted(name, name, gender, part)


def _currencies() -> Iterator[tuple[str, Counted]]:
    yield from dict.fromkeys(("€", "EUR", "Euro"), _same("Euro", "m", "Cent")).items()
    yield from dict.fromkeys(("$", "Dollar"), _same("Dollar", "m", "Cent")).items()
    us_dollar = _same("U S Dollar", "m", "Cent")
    yield from dict.fromkeys(("US$", "US-$", "USD", "US-Dollar"), us_dollar).items()
    yield from dict.fromkeys(("£", "GBP", "Pfund"), _same("Pfund", "n", "Pence")).items()
    yield from dict.fromkeys(("CHF", "SFr.", "sFr."), _same("Schweizer Franken", "m", "Rappen")).items()
    yield "Franken", _same("Franken", "m", "Rappen")
    yield from dict.fromkeys(("¥", "JPY", "Yen"), _same("Yen", "m")).items()
    yield from dict.fromkeys(("DM", "D-Mark"), _same("D-Mark", "f", "Pfennig")).items()
    yield "Mark", _same("Mark", "f", "Pfennig")
    yield from dict.fromkeys(("Cent", "ct", "ct.", "Ct.", "¢"), _same("Cent", "m")).items()
    yield from dict.fromkeys(("₽", "RUB", "Rubel"), _same("Rubel", "m")).items()
    yield from dict.fromkeys(("zł", "PLN", "Zloty", "Złoty"), _same("Zloty", "m")).items()
    yield from dict.fromkeys(("₺", "TRY", "Lira"), _same("Lira", "f")).items()
    yield from dict.fromkeys(("₴", "UAH", "Hrywnja"), _same("Hrywnja", "f")).items()
    yield from dict.fromkeys(("CNY", "RMB", "Yuan"), _same("Yuan", "m")).items()
    yield from dict.fromkeys(("₹", "INR"), Counted("Rupie", "Rupien", "f")).items()
    for sign, country in {
        "A$": "australische",
        "C$": "kanadische",
        "HK$": "Hongkong",
        "NZ$": "neuseeländische",
    }.items():
        yield sign, _same(f"{country} Dollar", "m")
    for code, country in {
        "Kč": "tschechische",
        "SEK": "schwedische",
        "NOK": "norwegische",
        "DKK": "dänische",
        "CZK": "tschechische",
    }.items():
        yield code, Counted(f"{country} Krone", f"{country} Kronen", "f")
    yield from dict.fromkeys(("₿", "BTC", "Bitcoin"), _same("Bitcoin", "m")).items()


CURRENCIES = dict(_currencies())

_PREFIXES = {
    "n": "Nano", "µ": "Mikro", "μ": "Mikro", "m": "Milli", "c": "Zenti", "d": "Dezi", "h": "Hekto", "k": "Kilo",
    "M": "Mega", "G": "Giga", "T": "Tera",
}  # fmt: skip
_BASES: dict[str, tuple[str, str, Gender, str]] = {
    # unit: (one, many, gender, its prefixes)
    "m": ("meter", "meter", "m", "nµμmcdk"), "g": ("gramm", "gramm", "n", "µμmk"), "l": ("liter", "liter", "m", "mcdh"),
    "W": ("watt", "watt", "n", "kMGT"), "Wh": ("wattstunde", "wattstunden", "f", "kMGT"),
    "Hz": ("hertz", "hertz", "n", "kMG"), "B": ("byte", "byte", "n", "kMGT"), "V": ("volt", "volt", "n", "mkM"),
    "bit/s": ("bit pro Sekunde", "bit pro Sekunde", "n", "kMG"), "cal": ("kalorie", "kalorien", "f", "k"),
    "J": ("joule", "joule", "n", "kMG"), "Sv": ("sievert", "sievert", "n", "µm"),
    "Pa": ("pascal", "pascal", "n", "hkM"),
    "N": ("newton", "newton", "n", "kM"), "bar": ("bar", "bar", "n", "m"), "s": ("sekunde", "sekunden", "f", "nµm"),
    "A": ("ampere", "ampere", "n", "m"), "t": ("tonne", "tonnen", "f", "kM"),
    "Bq": ("becquerel", "becquerel", "n", "kM"),
}  # fmt: skip
_ALONE = {
    "min": "Minute Minuten f", "min.": "Minute Minuten f", "Min.": "Minute Minuten f", "Min": "Minute Minuten f",
    "Std.": "Stunde Stunden f", "Std": "Stunde Stunden f", "Stdn.": "Stunde Stunden f", "h": "Stunde Stunden f",
    "Sek.": "Sekunde Sekunden f", "sek.": "Sekunde Sekunden f", "sec": "Sekunde Sekunden f", "s": "Sekunde Sekunden f",
    "t": "Tonne Tonnen f", "m": "Meter Meter m", "g": "Gramm Gramm n", "l": "Liter Liter m", "Ltr.": "Liter Liter m",
    "W": "Watt Watt n", "V": "Volt Volt n", "Wh": "Wattstunde Wattstunden f", "Ah": "Amperestunde Amperestunden f",
    "kWp": "Kilowatt-Peak Kilowatt-Peak n", "Hz": "Hertz Hertz n", "ha": "Hektar Hektar n", "PS": "P-S P-S n",
    "dB": "Dezibel Dezibel n", "bar": "Bar Bar n", "Pfd.": "Pfund Pfund n", "Ztr.": "Zentner Zentner m",
    "Stck.": "Stück Stück n", "Stk.": "Stück Stück n", "Pers.": "Person Personen f", "Mon.": "Monat Monate m",
    "Pkt.": "Punkt Punkte m", "Einw.": "Einwohner Einwohner m", "kn": "Knoten Knoten m", "sm": "Seemeile Seemeilen f",
    "Mbit": "Megabit Megabit n", "Gbit": "Gigabit Gigabit n", "MP": "Megapixel Megapixel n",
    "KB": "Kilobyte Kilobyte n",
    "Nm": "Newtonmeter Newtonmeter m", "mAh": "Milliamperestunde Milliamperestunden f", "Mt": "Megatonne Megatonnen f",
    "%": "Prozent Prozent n", "‰": "Promille Promille n", "ppm": "P-P-M P-P-M n", "TL": "Teelöffel Teelöffel m",
    "EL": "Esslöffel Esslöffel m", "El": "Esslöffel Esslöffel m", "Tl": "Teelöffel Teelöffel m",
    "Msp.": "Messerspitze Messerspitzen f", "Pkg.": "Packung Packungen f",
    "Pck.": "Päckchen Päckchen n", "Wo.": "Woche Wochen f", "dB(A)": "Dezibel Dezibel n", "Kal.": "Kalorie Kalorien f",
    "qkm": "Quadratkilometer Quadratkilometer m", "qm": "Quadratmeter Quadratmeter m", "°": "Grad Grad n",
    "cbm": "Kubikmeter Kubikmeter m", "fm": "Festmeter Festmeter m", "Prozent": "Prozent Prozent n",
    "Zoll": "Zoll Zoll m", "Grad": "Grad Grad n",
}  # fmt: skip
_PHRASES: dict[str, tuple[str, Gender]] = {
    "°C": ("Grad Celsius", "n"), "° C": ("Grad Celsius", "n"), "℃": ("Grad Celsius", "n"), "ºC": ("Grad Celsius", "n"),
    "Vol.-%": ("Volumenprozent", "n"), "Vol.%": ("Volumenprozent", "n"), "Vol-%": ("Volumenprozent", "n"),
    "Vol.-Prozent": ("Volumenprozent", "n"), "% vol": ("Volumenprozent", "n"), "% Vol": ("Volumenprozent", "n"),
    "% vol.": ("Volumenprozent", "n"), "% Vol.": ("Volumenprozent", "n"), "Gew.-%": ("Gewichtsprozent", "n"),
    "Mol-%": ("Molprozent", "n"), "Masse-%": ("Masseprozent", "n"), "%-Punkte": ("Prozentpunkte", "m"),
    "%-Punkten": ("Prozentpunkten", "m"),
    "v. H.": ("vom Hundert", "n"), "v.H.": ("vom Hundert", "n"), "Grad C": ("Grad Celsius", "n"),
    "°F": ("Grad Fahrenheit", "n"), "km/h": ("Kilometer pro Stunde", "m"),
    "kmh": ("Kilometer pro Stunde", "m"), "m/s": ("Meter pro Sekunde", "m"),
    "m ü. M.": ("Meter über dem Meer", "m"), "m ü. d. M.": ("Meter über dem Meer", "m"),
    "m ü. NN": ("Meter über Normalnull", "m"), "m ü. NHN": ("Meter über Normalhöhennull", "m"),
    "m.ü.M.": ("Meter über dem Meer", "m"),
}  # fmt: skip


def _units() -> Iterator[tuple[str, Counted]]:
    for sign, (one, many, gender, prefixes) in _BASES.items():
        for prefix in prefixes:
            yield f"{prefix}{sign}", Counted(f"{_PREFIXES[prefix]}{one}", f"{_PREFIXES[prefix]}{many}", gender)
    for sign, forms in _ALONE.items():
        one, many, kind = forms.split()
        yield sign, Counted(one.replace("P-", "P "), many.replace("P-", "P "), _GENDERS[kind])
    for length in ("m", "mm", "cm", "km", "dm"):
        name = f"{_PREFIXES.get(length[:-1], '')}meter"
        for power, said in {"²": "Quadrat", "2": "Quadrat", "³": "Kubik", "3": "Kubik"}.items():
            yield f"{length}{power}", _same(f"{said}{name.lower()}", "m")
    for sign, (name, gender) in _PHRASES.items():
        yield sign, _same(name, gender)
    for sign in ("MBit/s", "GBit/s", "Mbps", "MBps"):
        yield sign, _same(f"{_PREFIXES[sign[0]]}bit pro Sekunde", "n")


_GENDERS: dict[str, Gender] = {"m": "m", "f": "f", "n": "n"}
UNITS = dict(_units())

PER = {
    "Monat": "Monat", "Jahr": "Jahr", "Tag": "Tag", "Woche": "Woche", "Stunde": "Stunde", "Person": "Person",
    "Nacht": "Nacht", "Stück": "Stück", "Liter": "Liter", "Kilo": "Kilo", "Kopf": "Kopf", "Mon.": "Monat",
    "Std.": "Stunde", "Minute": "Minute", "Sekunde": "Sekunde", "Tonne": "Tonne", "Quadratmeter": "Quadratmeter",
    "Kilowattstunde": "Kilowattstunde", "Barrel": "Barrel", "Unze": "Unze", "Aktie": "Aktie", "a": "Jahr",
    "d": "Tag", "100 km": "einhundert Kilometer", "100km": "einhundert Kilometer", "100 g": "einhundert Gramm",
    "100 ml": "einhundert Milliliter", "100 Kilometer": "einhundert Kilometer",
    "100.000 Einwohner": "einhunderttausend Einwohner", "Einwohner": "Einwohner",
} | {sign: unit.one for sign, unit in UNITS.items() if sign not in ("%", "‰", "°")}  # fmt: skip
"""What stands behind a slash: "Euro/Monat", "g/km"."""
