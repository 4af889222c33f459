"""Emoji: named in the language of the text, or left out, as the site wishes."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from tts_service.speakable.rules import Rule, RuleSet, Stage, rule
from tts_service.speakable.tokens import tokens
from tts_service.values.speech_policy import EmojiPolicy

_PICTURE = (
    "[\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934"
    "\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa"
    "\U0001f400-\U0001faff]|[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff](?=\ufe0f)"
)
_SHADE = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]{0,2}"
_TAGS = "(?:[\U000e0020-\U000e007e]{1,8}\U000e007f)?"
_ONE = (
    "(?:[\U0001f1e6-\U0001f1ff]{1,2}|[0-9#*]\ufe0f?\u20e3"
    f"|(?:{_PICTURE}){_SHADE}{_TAGS}(?:\u200d(?:{_PICTURE}){_SHADE}){{0,7}}|[\U0001f3fb-\U0001f3ff])"
)


def with_emoji(rules: RuleSet, policy: EmojiPolicy) -> RuleSet:
    """The same rules, and one for emoji: families, flags and skin tones are one; a repeated one is said once."""
    found = _rule(rules, policy)
    return replace(rules, sign=(*rules.sign, found), digit=(replace(found, stage=Stage.IDIOMS), *rules.digit))


def _rule(rules: RuleSet, policy: EmojiPolicy) -> Rule:
    if policy == "dropped":
        return rule("emoji", "sign digit", rf"{_ONE}(?:\s?{_ONE}){{0,20}}", lambda match: "")

    def named(match: re.Match[str]) -> str:
        name = _name(match["one"], rules.language.split("-", 1)[0])
        return " ".join(word for token in tokens(name, 0, len(name), rules) for word in token.spoken)

    return rule("emoji", "sign digit", rf"(?P<one>{_ONE})(?:\s?(?P=one)){{0,20}}", named)


@lru_cache(maxsize=512)
def _name(written: str, language: str) -> str:
    """`👍` -> "thumbs up"; "" for one without a name."""
    import emoji

    said = emoji.demojize(written, delimiters=(" ", " "), language=language if language in emoji.LANGUAGES else "en")
    return "" if written in said else re.sub(r"[_\ufe0e\ufe0f\u200d]", " ", said)
