"""E-mail and web addresses, handles, hashtags and emoji: the same in every language but for three words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.rules import Rule, rule

_CAMEL = re.compile(r"[A-ZÄÖÜ]+(?![a-zäöüß])|[A-ZÄÖÜ]?[a-zäöüß]+|\d+|[^\W\d_]+")
_ENDS = ("com|org|net|edu|gov|info|io|co|eu|de|at|ch|uk|us|fr|es|it|nl|be|ie|ca|au|nz|example|test|news|app|dev|tv|"
"biz|me|"
         "berlin|online|pl|se|dk|no|fi|pt|cz")  # fmt: skip


def address_rules(dot: str, at: str, language: str) -> Iterator[Rule]:
    """Rules for addresses: `dot` and `at` are what is said for `.` and `@`."""

    def host(written: str) -> str:
        bare = written.lower().removeprefix("www.")
        return f" {dot} ".join(_label(part) for part in bare.split("."))

    def url(match: re.Match[str]) -> str:
        return host(match["host"])

    def email(match: re.Match[str]) -> str:
        name = re.sub(r"\.", f" {dot} ", re.sub(r"[_+-]", " ", match["name"]))
        return f"{name} {at} {host(match['host'])}"

    def handle(match: re.Match[str]) -> str:
        return f"{at} {_camel(match['name'])}"

    name = r"[^\W_](?:[\w.+-]{0,60}[^\W_])?"
    label = r"[^\W_](?:[\w-]{0,60}[^\W_])?"
    path = r"(?:[/?#](?:[^\s<>\"'“”]{0,1000}[^\s<>\"'“”.,;:!?)\]])?)?"
    yield rule("e-mail", "letter digit", rf"(?P<name>{name})@(?P<host>{label}(?:\.{label}){{1,4}})(?!\w)", email)
    yield rule(
        "web address", "letter", rf"https?://(?P<host>{label}(?:\.{label}){{0,5}})(?::\d{{1,5}})?{path}", url, re.I
    )
    yield rule("web address", "letter", rf"(?P<host>www\.{label}(?:\.{label}){{1,5}}){path}", url, re.I)
    yield rule(
        "web address",
        "letter digit",
        rf"(?P<host>{label}(?:\.{label}){{0,3}}\.(?:{_ENDS}))(?![\w@-])(?!\.\w){path}",
        url,
    )
    yield rule("handle", "sign", r"(?<![\w@])@(?P<name>\w{1,40})", handle)
    yield rule("hashtag", "sign", r"(?<![\w#])#(?P<name>\w{1,80})", lambda m: _hashtag(m["name"], language))
    yield rule("emoji", "sign", _EMOJI, lambda match: "")


_EMOJI = ("[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
          "\U0001f1e6-\U0001f1ff]{1,40}"
          "(?:[\u200d\ufe0e\ufe0f\u20e3\u2640\u2642\u2190-\u2bff\U0001f000-\U0001faff]{1,40})?")  # fmt: skip


def _hashtag(name: str, language: str) -> str | None:
    """`#MeToo` -> "hashtag Me Too"; `#1` is a number."""
    if name.isdecimal():
        number, said = {"en": "number", "de": "Nummer"}.get(language), numerals.cardinal(name, language)
        return f"{number} {said}" if number and said else None
    return f"{'Hashtag' if language == 'de' else 'hashtag'} {_camel(name)}"


def _label(part: str) -> str:
    if len(part) <= 3 and not any(vowel in part for vowel in "aeiouyäöü") and part.isalpha():
        return " ".join(part.upper())
    if len(part) == 2 and part in ("de", "at", "uk", "eu", "us", "io", "au", "fr", "it", "es", "ie", "fi"):
        return " ".join(part.upper())
    return part.replace("-", " ").replace("_", " ")


def _camel(name: str) -> str:
    return " ".join(_CAMEL.findall(name.replace("_", " "))) or name
