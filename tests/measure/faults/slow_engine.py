"""An engine whose sentences take their time without using the processor: many jobs run at once on few cores.

Processes of the service find it by an entry point that `world.py` writes beside their packages.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tts_service.engines.base import Sound
from tts_service.engines.tone import BEEP, ToneEngine, misbehave
from tts_service.values import SpokenWord, Voice

VOICE = replace(BEEP, engine="slow", fingerprint="slow-1")
SENTENCE_S = "FAULTS_SENTENCE_S"
"""Environment variable: seconds that a sentence takes."""


class SlowEngine:
    """The tone engine's beeps, after a wait. Obeys CRASH, HANG and SWELL as its faulty voice does."""

    name = "slow"

    def __init__(self, voices_folder: Path) -> None:
        self._tone = ToneEngine(voices_folder)
        self._sentence_s = float(os.environ.get(SENTENCE_S, "0.5"))

    def voices(self) -> Sequence[Voice]:
        return (VOICE,)

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        for word in words:
            misbehave(word.text)
        time.sleep(self._sentence_s)
        return self._tone.speak(words, BEEP, rate)

    def close(self) -> None:
        self._tone.close()
