"""Quotation marks around a value: shells strip them, `docker run --env-file` and pasted text don't."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tts_service.installation.fault import Fault, fault_of, variable
from tts_service.settings import Settings

_PAIRS = frozenset(("''", '""', "``", "“”", "„“", "”“", "””", "‘’", "‚‘", "’’", "«»", "»«", "‹›", "›‹"))
_FREE_TEXT = frozenset({"oidc_name", "mail_from"})
"""Settings with text for people, where quotation marks may be intended."""
_SECRET = re.compile(r"secret|password|access_key|smtp_url")


def quote_faults(settings: Settings, check: Callable[[Settings], Iterator[Fault]]) -> Iterator[Fault]:
    """A fault for each text or path in quotation marks. `check`: finds further faults, so that no suggestion is itself
    invalid."""
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if not isinstance(value, (str, Path)) or name in _FREE_TEXT:
            continue
        written = str(value).strip()
        if len(written) > 1 and written[0] + written[-1] in _PAIRS:
            inner = written[1:-1].strip()
            # An address with a user name may contain a password too.
            hidden = _SECRET.search(name) or "@" in inner or not inner
            if not hidden:
                bare = settings.model_copy(update={name: type(value)(inner)})
                hidden = any(fault.setting == variable(name) for fault in check(bare))
            yield fault_of(name, f"it is in quotes: write {'it without them' if hidden else inner}")
