"""The words of the staff's pages, in the language of the browser; what staff are refused, too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from starlette.requests import Request

from tts_service.web.pages.wording import DEFAULT, language_asked, words_for
from tts_service.web.pages.words import log, refusals, staff

STAFF: Mapping[str, Mapping[str, str]] = {
    DEFAULT: staff.english.WORDS,
    "de": staff.german.WORDS,
    "fr": staff.french.WORDS,
    "es": staff.spanish.WORDS,
}
DEEDS: Mapping[str, Mapping[str, str]] = {
    DEFAULT: log.english.DEEDS,
    "de": log.german.DEEDS,
    "fr": log.french.DEEDS,
    "es": log.spanish.DEEDS,
}
REFUSALS: Mapping[str, Mapping[str, str]] = {
    "de": refusals.german.REFUSALS,
    "fr": refusals.french.REFUSALS,
    "es": refusals.spanish.REFUSALS,
}
"""By the English message."""
_TITLES = {"sign_in_refused": "not_signed_in", "not_allowed": "not_allowed"}
"""Words of the title, by the error's code."""
_CODE = re.compile(r"[a-z_]+: ")


def staff_words(language: str) -> Mapping[str, str]:
    """The words for a language; English where there are none."""
    return STAFF.get(language, STAFF[DEFAULT])


def language_of(request: Request) -> str:
    """The language that the browser of somebody on the staff's pages likes best."""
    return language_asked(request.headers.get("accept-language", ""))


def deed_name(what: str, language: str) -> str:
    """What a line of the audit log is about; its code where there are no words."""
    return DEEDS.get(language, DEEDS[DEFAULT]).get(what, what)


def translated(message: str, language: str) -> str | None:
    """An English message of ours in a language; None: there is no translation. An error's code stays before it."""
    if language == DEFAULT:
        return message
    known = REFUSALS[language]
    if message in known:
        return known[message]
    for english, pattern in _patterns():
        match = pattern.fullmatch(message)
        if match:
            return known[english].format(*match.groups())
    code = _CODE.match(message)
    inner = translated(message[code.end() :], language) if code else None
    return f"{code.group()}{inner}" if code and inner else None


def refusal(message: str, language: str) -> str:
    """Why something was refused, in a language: at least that something is not as it must be."""
    return translated(message, language) or words_for(language)["error_wrong_text"]


def staff_error(code: str, kind: str, detail: str, language: str) -> dict[str, str]:
    """What a page says of an error. `kind`: of the readers' words, where there are none of the staff's own."""
    words = words_for(language)
    name = _TITLES.get(code, "")
    title = staff_words(language)[name] if name else words[kind]
    return {"title": title, "detail": translated(detail, language) or words[f"{kind}_text"], "exactly": ""}


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """The messages that name something, as patterns. The longest first: they say most."""
    found = []
    for english in sorted(REFUSALS["de"], key=len, reverse=True):
        if "{0}" in english:
            pieces = re.split(r"\{\d\}", english)
            found.append((english, re.compile("(.+?)".join(map(re.escape, pieces)), re.DOTALL)))
    return found
