"""The breakages of `make sabotage`, by subject."""

from tests.breakages import (
    api,
    article,
    callbacks,
    checking,
    clips,
    doors,
    english,
    german,
    intake,
    lexicon,
    newsroom,
    outbound,
    player,
    provenance,
    readings,
    romance,
    text,
    traces,
    voices,
)
from tests.breakages.breakage import Breakage

_SUBJECTS = (
    api,
    article,
    callbacks,
    checking,
    clips,
    doors,
    english,
    german,
    intake,
    lexicon,
    newsroom,
    outbound,
    player,
    provenance,
    readings,
    romance,
    text,
    traces,
    voices,
)
BREAKAGES = tuple(breakage for subject in _SUBJECTS for breakage in subject.BREAKAGES)

__all__ = ["BREAKAGES", "Breakage"]
