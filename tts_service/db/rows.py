"""Values from rows."""

from __future__ import annotations

from tts_service.db.tables import UtteranceRow
from tts_service.values import Token, Utterance


def utterance_of(row: UtteranceRow) -> Utterance:
    """The utterance that a row keeps."""
    tokens = tuple(
        Token(**{**token, "spoken": tuple(token["spoken"]), "rules": tuple(token["rules"])}) for token in row.tokens
    )
    return Utterance(
        block=row.block,
        start=row.start,
        end=row.end,
        tokens=tokens,
        language=row.language,
        pause_after_ms=row.pause_after_ms,
        voice=row.voice,
        rate=row.rate,
    )
