"""English tables: currencies, scales and units."""

from __future__ import annotations

from tts_service.speakable.amount_words import Amounts, Forms
from tts_service.speakable.en.serials import by_pairs, plural
from tts_service.speakable.language import language_of
from tts_service.speakable.rules import listed

_CENTS = ("cent", "cents")
_NO_PART = ("", "")


def is_american(language: str) -> bool:
    """English without a country is American here."""
    return "british" not in language_of(language).traits


def _plural(name: str) -> Forms:
    return (name, f"{name}s")


_DOLLARS = {
    "$": "dollar", "US$": "U S dollar", "U.S.$": "U S dollar", "USD": "U S dollar", "A$": "Australian dollar",
    "AU$": "Australian dollar", "AUD": "Australian dollar", "C$": "Canadian dollar", "CA$": "Canadian dollar",
    "CAD": "Canadian dollar", "NZ$": "New Zealand dollar", "HK$": "Hong Kong dollar", "S$": "Singapore dollar",
    "NT$": "Taiwan dollar", "€": "euro", "EUR": "euro", "US $": "U S dollar",
}  # fmt: skip
_OTHERS = {
    "£": (_plural("pound"), ("penny", "pence")), "GBP": (_plural("pound"), ("penny", "pence")),
    "¥": (("yen", "yen"), _NO_PART), "JPY": (("yen", "yen"), _NO_PART), "CN¥": (("yuan", "yuan"), _NO_PART),
    "RMB": (("yuan", "yuan"), _NO_PART), "CNY": (("yuan", "yuan"), _NO_PART),
    "₹": (_plural("rupee"), ("paisa", "paise")), "Rs": (_plural("rupee"), ("paisa", "paise")),
    "Rs.": (_plural("rupee"), ("paisa", "paise")), "INR": (_plural("rupee"), ("paisa", "paise")),
    "CHF": (_plural("Swiss franc"), _NO_PART), "R$": (("real", "reais"), _NO_PART), "₩": (("won", "won"), _NO_PART),
    "₽": (("rouble", "roubles"), _NO_PART), "₺": (("lira", "lira"), _NO_PART), "₪": (_plural("shekel"), _NO_PART),
    "₴": (("hryvnia", "hryvnia"), _NO_PART), "₿": (("bitcoin", "bitcoin"), _NO_PART),
    "BTC": (("bitcoin", "bitcoin"), _NO_PART), "₱": (_plural("peso"), _NO_PART), "₫": (("dong", "dong"), _NO_PART),
    "₦": (("naira", "naira"), _NO_PART), "฿": (("baht", "baht"), _NO_PART), "zł": (("zloty", "zlotys"), _NO_PART),
    "SEK": (("Swedish krona", "Swedish kronor"), _NO_PART), "NOK": (("Norwegian krone", "Norwegian kroner"), _NO_PART),
    "DKK": (("Danish krone", "Danish kroner"), _NO_PART), "MXN": (_plural("Mexican peso"), _NO_PART),
    "ZAR": (("rand", "rand"), _NO_PART), "Ksh": (_plural("Kenyan shilling"), _NO_PART), "¢": (_CENTS, _NO_PART),
}  # fmt: skip
_CURRENCIES = {sign: (_plural(name), _CENTS) for sign, name in _DOLLARS.items()} | _OTHERS
_SCALES = {
    "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion", "mn": "million",
    "bn": "billion", "tn": "trillion", "trn": "trillion", "k": "thousand", "m": "million", "b": "billion",
    "mln": "million", "bln": "billion", "mil": "million", "mio": "million", "Mio.": "million", "M": "million",
    "B": "billion", "K": "thousand", "T": "trillion", "BN": "billion", "Bn": "billion", "MM": "million",
    "crore": "crore", "lakh": "lakh", "hundred": "hundred", "quadrillion": "quadrillion", "Million": "million",
    "Billion": "billion", "Trillion": "trillion", "MILLION": "million", "BILLION": "billion",
}  # fmt: skip
_PLAIN = {
    "kg": "kilogram", "mg": "milligram", "g": "gram", "µg": "microgram", "μg": "microgram", "mcg": "microgram",
    "ha": "hectare", "kWh": "kilowatt hour", "MWh": "megawatt hour", "GWh": "gigawatt hour", "TWh": "terawatt hour",
    "Wh": "watt hour", "mAh": "milliamp hour", "kW": "kilowatt", "MW": "megawatt", "GW": "gigawatt", "TW": "terawatt",
    "mW": "milliwatt", "W": "watt", "kV": "kilovolt", "mV": "millivolt", "V": "volt", "mA": "milliamp",
    "KB": "kilobyte", "kB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "PB": "petabyte",
    "Mb": "megabit", "Gb": "gigabit", "kb": "kilobit", "px": "pixel", "lb": "pound", "lbs": "pound", "lb.": "pound",
    "lbs.": "pound", "oz": "ounce", "oz.": "ounce", "fl oz": "fluid ounce", "fl. oz.": "fluid ounce", "mi": "mile",
    "mi.": "mile", "yd": "yard", "yds": "yard", "yd.": "yard", "gal": "gallon", "gal.": "gallon", "qt": "quart",
    "pt": "pint", "tsp": "teaspoon", "tbsp": "tablespoon", "min": "minute", "mins": "minute", "min.": "minute",
    "mins.": "minute", "h": "hour", "hr": "hour", "hrs": "hour", "hr.": "hour", "hrs.": "hour", "sec": "second",
    "secs": "second", "sec.": "second", "ms": "millisecond", "ns": "nanosecond", "yr": "year", "yrs": "year",
    "yr.": "year", "yrs.": "year", "tsps": "teaspoon", "tbsps": "tablespoon",
    "mth": "month", "mths": "month", "dsp": "dessertspoon", "dsps": "dessertspoon", "kgs": "kilogram",
    "mo": "month", "mos": "month", "mos.": "month", "wk": "week", "wks": "week",
    "wks.": "week", "kN": "kilonewton", "Nm": "newton meter", "kPa": "kilopascal", "hPa": "hectopascal",
    "MPa": "megapascal", "Pa": "pascal", "kcal": "kilocalorie", "cal": "calorie", "kJ": "kilojoule", "MJ": "megajoule",
    "J": "joule", "dB": "decibel", "Ω": "ohm", "kΩ": "kilohm", "t": "tonne", "bbl": "barrel", "bbls": "barrel",
    "cc": "cubic centimeter", "AU": "astronomical unit", "kn": "knot", "ly": "light year",
    "bps": "basis point", "bp": "basis point", "pp": "percentage point", "ppts": "percentage point", "pts": "point",
    "sq mi": "square mile", "sq. mi.": "square mile", "mi²": "square mile", "mi2": "square mile",
    "sq yd": "square yard", "sq. yd.": "square yard", "kbps": "kilobit per second",
}  # fmt: skip
_SAME = {
    "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "THz": "terahertz", "hp": "horsepower",
    "bhp": "brake horsepower", "ppm": "parts per million", "ppb": "parts per billion", "psi": "P S I", "rpm": "R P M",
    "bpm": "beats per minute", "fps": "frames per second", "dpi": "dots per inch", "mmHg": "millimeters of mercury",
    "lux": "lux", "pc": "percent", "pct": "percent", "pct.": "percent", "‰": "per thousand", "bar": "bar",
    "mbar": "millibar", "GT": "gross tons", "dwt": "deadweight tons",
}  # fmt: skip
_ODD = {
    "°C": ("degree Celsius", "degrees Celsius"), "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "° C": ("degree Celsius", "degrees Celsius"), "° F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "ºC": ("degree Celsius", "degrees Celsius"), "ºF": ("degree Fahrenheit", "degrees Fahrenheit"),
    "℃": ("degree Celsius", "degrees Celsius"), "℉": ("degree Fahrenheit", "degrees Fahrenheit"),
    "C°": ("degree Celsius", "degrees Celsius"), "°": ("degree", "degrees"), "deg": ("degree", "degrees"),
    "mph": ("mile per hour", "miles per hour"), "mpg": ("mile per gallon", "miles per gallon"), "ft": ("foot", "feet"),
    "ft.": ("foot", "feet"), "in.": ("inch", "inches"), "sq ft": ("square foot", "square feet"),
    "sq. ft.": ("square foot", "square feet"), "sq. ft": ("square foot", "square feet"),
    "sqft": ("square foot", "square feet"), "ft²": ("square foot", "square feet"),
    "ft2": ("square foot", "square feet"), "cu ft": ("cubic foot", "cubic feet"),
    "cu. ft.": ("cubic foot", "cubic feet"), "ft³": ("cubic foot", "cubic feet"), "p": ("penny", "pence"),
    "in²": ("square inch", "square inches"), "sq. in.": ("square inch", "square inches"),
    "Mbps": ("megabit per second", "megabits per second"), "Gbps": ("gigabit per second", "gigabits per second"),
    "Mbit/s": ("megabit per second", "megabits per second"), "kt": ("knot", "knots"), "kts": ("knot", "knots"),
}  # fmt: skip
_PER = {
    "hour": "hour", "hr": "hour", "h": "hour", "day": "day", "d": "day", "week": "week", "wk": "week", "month": "month",
    "mo": "month", "mth": "month", "year": "year", "yr": "year", "y": "year",
    "person": "person", "head": "head", "ton": "ton",
    "tonne": "tonne", "barrel": "barrel", "gallon": "gallon", "share": "share", "night": "night", "unit": "unit",
    "minute": "minute", "second": "second", "mile": "mile", "pound": "pound", "dL": "deciliter", "dl": "deciliter",
    "s²": "second squared", "s2": "second squared", "user": "user", "capita": "capita", "acre": "acre", "game": "game",
}  # fmt: skip
_DETERMINERS = listed("a an the its his her their our my your this that each every another one first")
_NO_NOUNS = listed(
    "a about above after again ago all along also an and are around as at away back be because been before behind "
    "below beneath between but by can could did do does down during each east either even ever every for from had "
    "has have he her here higher his how i if in inside instead into is it its just last later less like long "
    "longer lower made make may me might more most must my near nearly never next nor north not now of off on "
    "once one only onto or our out over owed paid per plus raised said shall she short should since so south "
    "spent still tall than that the their them then there these they this those though through to today together "
    "tomorrow tonight too toward towards under until up upon was we went were west what when where which while "
    "who whose why will with within without would yesterday yet you your deep high wide old apart ahead annually "
    "daily monthly weekly yearly worth million billion trillion we've it's"
)


def english_amounts(language: str) -> Amounts:
    """The table of English; `en-GB` says "per cent", "metre" and leaves "pence" out."""
    american = is_american(language)
    units = _units(american)
    return Amounts(
        language=language, point="point", dot="point", in_serial=by_pairs, plural=plural,
        bare_point=True, grouping=", \u00a0\u202f\u2009",
        percent="percent" if american else "per cent",
        scales={key: (name, name) for key, name in _SCALES.items()}, currencies=_CURRENCIES, before_part="and",
        silent_parts=frozenset({"pence"}), units=units,
        per_units=_PER | {"L": units["l"][0], "l": units["l"][0]}, determiners=_DETERMINERS, no_nouns=_NO_NOUNS,
    )  # fmt: skip


def _units(american: bool) -> dict[str, Forms]:
    metre, litre = ("meter", "liter") if american else ("metre", "litre")
    lengths = {"km": f"kilo{metre}", "cm": f"centi{metre}", "mm": f"milli{metre}", "µm": f"micro{metre}",
               "nm": f"nano{metre}", "l": litre, "L": litre, "ml": f"milli{litre}", "mL": f"milli{litre}",
               "cl": f"centi{litre}", "dl": f"deci{litre}"}  # fmt: skip
    areas = {f"{short}{mark}": f"{word} {name}" for short, name in (*lengths.items(), ("m", metre))
             for marks, word in (("²2", "square"), ("³3", "cubic")) for mark in marks
             if name.endswith(metre)}  # fmt: skip
    areas |= {f"sq{dot} {short}": f"square {name}" for short, name in (("km", f"kilo{metre}"), ("m", metre))
              for dot in ("", ".")}  # fmt: skip
    forms = {unit: _plural(name) for unit, name in (_PLAIN | lengths | areas).items()}
    speeds = {"km/h": (f"kilo{metre} per hour", f"kilo{metre}s per hour"),
              "kph": (f"kilo{metre} per hour", f"kilo{metre}s per hour"),
              "kmh": (f"kilo{metre} per hour", f"kilo{metre}s per hour"),
              "m/s": (f"{metre} per second", f"{metre}s per second"),
              "m/s²": (f"{metre} per second squared", f"{metre}s per second squared"),
              "m/s2": (f"{metre} per second squared", f"{metre}s per second squared")}  # fmt: skip
    same = {unit: (name, name) for unit, name in _SAME.items()}
    if not american:
        same |= {"pc": ("per cent", "per cent"), "pct": ("per cent", "per cent")}
    return forms | same | _ODD | speeds
