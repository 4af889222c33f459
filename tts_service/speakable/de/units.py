"""What German says for currencies, scales, units and signs."""

from __future__ import annotations

from tts_service.speakable.nouns import nouns
from tts_service.speakable.tables import pairs

SYMBOLS = pairs("de", "symbols")
MARKS = {"-": "Bindestrich", "_": "Unterstrich", "+": "plus"}
"""Said in addresses, so that a listener can type them."""
SCALES, CURRENCIES, UNITS = nouns("de", "scales"), nouns("de", "currencies"), nouns("de", "units")
PER = pairs("de", "per") | {sign: unit.one for sign, unit in UNITS.items() if sign not in ("%", "‰", "°")}
"""What stands behind a slash: "Euro/Monat", "g/km"."""
