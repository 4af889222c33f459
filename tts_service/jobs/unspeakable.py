"""Words that crash or hang a voice: found by speaking a sentence in parts, then left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import update

from tts_service.article.account import PREVIEW
from tts_service.db.tables import ClipRevisionRow, JobRow, UtteranceRow
from tts_service.engines.casting import Cast
from tts_service.engines.speak import EngineChild
from tts_service.errors import EngineUnavailable
from tts_service.jobs.lease import write
from tts_service.jobs.rendering import Rendering, RenderingLine
from tts_service.narration import key_of
from tts_service.parts import Parts
from tts_service.values import Utterance

RULE = "unspeakable"
"""Name of the rule that silences a token, as readings show it."""

Speaks = Callable[[Utterance], bool]


def without_unspeakable(engine: EngineChild, cast: Cast, utterance: Utterance) -> Utterance:
    """The utterance less the words on which the voice dies. Raises EngineUnavailable (`cause` "start")."""
    voice = cast.other(utterance) or cast.main

    def speaks(part: Utterance) -> bool:
        if not part.words:
            return True
        try:
            engine.speak(part.words, voice, part.rate)
        except EngineUnavailable as error:
            if error.details.get("cause") == "start":
                raise
            return False
        return True

    return silenced(utterance, unspeakable_tokens(utterance, speaks))


def unspeakable_tokens(utterance: Utterance, speaks: Speaks) -> list[int]:
    """Indexes of the tokens on which the voice dies: usually one, found in few tries, since a hang costs a deadline.

    `speaks` says whether the voice survives an utterance. It doesn't survive the whole one.
    """
    spoken = [index for index, token in enumerate(utterance.tokens) if token.spoken]
    longest = max(spoken, key=lambda index: utterance.tokens[index].end - utterance.tokens[index].start)
    if speaks(silenced(utterance, [longest])):
        return [longest]
    found = _found(utterance, spoken, speaks)
    # Parts that are spoken one by one may still kill it together: then the longest word goes, and at worst all of them.
    for lost in (found, [*found, longest]):
        if lost and speaks(silenced(utterance, lost)):
            return lost
    return spoken


def silenced(utterance: Utterance, lost: Sequence[int]) -> Utterance:
    """The utterance with these tokens not said; their punctuation stays."""
    tokens = tuple(
        replace(token, spoken=(), ipa=None, rules=(*token.rules, RULE)) if index in lost else token
        for index, token in enumerate(utterance.tokens)
    )
    return replace(utterance, tokens=tokens)


def keep_silenced(parts: Parts, rendering: Rendering, line: RenderingLine, said: Utterance) -> RenderingLine:
    """From now on the sentence is said so; the account of the revision names the words that it lost."""
    # Of a sentence that lost all its words no pause stays either: two pauses in a row sound like the end.
    pause_ms = said.pause_after_ms if said.words else 0
    key = key_of(said, rendering.cast)
    place = {"clip_id": rendering.clip_id, "revision": rendering.revision}
    values = {
        "tokens": [asdict(token) for token in said.tokens],
        "segment_key": key,
        "pause_after_ms": pause_ms,
    }
    with parts.database.writing() as session:
        write(session, rendering.lease, attempts=JobRow.attempts)
        mine = update(UtteranceRow).filter_by(**place, position=line.position)
        session.execute(mine.values(**values))
        row = session.get_one(ClipRevisionRow, (rendering.clip_id, rendering.revision))
        row.account = [*row.account, *_account_lines(row, said)]
    return replace(line, segment_key=key, pause_after_ms=pause_ms)


def _account_lines(row: ClipRevisionRow, said: Utterance) -> list[dict[str, Any]]:
    text = row.blocks[said.block]["text"]
    lost = [text[token.start : token.end] for token in said.tokens if RULE in token.rules]
    reason = "the voice died on this word"
    return [
        {"kind": RULE, "characters": len(word), "spoken": 0, "reason": reason, "text": word[:PREVIEW]} for word in lost
    ]


def _found(utterance: Utterance, indexes: Sequence[int], speaks: Speaks) -> list[int]:
    """Those of the tokens on which the voice dies, by halves. It dies on all of them together."""
    if len(indexes) == 1:
        return list(indexes)
    middle = len(indexes) // 2
    found = []
    for half in (indexes[:middle], indexes[middle:]):
        others = [index for index in range(len(utterance.tokens)) if index not in half]
        if not speaks(silenced(utterance, others)):
            found += _found(utterance, half, speaks)
    return found
