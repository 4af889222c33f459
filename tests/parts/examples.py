"""How many inputs a slow test makes up: all of them in `make generated`, two of five in `make test`."""

from __future__ import annotations

from hypothesis import settings

THOROUGH = 250
"""Examples of a test that doesn't say how many, with `--hypothesis-profile thorough`; otherwise Hypothesis' own 100."""


def examples(thorough: int) -> int:
    """This test's share of its full number, by the profile in use."""
    return max(1, thorough * settings().max_examples // THOROUGH)
