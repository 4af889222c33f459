"""Why a block is not spoken as its text, in words for readers."""

from __future__ import annotations

from collections.abc import Mapping

from tts_service.web.pages.wording import TRANSLATED


def reason_in(reason: str, lang: str) -> str:
    """Why a block is skipped, in words; English where there is no translation."""
    if lang not in TRANSLATED:
        return reason[:1].upper() + reason[1:]
    openings: Mapping[str, str] = TRANSLATED[lang].OPENINGS
    reasons: Mapping[str, str] = TRANSLATED[lang].REASONS
    for english, translated in openings.items():
        if reason.startswith(english):
            return translated + reason.removeprefix(english)
    return reasons.get(reason, reason)
