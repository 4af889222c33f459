"""Words that crash or hang a voice: found by speaking a sentence in parts, then left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tts_service.engines.base import Speaks
from tts_service.engines.voices.casting import Cast
from tts_service.errors import EngineUnavailable
from tts_service.values import SpokenWord, Utterance

RULE = "unspeakable"
"""Name of the rule that silences a token, as readings show it."""

PLAIN_WORDS = (SpokenWord(text="Hello."),)
"""A word that any voice can say."""
Survives = Callable[[Utterance], bool]


def without_unspeakable(engine: Speaks, cast: Cast, utterance: Utterance) -> Utterance:
    """The utterance without the words that crash the voice. Raises EngineUnavailable (`cause` "start"), also when the
    voice can't say a plain word either."""
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

    said = silenced(utterance, unspeakable_tokens(utterance, speaks))
    if not said.words:
        try:
            engine.speak(PLAIN_WORDS, voice)
        except EngineUnavailable as error:
            raise EngineUnavailable(
                f"The voice {voice.id} says nothing at all: {error.message}", cause="start"
            ) from error
    return said


def unspeakable_tokens(utterance: Utterance, speaks: Survives) -> list[int]:
    """Indexes of the tokens that crash the voice: usually one, found in few tries, as each hang takes a full deadline.

    `speaks` says whether the voice survives an utterance. It doesn't survive the whole one.
    """
    spoken = [index for index, token in enumerate(utterance.tokens) if token.spoken]
    longest = max(spoken, key=lambda index: utterance.tokens[index].end - utterance.tokens[index].start)
    if speaks(silenced(utterance, [longest])):
        return [longest]
    found = _found(utterance, spoken, speaks)
    # Parts that can be spoken one by one may still crash it together: then the longest word goes, at worst all of them.
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


def _found(utterance: Utterance, indexes: Sequence[int], speaks: Survives) -> list[int]:
    """Those of the tokens that crash the voice, found by halving. All of them together crash it."""
    if len(indexes) == 1:
        return list(indexes)
    middle = len(indexes) // 2
    found = []
    for half in (indexes[:middle], indexes[middle:]):
        others = [index for index in range(len(utterance.tokens)) if index not in half]
        if not speaks(silenced(utterance, others)):
            found += _found(utterance, half, speaks)
    return found
