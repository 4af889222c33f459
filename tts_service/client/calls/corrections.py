"""Corrections: a change of the lexicon that speaks published clips again, and what becomes of it."""

from __future__ import annotations

from typing import Any

from tts_service.client.calls.call import Call, given, path_part
from tts_service.client.calls.lexicon import proposed
from tts_service.client.values.cases import Case
from tts_service.client.values.corrections import Correction, CorrectionDetail, CorrectionPage
from tts_service.client.values.lexicon import Lexeme
from tts_service.client.values.previews import ClipSentence


def accept(
    lexeme: Lexeme | None = None, *, entry: str | None = None, case: Case | None = None, why: str = ""
) -> Call[Correction]:
    """Change the lexicon, given as for `impact`, and speak the affected sentences again, the reported article's first.

    `case`: the case that it answers, as it was read. `why`: the reason, which the public reads. Raises CaseChanged;
    Conflict if a grapheme already has an entry.
    """
    wanted = proposed(lexeme, entry) | _answered(case, why)
    return Call(method="POST", path="/v1/corrections", json=wanted, read=Correction.of, once=True)


def repair_sentence(
    sentence: ClipSentence,
    *,
    alias: str | None = None,
    ipa: str | None = None,
    start: int = 0,
    end: int | None = None,
    pause_after_ms: int | None = None,
    case: Case | None = None,
    why: str = "",
) -> Call[Correction]:
    """Speak one sentence of one article otherwise, or change the pause behind it; later edits of other sentences keep
    it. `sentence`: with the revision that was heard. `start`, `end`: the words in it; None: to its end.

    Raises CaseChanged; Conflict if the clip has a newer revision.
    """
    wanted = given(alias=alias, ipa=ipa, start=start, end=end, pause_after_ms=pause_after_ms)
    wanted |= sentence.to_json() | _answered(case, why)
    return Call(method="POST", path="/v1/corrections/sentence", json=wanted, read=Correction.of, once=True)


def repair_voice(
    clip_id: str, *, voice: str | None = None, rate: float | None = None, case: Case | None = None, why: str = ""
) -> Call[Correction]:
    """Speak one article by another voice or at another speed (1.0 is the voice's own), now and after edits; None: the
    present one stays. Raises CaseChanged."""
    wanted = given(clip=clip_id, voice=voice, rate=rate) | _answered(case, why)
    return Call(method="POST", path="/v1/corrections/voice", json=wanted, read=Correction.of, once=True)


def corrections(
    *,
    site: str | None = None,
    state: str | None = None,
    case_id: str | None = None,
    entry_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Call[CorrectionPage]:
    """Corrections, newest first. `site`: those for this site, and for all sites."""
    wanted = {"site": site, "state": state, "case": case_id, "entry": entry_id, "cursor": cursor, "limit": limit}
    return Call(method="GET", path="/v1/corrections", params=wanted, read=CorrectionPage.of)


def correction(
    correction_id: str, *, state: str | None = None, cursor: str | None = None, limit: int = 50
) -> Call[CorrectionDetail]:
    """A correction with a page of its clips, or of those in one state. Raises NotFound."""
    wanted = given(state=state, cursor=cursor, limit=limit)
    return Call(method="GET", path=_path(correction_id), params=wanted, read=CorrectionDetail.of)


def take_back(correction_id: str) -> Call[Correction]:
    """Take a correction back: the entry or rule is what it was, and so is every clip. Raises Conflict, NotFound."""
    return Call(method="POST", path=f"{_path(correction_id)}/take-back", read=Correction.of, once=True)


def take_back_clip(correction_id: str, clip_id: str) -> Call[Correction]:
    """Take a correction back for one article: the entry or rule leaves it out. Raises Conflict, NotFound."""
    path = f"{_path(correction_id)}/clips/{path_part(clip_id)}/take-back"
    return Call(method="POST", path=path, read=Correction.of, once=True)


def retry_correction(correction_id: str) -> Call[Correction]:
    """Try the clips again that failed. Raises NotFound."""
    return Call(method="POST", path=f"{_path(correction_id)}/retry", read=Correction.of, once=True)


def _answered(case: Case | None, why: str) -> dict[str, Any]:
    return {"why": why} | ({"case": case.id, "version": case.version} if case else {})


def _path(correction_id: str) -> str:
    return f"/v1/corrections/{path_part(correction_id)}"
