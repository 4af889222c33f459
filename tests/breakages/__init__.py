"""The breakages of `make sabotage`, by subject."""

from tests.breakages import (
    article,
    clips,
    english,
    german,
    lexicon,
    outbound,
    provenance,
    readings,
    romance,
    text,
    voices,
)
from tests.breakages.breakage import Breakage

_SUBJECTS = (clips, article, text, english, german, romance, lexicon, voices, outbound, provenance, readings)
BREAKAGES = tuple(breakage for subject in _SUBJECTS for breakage in subject.BREAKAGES)

__all__ = ["BREAKAGES", "Breakage"]
