"""Validates all settings together and reports every fault at once."""

from __future__ import annotations

import os
from collections.abc import Iterator

from pydantic import ValidationError

from tts_service.errors import SettingsRefused
from tts_service.installation.addresses import address_faults
from tts_service.installation.env_file import ENV_FILE, bindings, line_faults, read_env_file
from tts_service.installation.fault import Fault
from tts_service.installation.listening import listening_faults
from tts_service.installation.mail import mail_faults
from tts_service.installation.names import unknown_names
from tts_service.installation.networks import network_faults
from tts_service.installation.numbers import number_faults
from tts_service.installation.pairs import pair_faults
from tts_service.installation.places import place_faults
from tts_service.installation.quotes import quote_faults
from tts_service.installation.rates import rate_faults
from tts_service.installation.signing import certificate_faults
from tts_service.installation.unreadable import language_faults, unreadable, usual_values
from tts_service.installation.voices import voice_faults
from tts_service.installation.web_addresses import web_address_faults
from tts_service.settings import Settings, load_settings

_SUBJECTS = (
    address_faults,
    web_address_faults,
    listening_faults,
    number_faults,
    network_faults,
    rate_faults,
    place_faults,
    certificate_faults,
    pair_faults,
    mail_faults,
    language_faults,
    voice_faults,
)


def checked_settings() -> tuple[Settings, list[Fault]]:
    """The settings, and the warnings. Raises SettingsRefused with every fault that prevents the start."""
    settings, faults = read_settings()
    grave = [fault for fault in faults if fault.refuses]
    if settings is None or grave:
        raise SettingsRefused("\n  ".join(["", *map(str, grave)]), settings=[fault.setting for fault in grave])
    return settings, [fault for fault in faults if not fault.refuses]


def read_settings() -> tuple[Settings | None, list[Fault]]:
    """(settings, or None if the .env file is unreadable; all their faults). Never raises."""
    text, closed = read_env_file(ENV_FILE)
    if closed is not None:
        return None, [closed]
    lines = list(line_faults(text, ENV_FILE))
    in_file = [binding.key for binding in bindings(text) if binding.key and binding.value is not None]
    unknown = unknown_names({"the environment": os.environ, str(ENV_FILE): in_file})
    not_read: list[Fault] = []
    try:
        settings = load_settings()
    except ValidationError as error:
        not_read = [unreadable(fault) for fault in error.errors()]
        settings = load_settings(**usual_values(error.errors()))  # so that the others are checked too
    # A default that replaces an unreadable value says nothing about what was written.
    named = {fault.setting for fault in not_read}
    faults = (fault for fault in faults_of(settings) if fault.setting not in named)
    return settings, [*lines, *not_read, *faults, *unknown]


def faults_of(settings: Settings) -> Iterator[Fault]:
    """Faults of parsed settings. For a value in quotation marks only those are reported: without them it may be
    valid."""
    quoted = list(quote_faults(settings, _of_values))
    yield from quoted
    named = {fault.setting for fault in quoted}
    yield from (fault for fault in _of_values(settings) if fault.setting not in named)


def _of_values(settings: Settings) -> Iterator[Fault]:
    for subject in _SUBJECTS:
        yield from subject(settings)
