"""The breakages of `make sabotage`, by subject."""

from tests.breakages import clips, lexicon, outbound, voices
from tests.breakages.breakage import Breakage

BREAKAGES = (*clips.BREAKAGES, *voices.BREAKAGES, *lexicon.BREAKAGES, *outbound.BREAKAGES)

__all__ = ["BREAKAGES", "Breakage"]
