"""Values that can't be parsed as a setting's type, explained in words."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

from tts_service.installation.fault import Fault, fault_of
from tts_service.settings import NOT_JSON, Settings
from tts_service.values.speech_policy import PauseTable, SpokenNotice

_SECRET = re.compile(r"secret|key|password|url")
_LONGEST = 60
"""Maximum characters of a value quoted in a fault."""
_JSON: dict[str, tuple[type, str]] = {
    "pauses": (PauseTable, '{"paragraph_ms": 600}'),
    "spoken_notice": (SpokenNotice, '{"every_minutes": 10}'),
}
"""JSON settings: their type and an example."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{1,8})*")
_KINDS = {
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_type": "is not a whole number",
    "float_parsing": "is not a number",
    "float_type": "is not a number",
    "finite_number": "is not a number",
    "bool_parsing": "is neither true nor false: write true or false",
    "bool_type": "is neither true nor false: write true or false",
    "string_type": "is not text",
}
_BOUNDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "greater_than_equal": lambda bound: f"is too small: write a number of {bound['ge']:g} or more",
    "less_than_equal": lambda bound: f"is too large: write a number of {bound['le']:g} or less",
    "literal_error": lambda bound: f"is not known: write {bound['expected']}",
    "string_too_long": lambda bound: f"is too long: write at most {bound['max_length']} characters",
}


def unreadable(error: Any) -> Fault:
    """Converts one of pydantic's errors to a fault."""
    name = str(error["loc"][0]) if error["loc"] else "…"
    if name in _JSON:
        return fault_of(name, _of_json(error, *_JSON[name]))
    shown = "the value" if _SECRET.search(name) else repr(error["input"])[:_LONGEST]
    usual = _usual(name)
    is_number = isinstance(usual, (int, float)) and not isinstance(usual, bool)
    return fault_of(name, f"{shown} {_what(error)}" + (f": write one such as {usual}" if is_number else ""))


def language_faults(settings: Settings) -> Iterator[Fault]:
    """Languages of the spoken notice that are names instead of tags."""
    for tag in settings.spoken_notice.texts if settings.spoken_notice else ():
        if not _LANGUAGE.fullmatch(tag):
            yield fault_of("spoken_notice", _no_language(tag))


def usual_values(errors: list[Any]) -> dict[str, Any]:
    """Defaults for the unreadable settings, so that the others are checked too."""
    return {str(error["loc"][0]): _usual(str(error["loc"][0])) for error in errors if error["loc"]}


def _of_json(error: Any, kind: type, example: str) -> str:
    inside, what = [str(step) for step in error["loc"][1:]], error["type"]
    if what == NOT_JSON:
        return f"it is not JSON: write it like {example}"
    if what == "unexpected_keyword_argument":
        return f"{inside[-1][:_LONGEST]} is not one of its names: {_nearest(inside[-1], kind)}"
    if inside and inside[-1] == "[key]":
        return _no_language(inside[-2])
    shown = json.dumps(error["input"], ensure_ascii=False)[:_LONGEST] if not isinstance(error["input"], str) else ""
    shown = shown or repr(error["input"])[:_LONGEST]
    place = f"{'.'.join(inside)}: " if inside else ""
    if what in ("dataclass_type", "dict_type", "mapping_type"):
        return f"{place}{shown} is not a JSON object: write one like {example}"
    if what == "string_too_short":
        return f"{place}it is empty: write the words, or leave the language out"
    return f"{place}{shown} {_what(error)}"


def _what(error: Any) -> str:
    bound = _BOUNDS.get(error["type"])
    return bound(error["ctx"]) if bound else _KINDS.get(error["type"], f"can't be used ({error['msg']})")


def _nearest(name: str, kind: type) -> str:
    known = [field.name for field in fields(kind)]
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"the closest is {nearest[0]}" if nearest else f"write {', '.join(known)}"


def _no_language(tag: str) -> str:
    return f"{tag[:_LONGEST]!r} is not a language: write a tag such as en or de-CH"


def _usual(name: str) -> Any:
    field = Settings.model_fields.get(name)
    return None if field is None else field.get_default(call_default_factory=True)
