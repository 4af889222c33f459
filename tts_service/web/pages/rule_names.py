"""What the rules that make spoken words are called on the staff's pages: by what they read, not by their ids."""

from __future__ import annotations

from gettext import NullTranslations

from tts_service.web.languages import pgettext_noop

_ABBREVIATION = pgettext_noop("rule", "abbreviation")
_AMOUNT = pgettext_noop("rule", "amount or unit")
_CODE = pgettext_noop("rule", "number read digit by digit")
_DATE = pgettext_noop("rule", "date or year")
_EDITORS = pgettext_noop("rule", "marked in the article")
_LETTERS = pgettext_noop("rule", "acronym or initials")
_OTHER = pgettext_noop("rule", "rule of the language")
_NUMBER = pgettext_noop("rule", "number")
_SCORE = pgettext_noop("rule", "score or ratio")
_SIGN = pgettext_noop("rule", "sign or symbol")
_SILENT = pgettext_noop("rule", "not spoken")
_TIME = pgettext_noop("rule", "time or duration")
_WEB = pgettext_noop("rule", "web or mail address")
RULES = {
    **dict.fromkeys(
        ("abbreviation", "agency", "canton", "channel", "direction", "key", "law", "paragraph", "party"),
        _ABBREVIATION,
    ),
    **dict.fromkeys(("prefix", "province", "rooms", "title", "vehicle"), _ABBREVIATION),
    **dict.fromkeys(("acronym", "initials", "formula", "letter", "serial", "version"), _LETTERS),
    **dict.fromkeys(("address", "name"), pgettext_noop("rule", "name or address")),
    **dict.fromkeys(("digits", "number code", "post code", "telephone"), _CODE),
    **dict.fromkeys(("date", "decade", "era", "month", "quarter", "week", "weekday", "year", "years"), _DATE),
    **dict.fromkeys(("duration", "minute", "time"), _TIME),
    **dict.fromkeys(("money",), pgettext_noop("rule", "amount of money")),
    **dict.fromkeys(("age", "arithmetic", "dimensions", "math", "multiple", "percent", "power"), _AMOUNT),
    **dict.fromkeys(("rate", "recipe", "scale", "unit"), _AMOUNT),
    **dict.fromkeys(("chance", "chess", "grade", "odds", "rating", "ratio", "record", "result"), _SCORE),
    **dict.fromkeys(("row", "score", "stars"), _SCORE),
    **dict.fromkeys(("compound", "fraction", "number", "one", "ordinal", "range", "roman numeral", "times"), _NUMBER),
    **dict.fromkeys(("bible", "docket", "item", "numbers drawn", "position", "section"), _NUMBER),
    **dict.fromkeys(("aside", "footnote", "placeholder", "time code"), _SILENT),
    **dict.fromkeys(("and or", "sign", "slash", "symbol"), _SIGN),
    "emoji": pgettext_noop("rule", "emoji"),
    "gendered": pgettext_noop("rule", "gender-neutral form"),
    **dict.fromkeys(("e-mail", "handle", "hashtag", "web address"), _WEB),
    "lexicon (base)": pgettext_noop("rule", "built-in pronunciation"),
    "lexicon (article)": pgettext_noop("rule", "pronunciation for this article"),
    "lexicon (site)": pgettext_noop("rule", "pronunciation for the site"),
    "lexicon (global)": pgettext_noop("rule", "pronunciation for all sites"),
    **dict.fromkeys(("phoneme", "sub"), _EDITORS),
    "announcement": pgettext_noop("rule", "announcement"),
    "unspeakable": pgettext_noop("rule", "left out: the voice can’t say it"),
}
"""By the rule's name."""


def rule_name(name: str, words: NullTranslations) -> str:
    """What a rule is called."""
    message = _EDITORS if name.startswith("say-as ") else RULES.get(name, _OTHER)
    return words.pgettext("rule", message)
