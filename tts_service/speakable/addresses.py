"""E-mail and web addresses, handles and hashtags: the same in every language but for a few words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tts_service.speakable import numerals
from tts_service.speakable.acronyms import as_acronym
from tts_service.speakable.rules import Rule, listed, rule
from tts_service.speakable.tables import words

_SILENT: Mapping[str, str] = {"-": "", "_": ""}
_PIECE = re.compile(
    r"[A-ZÄÖÜ]+(?=[A-ZÄÖÜ][a-zäöüß])|[A-ZÄÖÜ]+(?![a-zäöüß])|[A-ZÄÖÜ]?[^\W\dA-ZÄÖÜ_]+|\d+|[._+-]|[^\W\d_]+"
)
_ENDS = (
    "com|org|net|edu|gov|info|io|co|eu|de|at|ch|uk|us|fr|es|it|nl|be|ie|ca|au|nz|example|test|news|app|dev|tv|biz|me|"
    "berlin|online|pl|se|dk|no|fi|pt|cz|int|mil|ai|ly|gg|fm|nyc|london|media|press|blog|shop|store|xyz|cloud|tech|site|"
    "club|live|world|museum|gr|hu|ro|ru|ua|jp|cn|kr|br|mx|za|scot|wales|paris|cat"
)
_PART = r"[^\W_](?:[\w-]{0,60}[^\W_])?"
_PATH = r"(?:[/?#](?:[^\s<>\"'“”]{0,1000}[^\s<>\"'“”.,;:!?)\]])?)?"
_EMAIL = rf"(?=[\w.+-]{{1,62}}@)(?P<name>[^\W_](?:[\w.+-]{{0,60}}[^\W_])?)@(?P<host>{_PART}(?:\.{_PART}){{1,4}})(?!\w)"
_WITH_SCHEME = rf"https?://(?P<host>{_PART}(?:\.{_PART}){{0,5}})(?::\d{{1,5}})?{_PATH}(?P<s>)"
_WITH_WWW = rf"(?P<host>www\.{_PART}(?:\.{_PART}){{1,5}}){_PATH}(?P<s>)"
_BARE = (
    rf"(?=[\w-]{{1,62}}\.\w)(?P<host>{_PART}(?:\.{_PART}){{0,3}}\.(?:{_ENDS}))"
    rf"(?![\w@-])(?!\.\w)(?::\d{{1,5}}(?!\d))?{_PATH}(?P<s>['’]s)?"
)
_SPELT = words("")["addresses: spelt"]
_SAID_ENDS = listed("co me")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressWords:
    """What a language says in addresses."""

    language: str
    dot: str
    at: str
    marks: Mapping[str, str] = field(default_factory=lambda: {"-": "", "_": ""})
    """Said for `-`, `_` and `+`, so that a listener can type them."""
    slash: str = ""
    """Said for the stroke of r/news; "": these are no addresses."""
    hashtag: str = "hashtag"
    number: str = ""
    """Said for `#1`; "": it is said as it stands."""
    words: frozenset[str] = frozenset()
    """Short endings that are said as a word: Spanish ".es"."""
    apart: Callable[[str], Sequence[str]] = lambda name: (name,)
    """`dailynews` -> ("daily", "news"): names written as one word."""
    digits: Callable[[str], str | None] = lambda digits: None
    """Digits of a name that are said otherwise than as a number or one by one."""


def address_rules(own: AddressWords) -> Iterator[Rule]:
    """E-mail and web addresses, handles, boards and hashtags."""
    marks = {"+": "", **own.marks, ".": own.dot}

    def host(written: str) -> str:
        labels = written.lower().removeprefix("www.").split(".")
        said = [_label(label, marks, own) for label in labels[:-1]]
        return f" {own.dot} ".join([*said, _ending(labels[-1], marks, own)])

    def url(match: re.Match[str]) -> str:
        return host(match["host"]) + (match["s"] or "")

    def email(match: re.Match[str]) -> str:
        return f"{_pieces(match['name'].lower(), marks, own)} {own.at} {host(match['host'])}"

    def handle(match: re.Match[str]) -> str:
        name = match["name"]
        plain = name.islower() and name.isalpha() and len(name) > 3
        said = _label(name, marks, own) if plain else _pieces(name, marks, own)
        return f"{own.at} {said}{match['s'] or ''}"

    def board(match: re.Match[str]) -> str:
        return f"{match['kind']} {own.slash} {_pieces(match['name'], _SILENT, own)}"

    def hashtag(match: re.Match[str]) -> str | None:
        name = match["name"]
        if name.isdecimal():
            said = numerals.cardinal(name, own.language)
            return f"{own.number} {said}" if own.number and said else None
        return f"{own.hashtag} {_pieces(name, {**_SILENT, '.': '', '+': ''}, own)}"

    yield rule("e-mail", "letter digit", _EMAIL, email)
    yield rule("web address", "letter", _WITH_SCHEME, url, re.I)
    yield rule("web address", "letter", _WITH_WWW, url, re.I)
    yield rule("web address", "letter digit", _BARE, url)
    yield rule("handle", "sign", r"(?<![\w@])@(?P<name>\w{1,40})(?P<s>['’]s)?", handle)
    if own.slash:
        shape = r"(?<![\w/])(?<!\d\s)(?P<kind>[ru])/(?P<name>(?!min(?!\w))[A-Za-z]\w{2,40})(?![\w/])"
        yield rule("handle", "letter", shape, board)
    yield rule("hashtag", "sign", r"(?<![\w#])#(?P<name>\w{1,80})", hashtag)


def _pieces(name: str, marks: Mapping[str, str], own: AddressWords) -> str:
    """A name as words: humps, acronyms, digits and marks apart."""
    out = []
    for piece in _PIECE.findall(unicodedata.normalize("NFKC", name)):
        if piece in marks:
            out.append(marks[piece])
        elif piece.isdecimal():
            out.append(_digits(piece, own))
        elif piece == "eu" or (piece.islower() and 1 < len(piece) <= 3 and not set(piece) & set("aeiouyäöü")):
            out.append(" ".join(piece.upper()))
        else:
            out.append(as_acronym(piece) or piece)
    return " ".join(filter(None, out)) or name


def _digits(digits: str, own: AddressWords) -> str:
    if said := own.digits(digits):
        return said
    if len(digits) > 4 or digits[0] == "0":
        return numerals.each_digit(digits, own.language) or digits
    return numerals.cardinal(digits, own.language) or digits


def _label(part: str, marks: Mapping[str, str], own: AddressWords) -> str:
    if part in own.words:
        return part
    if part in _SPELT or (len(part) <= 3 and part.isalpha() and not any(vowel in part for vowel in "aeiouyäöü")):
        return " ".join(part.upper())
    return " ".join(_pieces(word, marks, own) for word in own.apart(part))


def _ending(part: str, marks: Mapping[str, str], own: AddressWords) -> str:
    if len(part) == 2 and part.isalpha() and part not in _SAID_ENDS and part not in own.words:
        return " ".join(part.upper())
    return _label(part, marks, own)
