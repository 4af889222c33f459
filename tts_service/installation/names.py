"""Names that look like settings but aren't: typos in the environment and in the .env file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from tts_service.installation.fault import Fault, variable
from tts_service.settings import Settings

_PREFIX = "TTS_"
_OTHERS = frozenset({"TTS_POSTGRES_PASSWORD"})
"""Names used by docker-compose.yml itself."""


def unknown_names(places: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    """A warning for each unknown TTS_ name, with the most similar known one. Not an error: a variable of an earlier
    version must not prevent the start. `places`: names by where they are set."""
    for place, names in places.items():
        for name in sorted({name.upper() for name in names}):
            if name.startswith(_PREFIX) and name not in _known() | _OTHERS:
                yield Fault(
                    setting=name,
                    message=f"{place} sets it, but there is no such setting; {_advice(name)}.",
                    refuses=False,
                )


def _known() -> frozenset[str]:
    return frozenset(map(variable, Settings.model_fields))


def _advice(name: str) -> str:
    nearest = difflib.get_close_matches(name, sorted(_known()), n=1, cutoff=0.6)
    return f"the closest is {nearest[0]}" if nearest else "remove it, or see tts_service/settings.py"
