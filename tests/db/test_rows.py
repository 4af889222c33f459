"""JSON data of values in rows."""

from __future__ import annotations

from dataclasses import asdict

from tts_service.db.rows import token_data, tokens_of
from tts_service.values import Token

TOKEN = Token(start=3, end=7, spoken=("four", "metres"), before="“", after=",", ipa="fɔː", rules=("numbers", "lengths"))


def test_a_tokens_data_has_all_of_it_and_is_read_back() -> None:
    assert token_data(TOKEN) == asdict(TOKEN)
    assert tokens_of([token_data(TOKEN)]) == (TOKEN,)
