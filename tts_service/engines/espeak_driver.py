"""A pyttsx3 driver that speaks into memory, in order; finished when `runAndWait` returns.

pyttsx3's own espeak driver synthesises on espeak-ng's thread and stops waiting too early: long texts are cut off, and
of two queued files only the last is written. This one uses espeak-ng's synchronous mode inside pyttsx3's command queue.

Import only in the engine child, after loading espeak-ng's shared library (see espeak.py): pyttsx3 looks it up by name
at import.
"""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass, field
from typing import Any

import espeakng_loader
from pyttsx3.drivers import _espeak
from pyttsx3.drivers.espeak import EspeakDriver

DRIVER_NAME = "tts_service_narration"
SPOKEN = "spoken"
"""Topic of the notification that carries a `SynthesizedText`."""
DONT_EXIT = 0x8000
"""espeakINITIALIZE_DONT_EXIT: without it the library ends the process if its data is missing."""
BUFFER_MS = 200
IPA = 0x02
"""espeakPHONEMES_IPA: phonemes as Unicode IPA."""


class EspeakError(Exception):
    """espeak-ng returned an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesizedText:
    """Result of synthesising one text."""

    pcm: bytes = field(repr=False)
    """s16 mono."""
    sample_rate_hz: int
    word_events: tuple[tuple[int, int], ...]
    """(index of the word's first character, start in milliseconds), as reported by espeak-ng."""


class NarrationDriver(EspeakDriver):  # type: ignore[misc]  # pyttsx3 has no types
    """Speaks inside pyttsx3's queue; notifies `SPOKEN` for each finished text. Method names are pyttsx3's."""

    sample_rate_hz = 0

    def __init__(self, proxy: Any) -> None:
        start_library()
        self._pcm = bytearray()
        self._words: list[tuple[int, int]] = []
        self._flags = _espeak.CHARS_UTF8
        super().__init__(proxy)

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        """pyttsx3's properties, plus `notation`: whether double brackets hold phonemes. Never set it for plain text."""
        if name == "notation":
            self._flags = _espeak.CHARS_UTF8 | (_espeak.PHONEMES if value else 0)
        else:
            super().setProperty(name, value)

    def say(self, text: str) -> None:
        """Speaks one text to its end."""
        self._pcm = bytearray()
        self._words = []
        code = _espeak.Synth(text, flags=self._flags)
        if code != _espeak.EE_OK:
            raise EspeakError(f"espeak_Synth: error {code}")
        heard = SynthesizedText(
            pcm=bytes(self._pcm), sample_rate_hz=self.sample_rate_hz, word_events=tuple(self._words)
        )
        self._proxy.notify(SPOKEN, heard=heard)

    def _onSynth(self, wav: Any, numsamples: int, events: Any) -> int:  # noqa: N802
        """espeak-ng's callback: collects samples and word events. Returns 0 to continue."""
        index = 0
        while (event := events[index]).type != _espeak.EVENT_LIST_TERMINATED:
            if event.type == _espeak.EVENT_WORD:
                self._words.append((event.text_position - 1, event.audio_position))
            index += 1
        if numsamples > 0:
            self._pcm += ctypes.string_at(wav, numsamples * ctypes.sizeof(ctypes.c_short))
        return 0

    def startLoop(self) -> None:  # noqa: N802
        """Processes the queue; each command ends before the next starts."""
        self._proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802
        """Does nothing: the queue is processed synchronously."""

    def stop(self) -> None:
        """Does nothing: no speech is running when the queue gets here."""

    @staticmethod
    def destroy() -> None:
        """Does nothing: pyttsx3 calls this when any engine is collected, but the callback belongs to the process."""


def start_library() -> None:
    """Starts espeak-ng, once in a process. Raises EspeakError."""
    if EspeakDriver._moduleInitialized:
        return
    data = espeakng_loader.get_data_path().encode()
    rate = _espeak.Initialize(_espeak.AUDIO_OUTPUT_SYNCHRONOUS, BUFFER_MS, data, DONT_EXIT)
    if rate <= 0:
        raise EspeakError(f"espeak-ng did not start: {rate}")
    NarrationDriver.sample_rate_hz = rate
    EspeakDriver._defaultVoice = "en"
    EspeakDriver._moduleInitialized = True


def phonemes_of(text: str, voice_name: str) -> str:
    """How a voice says a text, in IPA, which may name a change of language: `(en)`. Raises EspeakError."""
    start_library()
    if _espeak.SetVoiceByName(voice_name.encode()) != _espeak.EE_OK:
        raise EspeakError(f"espeak-ng has no voice {voice_name!r}")
    function = _espeak.dll.espeak_TextToPhonemes
    function.restype = ctypes.c_char_p
    function.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    rest, found = ctypes.c_char_p(text.encode()), []
    while rest.value:  # a clause a call
        found.append((function(ctypes.byref(rest), _espeak.CHARS_UTF8, IPA) or b"").decode())
    return " ".join(filter(None, found))


def buildDriver(proxy: Any) -> NarrationDriver:  # noqa: N802
    """pyttsx3's entry point of a driver module."""
    return NarrationDriver(proxy)


sys.modules[f"pyttsx3.drivers.{DRIVER_NAME}"] = sys.modules[__name__]
