"""The values that a sentence about a setting tells its reader to write, taken out of the sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from tts_service.installation.fault import Fault

_ADVICE = re.compile(r"\b(?:write|such as)\b")
_OTHER_SETTING = re.compile(r"\b(TTS_\w+)=(\S+)")
_VALUE = re.compile(r"[0-9:/.{]")
"""What a value has and a word hasn't."""
_WORDS = re.compile(
    r"percent-encode|write the path of|write it without them|networks of your proxies|write the words|"
    r"write 3 to 63 lower-case letters"
)
"""Advice in words, which names nothing to copy."""
_KINDS = frozenset({"name:port"})
_IN_JSON = re.compile(r"([\w.]+): .* write a number of (\d+)")
_NAMES = re.compile(r"is not one of its names: (?:the closest is (\w+)|write (.*)\.)")


def advised(fault: Fault, given: Mapping[str, str]) -> list[dict[str, str]] | None:
    """The settings as each reading of the sentence makes them; None: it says in words what to do."""
    if others := _OTHER_SETTING.findall(fault.message):
        return [{**given, **{name: value.rstrip(",.") for name, value in others}}]
    found = list(_values(fault.message, given.get(fault.setting, "")))
    if not found and ("write" not in fault.message or _WORDS.search(fault.message)):
        return None
    return [{**given, fault.setting: value} for value in found]


def _values(message: str, given: str) -> Iterator[str]:
    begin = _ADVICE.search(message)
    if names := _NAMES.search(message):
        yield from (json.dumps({name: {} if name == "texts" else 600}) for name in (names[1] or names[2]).split(", "))
    elif inside := _IN_JSON.match(message):
        yield json.dumps({inside[1]: int(inside[2])})
    elif begin is None or (_WORDS.search(message) and "such as" not in message):
        return
    elif "is not a language" in message:
        tags = message.removesuffix(".").partition("such as ")[2].split(" or ")
        yield from (json.dumps({"texts": {tag: "Hi."}}) for tag in tags)
    elif (whole := message.find("{", begin.start())) >= 0:
        yield message[whole : message.rindex("}") + 1]
    else:
        yield from _words_with_values(message[begin.end() :], given)


def _words_with_values(text: str, given: str) -> Iterator[str]:
    before = ""
    for word in text.split():
        value = word.lstrip("(").rstrip(".,)")
        if value.endswith("://…"):  # how it begins; the rest stays as it is
            yield value[:-1] + given.partition("://")[2]
        elif value == "http://":  # the same with another scheme
            yield value + before.partition("://")[2]
        elif value in ("true", "false") or (_VALUE.search(value) and value not in _KINDS):
            yield value
            before = value
