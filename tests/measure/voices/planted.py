"""Faults planted into spoken sentences, as engines make them: the words to be said stay, what sounds is another."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tests.measure.voices.sentences import NewsSentence, spoken_as
from tts_service.engines.base import Sound
from tts_service.values import SpokenWord

FAULTS = ("skipped word", "doubled word", "garbled", "wrong language", "clipped end")
"""Those that fit every sentence; a wrong number needs one with a number."""
CLEAN = ""
_FEWEST_LETTERS = 3
"""Of a word that is skipped: nobody hears that "a" is missing."""
_GARBLED_S = 0.6
_CLIPPED_S = 0.35
_LOUD = 600
"""Samples beyond this are speech."""

Speak = Callable[[Sequence[SpokenWord]], Sound]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedSound:
    """A sentence's sound, and what is wrong with it."""

    sentence: NewsSentence
    sound: Sound = field(repr=False)
    fault: str = CLEAN
    """One of FAULTS, "wrong number", or CLEAN."""


def planted(
    sentences: Sequence[NewsSentence], foreign: Sequence[NewsSentence], speak: Speak, *, seed: int = 7
) -> Iterator[PlantedSound]:
    """Every sentence as it should be, and each with one fault, the kinds in turn; then as many with a wrong number as
    each other kind has. `foreign`: sentences in another language, which this voice speaks."""
    chance = random.Random(seed)
    for at, sentence in enumerate(sentences):
        sound = speak(sentence.utterance.words)
        yield PlantedSound(sentence=sentence, sound=sound)
        fault = FAULTS[at % len(FAULTS)]
        if fault == "garbled":
            yield PlantedSound(sentence=sentence, sound=_garbled(sound, chance), fault=fault)
        elif fault == "clipped end":
            yield PlantedSound(sentence=sentence, sound=_clipped(sound), fault=fault)
        elif fault == "wrong language":
            other = foreign[at // len(FAULTS) % len(foreign)]
            yield PlantedSound(sentence=other, sound=speak(other.utterance.words), fault=fault)
        else:
            yield PlantedSound(sentence=sentence, sound=speak(_other_words(sentence, fault, chance)), fault=fault)
    with_numbers = [one for one in sentences if re.search(r"\d", one.written)]
    for sentence in with_numbers[: len(sentences) // len(FAULTS)]:
        if said := _another_number(sentence, chance):
            yield PlantedSound(sentence=sentence, sound=speak(said), fault="wrong number")


def _other_words(sentence: NewsSentence, fault: str, chance: random.Random) -> Sequence[SpokenWord]:
    """What is said instead: a word less, or one twice."""
    words = sentence.utterance.words
    if fault == "skipped word":
        at = chance.choice([n for n, word in enumerate(words) if len(word.text) >= _FEWEST_LETTERS])
        return [*words[:at], *words[at + 1 :]]
    at = chance.randrange(len(words))
    return [*words[:at], replace(words[at], text=re.sub(r"\W+$", "", words[at].text)), *words[at:]]


def _another_number(sentence: NewsSentence, chance: random.Random) -> Sequence[SpokenWord]:
    """With one digit changed."""
    places = [found.start() for found in re.finditer(r"\d", sentence.written)]
    if not places:
        return ()
    at = chance.choice(places)
    digit = chance.choice([one for one in "123456789" if one != sentence.written[at]])
    said = spoken_as(sentence.written[:at] + digit + sentence.written[at + 1 :], sentence.language)
    words = said[0].utterance.words if len(said) == 1 else ()
    return () if words == sentence.utterance.words else words


def _garbled(sound: Sound, chance: random.Random) -> Sound:
    """A stretch of it runs backwards."""
    samples = np.frombuffer(sound.pcm, "<i2").copy()
    start = int(len(samples) * chance.uniform(0.2, 0.7))
    stop = min(len(samples), start + int(_GARBLED_S * sound.sample_rate_hz))
    samples[start:stop] = samples[start:stop][::-1]
    return replace(sound, pcm=samples.tobytes())


def _clipped(sound: Sound) -> Sound:
    """Its end is cut off, in the midst of speech."""
    samples = np.frombuffer(sound.pcm, "<i2")
    last = int(np.flatnonzero(np.abs(samples.astype(np.int32)) > _LOUD)[-1])
    return replace(sound, pcm=samples[: max(0, last - int(_CLIPPED_S * sound.sample_rate_hz))].tobytes())
