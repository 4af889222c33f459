"""The hostile collection: texts that broke engines, parsers or patterns somewhere, and their relatives. Made, not kept:
the same list every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tts_service.values import SourceFormat

RANDOM_ONES = 330
ATOMS = (
    "a.",
    "b",
    "'s",
    "s'",
    "S'",
    "s'.",
    "’s",
    "..",
    "...",
    "а.",
    "[[",
    "]]",
    "[[h@loU]]",
    "$",
    "£5",
    "1",
    "9" * 40,
    "-",
    "/",
    " ",
    "%",
    "m",
    "Dr.",
    "@a",
    "#b",
    "€5",
    "5 °C",
    "http://",
    "e.g.",
    "\u0301",
    "👍",
    "\u200d",
    "中",
    "ü",
    "²",
    "½",
    "U.S.",
    "II",
    "FBI",
    "(",
    ")",
    "“",
    "”",
    ",",
    "—",
    "\n",
    "10:30",
    "\u202e",
    "\u2067",
    "\u200b",
    "\x00",
    "\ud800",
    "\ufeff",
    "\u00ad",
    "<b>",
    "</b>",
    "&amp;",
    "&#0;",
    "&#xD800;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<script>",
    "beep..",
    "é",
    "e\u0301",
    "ﬁ",
    "ß",
    "İ",
    "ı",
    "ǅ",
    "١٢٣",
    "१२",
    "𝟙𝟚",
    "Ⅳ",
    "①",
    "㎏",
    "ﷺ",
    "\u2028",
    "\u0085",
    "\t",
    "_",
    "*",
    "|",
    "\\",
    "^",
    "~",
    "`",
    "{",
    "}",
    "<speak>",
    "<phoneme ph='x'>",
    "{{7*7}}",
    "%s%n",
    "';--",
    "${x}",
)
_WORDS = ("the", "mayor", "said", "that", "bridge", "ten", "der", "Brücke", "und", "no", "l’eau", "niño", "A380")


@dataclass(frozen=True, slots=True)
class Hostile:
    """One input of the collection."""

    name: str
    source: str
    source_format: SourceFormat
    language: str = "en"


def hostile() -> list[Hostile]:
    """The whole collection, at least 500 inputs."""
    return [*_characters(), *_repeated(), *_numbers(), *_html(), *_markdown(), *_ssml(), *_random_ones()]


def _text(name: str, source: str, language: str = "en") -> Hostile:
    return Hostile(name, source, SourceFormat.TEXT, language)


def _characters() -> Iterator[Hostile]:
    named = {
        "bidi override": "Pay \u202e0001$\u202c now.",
        "bidi isolate": "The \u2067abc\u2069 ends.",
        "zero width": "M\u200ba\u200br\u200bk\u200b spoke\u2060.",
        "soft hyphens": "Elb\u00adphil\u00adhar\u00admo\u00adnie",
        "NUL": "One\x00two.",
        "lone surrogate": "One \ud83d two \ude00.",
        "byte order marks": "\ufeffOne\ufeff two.",
        "C1 controls": "One\x85two\x9bthree.",
        "tags": "A\U000e0041\U000e0042 flag.",
        "object replacement": "See \ufffc.",
        "replacement": "Caf\ufffd is open.",
        "private use": "The \ue000 sign.",
        "noncharacter": "End \uffff here.",
        "interlinear": "\ufff9a\ufffab\ufffb.",
        "variation selectors": "❤\ufe0f ❤\ufe0e.",
        "keycaps": "1\ufe0f\u20e3 2\ufe0f\u20e3.",
        "hangul fillers": "\u3164\u115f\u1160 text.",
        "line separators": "One.\u2028Two.\u2029Three.",
        "ligatures": "The ﬁrst oﬃcer.",
        "full width": "Ｔｈｅ １２３ ｅｎｄ．",
        "mathematical": "𝐓𝐡𝐞 𝟏𝟐 𝒆𝒏𝒅.",
        "circled": "①②③ Ⓐ.",
        "squared": "㎏ ㎞ ㏂ ㍿.",
        "roman": "Ⅳ Ⅻ ⅷ.",
        "fractions": "½ ⅞ ⅒ ↉.",
        "Arabic digits": "في ١٢٣٤ و ٥٦.",
        "Devanagari digits": "१२३४ लोग.",
        "Thai": "มี 12 คน ๑๒.",
        "Hebrew with points": "שָׁלוֹם 5.",
        "Arabic": "مرحبا ﷺ 100%.",
        "CJK": "東京タワーは333メートル。",
        "Korean": "서울 12월 3일.",
        "Greek": "Αθήνα 5 €.",
        "Cyrillic initials": "А. П. Ч. 5.",
        "Turkish": "İstanbul ığdır 5 TL.",
        "Vietnamese": "Hà Nội 3,5 triệu.",
        "emoji family": "👨‍👩‍👧‍👦 came.",
        "flags": "🇩🇪🇫🇷🇬🇧 won.",
        "skin tones": "👍🏽👍🏿 ok.",
        "only emoji": "😀😀😀",
        "only marks": "!!! ??? ...",
        "only quotes": "“”‘’\"'«»",
        "only brackets": "[[[[]]]]",
        "only white space and a dot": " \u00a0\u3000 .",
        "superscripts": "x² y³ z⁹ H₂O.",
    }
    for name, source in named.items():
        yield _text(name, source)
        yield _text(f"{name}, German", source, "de")


def _repeated() -> Iterator[Hostile]:
    atoms = (
        "s'",
        "a.",
        "'s",
        "’s",
        "S'",
        "s'.",
        "а.",
        "b.b.b.",
        "..",
        "[[",
        "]]",
        "\u0301",
        "\u200d",
        "👍",
        "👍\u200d",
        "-",
        "a-",
        "/",
        "1/",
        "1,",
        "111,",
        "1.",
        "1-",
        "$",
        "$1",
        "€",
        "%",
        "#",
        "#a",
        "@",
        "a@",
        "a@b.",
        "http://",
        "www.",
        "x.y",
        "U.S.",
        "II",
        "IV ",
        "Dr. ",
        "No. ",
        "10:",
        "12:30",
        "(",
        ")",
        "“",
        "”",
        "—",
        ",",
        ";",
        "¿",
        "\u00ad",
        "中",
        "é",
        "FBI ",
        "1a",
        "A1",
        "&",
        "&amp;",
        "°",
        "²",
        "½",
        "\n",
        "\t",
        "\u00a0",
        "…",
        "?!",
        "a ",
        "I ",
        "z. B. ",
        "Mio. ",
    )
    for atom in atoms:
        for count in (90, 3_000 // len(atom)):
            yield _text(f"{count} × {atom!r}", atom * count)
    yield _text("Zalgo", "".join(letter + "\u0315\u0316\u0317\u0318\u0319\u031a" * 12 for letter in "The mayor spoke"))
    yield _text("100 kB word", "a" * 100_000)
    yield _text("50 kB of CJK without a space", "字" * 17_000)
    yield _text("100 kB of hyphens", "word-" * 20_000)
    yield _text("100 kB sentence", "and the mayor said " * 5_300)
    yield _text("100 kB of sentences", "The mayor said no. " * 5_300)


def _numbers() -> Iterator[Hostile]:
    for source in (
        "9" * 5_000,
        "-" + "9" * 400,
        "0" * 300,
        "1" + ",000" * 200,
        "1." * 400 + "5",
        "1e999999999",
        "$" + "9" * 400,
        "9" * 400 + "%",
        "99:99:99",
        "31/02/2024",
        "99.99.9999",
        "0/0",
        "1/0",
        "-0",
        "+-+-1",
        "1--1",
        "1,2,3,4,5,6",
        "1.2.3.4.5.6.7",
        "٩" * 300,
        "IIII MMMMMMMMMMMMM VVV",
        "9" * 31,
        "9" * 30,
        "0x1F",
        "1_000",
        "12:60",
        "25:00",
        "0000-00-00",
        "²³²³",
        "½½½½",
        "€€€5",
        "5€€€",
        "1st2nd3rd",
        "10th-",
        "#1",
        "No. 99999999999999999999",
        "A" + "9" * 60,
        "9" * 60 + "A",
    ):
        yield _text(f"number {source[:16]!r}", f"It was {source} then.")
        yield _text(f"number {source[:16]!r}, German", f"Es waren {source} dort.", "de")


def _html() -> Iterator[Hostile]:
    named = {
        "deep": "<div>" * 100_000 + "Deep text here.",
        "deep inline": "<b>" * 20_000 + "Bold text here.",
        "colspan": "<table><tr><td colspan=9000000000000000>x</table><p>Text stays.",
        "broken": "<p>One <b>two</p> three</b><p/><p",
        "attributes": "<p " + "a=1 " * 20_000 + ">Text.</p>",
        "entity": "<p>&lt;b&gt; &amp;amp; &#0; &#x110000; &bogus;</p>",
        "charset": "<meta charset=utf-7><p>+ADw-script+AD4- caf\xe9</p>",
        "script": "<p>Text</p><script>alert('not spoken')</script>",
        "style": "<style>p{}</style><p>Text</p>",
        "comment": "<!-- not <p>spoken --><p>Text</p>",
        "CDATA": "<p><![CDATA[text]]></p>",
        "doctype": "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>&x; text</p>",
        "empty": "<p></p><div> </div>",
        "unclosed comment": "<p>Text</p><!-- no end",
        "unclosed script": "<p>Text</p><script>",
        "lists": "<ul>" * 500 + "<li>Item" * 500,
        "nul": "<p>a\x00b</p>",
        "tables": "<table>" * 300 + "cell",
        "forms": "<form><input value=x><textarea>y</textarea></form><p>Text</p>",
        "svg": "<svg><text>no</text></svg><p>Text</p>",
        "long attribute": f"<p title='{'x' * 100_000}'>Text</p>",
        "many paragraphs": "<p>A line.</p>" * 2_000,
        "many links": "<a href='#'>x</a> " * 3_000,
        "frameset": "<frameset><frame></frameset><p>Text",
        "plaintext": "<plaintext>all <b>text",
        "half tags": "<" * 5_000 + "text",
        "angle brackets": "<>" * 3_000 + "text",
    }
    for name, source in named.items():
        yield Hostile(f"HTML: {name}", source, SourceFormat.HTML)


def _markdown() -> Iterator[Hostile]:
    for atom in ("[", "![](", "*", "_", "`", "> ", "- ", "# ", "|", "<b>", "\\", "[x](", "***", "~~~\n", "1. ", "&"):
        yield Hostile(f"Markdown: {atom!r}", atom * 2_000 + "text", SourceFormat.MARKDOWN)


def _ssml() -> Iterator[Hostile]:
    sources = (
        "<speak>",
        "<speak>Text &amp; more</speak>",
        "<speak>&undefined;</speak>",
        "<speak><audio src='x'/></speak>",
        "<speak>" + "<s>" * 10_000,
        "<!DOCTYPE s [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><speak>&b;</speak>",
        "<!DOCTYPE s SYSTEM 'file:///etc/passwd'><speak>x</speak>",
        "<speak><phoneme ph='[[boom]]'>x</phoneme></speak>",
        "<speak><sub alias='" + "a" * 5_000 + "'>x</sub></speak>",
        "<speak>[[h@loU]]</speak>",
        "<speak><break time='99999999999s'/></speak>",
        "<speak xmlns='urn:other'>x</speak>",
        "not xml at all",
        "<speak>\x00</speak>",
    )
    for number, source in enumerate(sources):
        yield Hostile(f"SSML {number}", source, SourceFormat.SSML)


def _random_ones() -> Iterator[Hostile]:
    chance = random.Random(7)
    for number in range(RANDOM_ONES):
        few = chance.sample(ATOMS, 4)
        atoms = [chance.choice(few if chance.random() < 0.7 else _WORDS) for _ in range(chance.randint(1, 160))]
        source = chance.choice(("", " ")).join(atoms)
        kind = chance.choice((SourceFormat.TEXT, SourceFormat.TEXT, SourceFormat.HTML, SourceFormat.MARKDOWN))
        yield Hostile(f"random {number}", source, kind, chance.choice(("en", "en", "de", "fr", "es")))
