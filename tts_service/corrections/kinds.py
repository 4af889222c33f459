"""Kinds of corrections."""

from __future__ import annotations

from typing import Literal

from tts_service.newsroom.repairs import SENTENCE, VOICE

LEXICON = "lexicon"
"""Entries of the lexicon changed."""
BLOCK = "block"
"""A site's rule for blocks with a certain text was added or removed."""
OF_ONE_ARTICLE = (SENTENCE, VOICE)
"""Repairs of one article: nothing is left of them without it."""
CorrectionKind = Literal["lexicon", "block", "sentence", "voice"]
