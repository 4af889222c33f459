"""English addresses: names of newsrooms are written as one word: `dailynews`, `bbcsport`."""

from __future__ import annotations

import re

from tts_service.speakable import numerals
from tts_service.speakable.addresses import AddressWords
from tts_service.speakable.en.amounts import is_american

_ACRONYM_FIRST = re.compile(
    r"(?P<acronym>bbc|cnn|nbc|cbs|abc|espn|npr|pbs|nfl|nba|nhl|mlb|nhs|fbi|cia)(?P<rest>[a-z]{3,60})"
)
_ARTICLE_FIRST = re.compile(r"the(?P<rest>(?!at|or|r[ae]|rm|sis|me|ft|n)[a-z]{4,60})")
_NEWS_LAST = re.compile(
    r"(?P<rest>[a-z]{3,40})(?P<last>news|times|post|today|live|sports|online|weather|radio|tribune|herald|chronicle|"
    r"gazette|journal|press|mail|media|help|support|cross|store|club)"
)


def address_words(language: str) -> AddressWords:
    """What English says in addresses; the hyphen has two names."""

    def digits(written: str) -> str | None:
        if len(written) == 4 and written[:2] in ("19", "20"):
            return numerals.year(written, language)
        return numerals.each_digit(written, language) if len(written) > 2 and written[-2:] != "00" else None

    marks = {"_": "underscore", "+": "plus", "-": "dash" if is_american(language) else "hyphen"}
    return AddressWords(
        language=language,
        dot="dot",
        at="at",
        marks=marks,
        slash="slash",
        number="number",
        apart=_apart,
        digits=digits,
    )


def _apart(name: str) -> list[str]:
    """`thedailynews` -> ["the", "daily", "news"], `bbcsport` -> ["BBC", "sport"]."""
    if article := _ARTICLE_FIRST.fullmatch(name):
        return ["the", *_apart(article["rest"])]
    head = _ACRONYM_FIRST.fullmatch(name)
    rest = head["rest"] if head else name
    tail = _NEWS_LAST.fullmatch(rest)
    words = [tail["rest"], tail["last"]] if tail else [rest]
    return [head["acronym"].upper(), *words] if head else words
