"""French short forms: abbreviations by what must stand behind them, acronyms said and spelt."""

from __future__ import annotations

from tts_service.speakable.romance.short_forms import ShortForms
from tts_service.speakable.tables import pairs, words

_TITLES = pairs("fr", "titles")
_NUMBERED = pairs("fr", "numbered")
_ANYWHERE = pairs("fr", "anywhere")
FRENCH = ShortForms(
    titles=_TITLES,
    numbered=_NUMBERED,
    anywhere=_ANYWHERE,
    said=words("fr")["said"],
    spelt=words("fr")["spelt"],
    loud=words("fr")["loud"],
    whole={"SVP": "s'il vous plaît"},
    and_="et",
)
"""Short forms of French."""
