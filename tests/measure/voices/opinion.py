"""Rows of DistillMOS, a network's guess of what listeners think of a sound (1 to 5). It needs the package `distillmos`,
which brings PyTorch: install it where this command finds it, if you want these rows."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from tests.measure.voices.studio import ENGLISH, GERMAN, Studio
from tests.measure.voices.table import VoiceFigure, at_least, not_measured
from tts_service.ears.spectrogram import sound_of_pcm
from tts_service.errors import ServiceError

_ROWS = (
    ("en-GB", ENGLISH, "4.5", 4.6),
    ("de-DE", GERMAN, "2.0", 4.5),
    ("fr-FR", "kokoro:ff_siwis", "2.0", 4.5),
    ("es-ES", "kokoro:ef_dora", "2.5", 4.5),
    ("it-IT", "kokoro:if_sara", "2.4", 4.5),
)
_SENTENCES = 12


def opinions(studio: Studio) -> Sequence[VoiceFigure]:
    """One row for each language's voice."""
    return [_opinion(studio, *row) for row in _ROWS]


def _opinion(studio: Studio, language: str, voice_id: str, before: str, limit: float) -> VoiceFigure:
    title = f"DistillMOS {language}, {voice_id}"
    if find_spec("distillmos") is None:
        return not_measured(title, before, f"≥ {limit:g}", "the package distillmos isn't installed")
    try:
        voice = studio.voice(voice_id)
        sounds = [studio.speak(one.utterance.words, voice) for one in studio.sentences(language)[:_SENTENCES]]
    except ServiceError as error:
        return not_measured(title, before, f"≥ {limit:g}", error.message)
    torch, model = import_module("torch"), import_module("distillmos").ConvTransformerSQAModel()
    model.eval()
    with torch.no_grad():
        marks = [
            float(model(torch.from_numpy(sound_of_pcm(one.pcm, one.sample_rate_hz))[None]).item()) for one in sounds
        ]
    return at_least(title, before, limit, statistics.mean(marks), note=f"{len(marks)} sentences")
