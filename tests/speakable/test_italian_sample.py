"""The Italian sample article as it is said."""

from __future__ import annotations

from tests.parts.samples import said_of_sample


def test_nothing_in_the_sample_is_left_to_the_voice() -> None:
    said = said_of_sample("funivia-riparte", "it")
    assert not any(character.isdigit() for character in said)
    assert said.endswith("due a uno, con un gol al novantesimo più tre.")
    assert "ventesimo secolo, poco dopo la seconda guerra mondiale" in said
