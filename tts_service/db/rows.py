"""Converts rows and their JSON data to values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from tts_service.db.tables import UtteranceRow
from tts_service.values import Block, BlockKind, Direction, Token, Utterance
from tts_service.values.article import SayAs

_TOKEN = tuple(field.name for field in fields(Token))


def tokens_of(data: Iterable[Mapping[str, Any]]) -> tuple[Token, ...]:
    """Tokens from JSON data."""
    return tuple(Token(**{**token, "spoken": tuple(token["spoken"]), "rules": tuple(token["rules"])}) for token in data)


def token_data(token: Token) -> dict[str, Any]:
    """A token's JSON data, as `asdict` makes it, which takes ten times as long."""
    return {name: getattr(token, name) for name in _TOKEN}


def utterance_from(data: Mapping[str, Any]) -> Utterance:
    """An utterance from JSON data, as `asdict` makes it."""
    return Utterance(**{**data, "tokens": tokens_of(data["tokens"])})


def stored_blocks(data: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """A clip revision's blocks from JSON data."""
    return tuple(
        Block(
            **{
                **block,
                "kind": BlockKind(block["kind"]),
                "directions": tuple(map(_direction, block.get("directions", ()))),
            }
        )
        for block in data
    )


def _direction(data: Mapping[str, Any]) -> Direction:
    say_as = data.get("say_as")
    return Direction(**{**data, "say_as": SayAs(say_as) if say_as else None})


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
