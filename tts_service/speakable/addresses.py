"""E-mail and web addresses, handles and hashtags: the same in every language but for a few words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from tts_service.speakable import numerals
from tts_service.speakable.acronyms import as_acronym
from tts_service.speakable.rules import Rule, listed, rule

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
_SPELT = listed("espn ard orf faz srf fbi cia usa abc nsa irs eu uk us un ai io au it at de fr es ie fi ca")
_ACRONYM_FIRST = re.compile(
    r"(?P<acronym>bbc|cnn|nbc|cbs|abc|espn|npr|pbs|nfl|nba|nhl|mlb|nhs|fbi|cia)(?P<rest>[a-z]{3,60})"
)
_ARTICLE_FIRST = re.compile(r"the(?P<rest>(?!at|or|r[ae]|rm|sis|me|ft|n)[a-z]{4,60})")
_NEWS_LAST = re.compile(
    r"(?P<rest>[a-z]{3,40})(?P<last>news|times|post|today|live|sports|online|weather|radio|tribune|herald|chronicle|"
    r"gazette|journal|press|mail|media|help|support|cross|store|club)"
)
"""Names of newsrooms are written as one word: `dailynews`, `bbcsport`."""
_SAID_ENDS = listed("co me")


def address_rules(
    dot: str, at: str, language: str, *, marks: Mapping[str, str] = _SILENT, words: frozenset[str] = frozenset()
) -> Iterator[Rule]:
    """Rules for addresses.

    Args:
        dot: said for `.`.
        at: said for `@`.
        marks: said for `-`, `_` and `+`.
        words: short endings that are said as a word: Spanish ".es".
    """
    said_marks = {"+": "", **marks, ".": dot}

    def host(written: str) -> str:
        labels = written.lower().removeprefix("www.").split(".")
        said = [_label(label, said_marks, language, words) for label in labels[:-1]]
        return f" {dot} ".join([*said, _ending(labels[-1], said_marks, language, words)])

    def url(match: re.Match[str]) -> str:
        return host(match["host"]) + _end(match)

    def email(match: re.Match[str]) -> str:
        return f"{_pieces(match['name'].lower(), said_marks, language)} {at} {host(match['host'])}"

    def handle(match: re.Match[str]) -> str:
        name = match["name"]
        plain = name.islower() and name.isalpha() and len(name) > 3
        said = _label(name, said_marks, language, words) if plain else _pieces(name, said_marks, language)
        return f"{at} {said}{_end(match)}"

    yield rule("e-mail", "letter digit", _EMAIL, email)
    yield rule("web address", "letter", _WITH_SCHEME, url, re.I)
    yield rule("web address", "letter", _WITH_WWW, url, re.I)
    yield rule("web address", "letter digit", _BARE, url)
    yield rule("handle", "sign", r"(?<![\w@])@(?P<name>\w{1,40})(?P<s>['’]s)?", handle)
    if stroke := {"en": "slash", "de": "Schrägstrich"}.get(language[:2]):
        board = r"(?<![\w/])(?<!\d\s)(?P<kind>[ru])/(?P<name>(?!min(?!\w))[A-Za-z]\w{2,40})(?![\w/])"
        yield rule("handle", "letter", board, lambda m: f"{m['kind']} {stroke} {_pieces(m['name'], _SILENT, language)}")
    tag = "Hashtag" if language == "de" else "hashtag"
    yield rule("hashtag", "sign", r"(?<![\w#])#(?P<name>\w{1,80})", lambda m: _hashtag(m["name"], tag, language))


def _end(match: re.Match[str]) -> str:
    return match["s"] or ""


def _hashtag(name: str, tag: str, language: str) -> str | None:
    """`#MeToo` -> "hashtag Me Too"; `#1` is a number."""
    if name.isdecimal():
        number, said = {"en": "number", "de": "Nummer"}.get(language[:2]), numerals.cardinal(name, language)
        return f"{number} {said}" if number and said else None
    return f"{tag} {_pieces(name, {**_SILENT, '.': '', '+': ''}, language)}"


def _pieces(name: str, marks: Mapping[str, str], language: str) -> str:
    """A name as words: humps, acronyms, digits and marks apart."""
    out = []
    for piece in _PIECE.findall(unicodedata.normalize("NFKC", name)):
        if piece in marks:
            out.append(marks[piece])
        elif piece.isdecimal():
            out.append(_digits(piece, language))
        elif piece == "eu" or (piece.islower() and 1 < len(piece) <= 3 and not set(piece) & set("aeiouyäöü")):
            out.append(" ".join(piece.upper()))
        else:
            out.append(as_acronym(piece) or piece)
    return " ".join(filter(None, out)) or name


def _digits(digits: str, language: str) -> str:
    if language.startswith("en") and len(digits) == 4 and digits[:2] in ("19", "20"):
        return numerals.year(digits, language) or digits
    if len(digits) > 4 or digits[0] == "0" or (language.startswith("en") and len(digits) > 2 and digits[-2:] != "00"):
        return numerals.each_digit(digits, language) or digits
    return numerals.cardinal(digits, language) or digits


def _label(part: str, marks: Mapping[str, str], language: str, words: frozenset[str]) -> str:
    if part in words:
        return part
    if part in _SPELT or (len(part) <= 3 and part.isalpha() and not any(vowel in part for vowel in "aeiouyäöü")):
        return " ".join(part.upper())
    if not language.startswith("en"):
        return _pieces(part, marks, language)
    article = _ARTICLE_FIRST.fullmatch(part)
    if article:
        return f"the {_label(article['rest'], marks, language, words)}"
    head = _ACRONYM_FIRST.fullmatch(part)
    tail = _NEWS_LAST.fullmatch(head["rest"] if head else part)
    words_of = f"{tail['rest']} {tail['last']}" if tail else head["rest"] if head else part
    said = " ".join(_pieces(word, marks, language) for word in words_of.split())
    return f"{' '.join(head['acronym'].upper())} {said}" if head else said


def _ending(part: str, marks: Mapping[str, str], language: str, words: frozenset[str]) -> str:
    if len(part) == 2 and part.isalpha() and part not in _SAID_ENDS and part not in words:
        return " ".join(part.upper())
    return _label(part, marks, language, words)
