"""Spanish short forms: abbreviations by what must stand behind them, acronyms said and spelt."""

from __future__ import annotations

from tts_service.speakable.romance.short_forms import ShortForms
from tts_service.speakable.tables import pairs, words

_TITLES = pairs("es", "titles")
_NUMBERED = pairs("es", "numbered")
_ANYWHERE = pairs("es", "anywhere")
SPANISH = ShortForms(
    titles=_TITLES,
    numbered=_NUMBERED,
    anywhere=_ANYWHERE,
    said=words("es")["said"],
    spelt=words("es")["spelt"],
    loud=words("es")["loud"],
    whole={
        "EEUU": "Estados Unidos",
        "JJOO": "Juegos Olímpicos",
        "CCOO": "Comisiones Obreras",
        "RRHH": "recursos humanos",
        "DDHH": "derechos humanos",
        "CCAA": "comunidades autónomas",
        "CDMX": "Ciudad de México",
        "RRSS": "redes sociales",
    },
    and_="y",
    women={"Lic.": "licenciada", "Ing.": "ingeniera", "Arq.": "arquitecta", "Prof.": "profesora"},
)
"""Short forms of Spanish."""
