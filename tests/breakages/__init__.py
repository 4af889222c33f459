"""The breakages of `make sabotage`, by subject."""

from tests.breakages import (
    api,
    article,
    callbacks,
    checking,
    clips,
    closed,
    doors,
    english,
    german,
    headless,
    intake,
    lexicon,
    newsroom,
    outbound,
    pages,
    player,
    player_places,
    provenance,
    readings,
    romance,
    text,
    traces,
    voices,
    wordpress,
)
from tests.breakages.breakage import Breakage

_SUBJECTS = (
    api,
    article,
    callbacks,
    checking,
    clips,
    closed,
    doors,
    english,
    german,
    headless,
    intake,
    lexicon,
    newsroom,
    outbound,
    pages,
    player,
    player_places,
    provenance,
    readings,
    romance,
    text,
    traces,
    voices,
    wordpress,
)
BREAKAGES = tuple(breakage for subject in _SUBJECTS for breakage in subject.BREAKAGES)

__all__ = ["BREAKAGES", "Breakage"]
