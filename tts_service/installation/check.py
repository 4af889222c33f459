"""All settings checked together: everything that is wrong is named at once, not one thing at each start."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError

from tts_service.errors import SettingsRefused
from tts_service.installation.addresses import address_faults
from tts_service.installation.fault import Fault, variable
from tts_service.installation.names import ENV_FILE, unknown_names
from tts_service.installation.networks import network_faults
from tts_service.installation.numbers import number_faults
from tts_service.installation.places import place_faults
from tts_service.settings import Settings, load_settings

_SECRET = re.compile(r"secret|key|password|url")
_KINDS = {
    "int_parsing": "is no whole number",
    "int_from_float": "is no whole number",
    "float_parsing": "is no number",
    "bool_parsing": "is neither true nor false",
    "bool_type": "is neither true nor false",
}
_BROKEN_JSON = re.compile(r'field "(\w+)"')


def checked_settings() -> tuple[Settings, list[Fault]]:
    """The settings, and what to warn of. Raises SettingsRefused, which names every fault that must be mended first."""
    settings, faults = read_settings()
    grave = [fault for fault in faults if fault.refuses]
    if settings is None or grave:
        raise SettingsRefused("\n  ".join(["", *map(str, grave)]),
                              settings=[fault.setting for fault in grave])  # fmt: skip
    return settings, [fault for fault in faults if not fault.refuses]


def read_settings() -> tuple[Settings | None, list[Fault]]:
    """(the settings, None where they can't even be read; every fault of theirs). Never raises."""
    unknown = list(unknown_names(os.environ, ENV_FILE))
    unreadable: list[Fault] = []
    try:
        settings = load_settings()
    except SettingsError as error:
        found = _BROKEN_JSON.search(str(error))
        name = variable(found.group(1)) if found else "TTS_…"
        return None, [Fault(setting=name, message='it is no JSON: write it such as {"paragraph_ms": 600}.'), *unknown]
    except ValidationError as error:
        unreadable = [_unreadable(fault) for fault in error.errors()]
        usual = {str(fault["loc"][0]): _usual(str(fault["loc"][0])) for fault in error.errors() if fault["loc"]}
        settings = load_settings(**usual)  # the others are checked all the same
    # What was replaced by its default says nothing of what was written.
    named = {fault.setting for fault in unreadable}
    return settings, [*unreadable, *(fault for fault in faults_of(settings) if fault.setting not in named), *unknown]


def faults_of(settings: Settings) -> Iterator[Fault]:
    """What is wrong with readable settings, in the order of settings.py's subjects."""
    yield from address_faults(settings)
    yield from number_faults(settings)
    yield from network_faults(settings)
    yield from place_faults(settings)


def _unreadable(fault: Any) -> Fault:
    name = str(fault["loc"][0]) if fault["loc"] else "…"
    inside = ".".join(map(str, fault["loc"][1:]))
    said = "what is written there" if _SECRET.search(name) else repr(fault["input"])[:60]
    what = _KINDS.get(fault["type"], f"can't be used ({inside + ': ' if inside else ''}{fault['msg']})")
    usual = _usual(name)
    example = f": write one such as {usual}" if isinstance(usual, (int, float)) else ""
    return Fault(setting=variable(name), message=f"{said} {what}{example}.")


def _usual(name: str) -> Any:
    field = Settings.model_fields.get(name)
    return None if field is None else field.get_default(call_default_factory=True)
