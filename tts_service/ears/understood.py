"""How well a voice is understood: the share of letters that a recogniser hears otherwise than they were to be said
(CER)."""

from __future__ import annotations

from collections.abc import Sequence

from tts_service.ears.comparing import heard_words, plain_words
from tts_service.ears.listener import Listens
from tts_service.engines.base import Sound, Speaks
from tts_service.errors import EarsUnavailable
from tts_service.values import Segment, SpokenWord, Voice


class LetterErrors:
    """Counts over several sentences."""

    def __init__(self) -> None:
        self._wrong = self._letters = 0

    @property
    def rate(self) -> float | None:
        """None: nothing was heard."""
        return self._wrong / self._letters if self._letters else None

    def add(self, words: Sequence[str], heard: str, language: str) -> None:
        """What was to be said, and what a recogniser wrote, in a language (BCP 47)."""
        spoken = "".join(plain_words(words))
        self._wrong += edits(spoken, "".join(heard_words(heard, language)))
        self._letters += len(spoken)


class HeardSpeaker:
    """`Speaks` through an engine, and has a recogniser hear what one voice says; other voices' sentences don't
    count."""

    def __init__(self, engine: Speaks, ears: Listens, voice: Voice) -> None:
        self._engine, self._ears, self._voice = engine, ears, voice
        self._errors = LetterErrors()
        self.failure = ""
        """Why nothing could be heard; empty: it could."""

    @property
    def cer(self) -> float | None:
        """Of all that was spoken; None: it wasn't all heard."""
        return None if self.failure else self._errors.rate

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """As `Engine.speak`."""
        sound = self._engine.speak(words, voice, rate)
        if voice.id == self._voice.id and not self.failure:
            try:
                self._hear(words, sound)
            except EarsUnavailable as error:
                self.failure = error.message
        return sound

    def _hear(self, words: Sequence[SpokenWord], sound: Sound) -> None:
        segment = Segment(key="", pcm=sound.pcm, sample_rate_hz=sound.sample_rate_hz, words=())
        heard = self._ears.hear(segment, self._voice.language)
        if heard is not None:
            self._errors.add([word.text for word in words], heard, self._voice.language)


def edits(one: str, other: str) -> int:
    """Letters to change, add or take away between two texts."""
    row = list(range(len(other) + 1))
    for at, left in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, right in enumerate(other, 1):
            before, row[place] = row[place], min(before + (left != right), row[place] + 1, row[place - 1] + 1)
    return row[-1]
