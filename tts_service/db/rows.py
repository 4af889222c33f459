"""Converts rows to values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tts_service.db.tables import UtteranceRow
from tts_service.values import Token, Utterance


def tokens_of(data: Iterable[Mapping[str, Any]]) -> tuple[Token, ...]:
    """Tokens from JSON data."""
    return tuple(Token(**{**token, "spoken": tuple(token["spoken"]), "rules": tuple(token["rules"])}) for token in data)


def utterance_of(row: UtteranceRow) -> Utterance:
    """The utterance stored in a row."""
    return Utterance(
        block=row.block,
        start=row.start,
        end=row.end,
        tokens=tokens_of(row.tokens),
        language=row.language,
        pause_after_ms=row.pause_after_ms,
        voice=row.voice,
        rate=row.rate,
    )
