"""Rows of what our recogniser hears: how well voices are understood, and which planted faults it finds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from tests.measure.voices.listening import error_rate, faults_found
from tests.measure.voices.sentences import news_sentences
from tests.measure.voices.studio import ENGLISH, GERMAN, GERMAN_FLOOR, JOE, Studio
from tests.measure.voices.table import VoiceFigure, at_least, at_most, not_measured
from tts_service.ears.listener import Listener
from tts_service.engines.voices.catalogue import voice_catalogue
from tts_service.errors import ServiceError
from tts_service.values import Segment, Voice

_COMPARED = 40
"""Sentences that two voices are compared on."""
_FEW = 5


def english_understood(studio: Studio) -> Sequence[VoiceFigure]:
    """The default for English beside the one before it."""
    return _understood(studio, "en-GB", (ENGLISH, JOE), "English CER", 0.7)


def german_understood(studio: Studio) -> Sequence[VoiceFigure]:
    """Kokoro's German beside the floor."""
    return _understood(studio, "de-DE", (GERMAN, GERMAN_FLOOR), "German CER", 0.5)


def catalogue_understood(studio: Studio) -> Sequence[VoiceFigure]:
    """Each voice of the catalogue that is installed: the figures for errors in `catalogue.json`."""
    found = []
    for voice in (one for one in studio.voices if one.id in voice_catalogue()):
        name = f"CER, {voice.id}"
        try:
            sentences = studio.sentences(voice.language)[:_COMPARED]
            rate = error_rate(studio.recogniser, partial(studio.speak, voice=voice), sentences)
        except ServiceError as error:
            found.append(not_measured(name, "–", "–", error.message))
            continue
        note = f"{len(sentences)} sentences of news"
        found.append(VoiceFigure(name=name, before="–", reach="–", value=f"{rate:.3f}", fine=True, note=note))
    return found


def faults_in_english(studio: Studio) -> Sequence[VoiceFigure]:
    return _faults(studio, "en-GB", ENGLISH, "de-DE")


def faults_in_german(studio: Studio) -> Sequence[VoiceFigure]:
    return _faults(studio, "de-DE", GERMAN, "en-GB")


def _understood(studio: Studio, language: str, voices: tuple[str, str], name: str, limit: float) -> list[VoiceFigure]:
    ours, other = voices
    title = f"{name}: {ours} / {other}"
    try:
        sentences = studio.sentences(language)[:_COMPARED]
        rates = [
            error_rate(studio.recogniser, partial(studio.speak, voice=studio.voice(one)), sentences) for one in voices
        ]
    except ServiceError as error:
        return [not_measured(title, "1", f"≤ {limit:g}", error.message)]
    note = f"{rates[0]:.3f} / {rates[1]:.3f} on {len(sentences)} sentences"
    return [at_most(title, "1", limit, rates[0] / rates[1], note=note)]


def _faults(studio: Studio, language: str, voice_id: str, foreign: str) -> list[VoiceFigure]:
    title = f"planted faults found, {voice_id}"
    try:
        voice = studio.voice(voice_id)
        began, sounds = time.process_time(), studio.sentences(language)
        found = faults_found(studio.recogniser, partial(studio.speak, voice=voice), sounds, news_sentences(foreign))
    except ServiceError as error:
        return [not_measured(title, "–", "≥ 90 %", error.message)]
    spent = (time.process_time() - began) / found.audio_s * 60
    studio.missed += [f"{voice_id}: {line}" for line in found.missed]
    kinds = ", ".join(f"{fault} {hits}/{count}" for fault, (hits, count) in found.by_fault.items())
    return [
        at_least(title, "–", 90, 100 * found.recall, "%", kinds),
        at_most(
            f"  false cases of 100 sentences, {voice_id}",
            "–",
            2,
            found.false_per_100,
            note=f"{found.false} of {found.clean}; precision {found.precision:.0%} of all that were found here",
        ),
        VoiceFigure(
            name=f"  listening, {voice_id}",
            before="–",
            reach="–",
            value=f"{spent:.2f} CPU-s per audio minute",
            fine=True,
            note=f"speaking: {voice.cpu_s_per_minute or 0:.2f}; its process takes {_memory_mb(studio, voice):.0f} MB",
        ),
    ]


def _memory_mb(studio: Studio, voice: Voice) -> float:
    """Of the recogniser's process as workers start it, after a few sentences."""
    with Listener(studio.settings) as ears:
        for one in studio.sentences(voice.language)[:_FEW]:
            sound = studio.speak(one.utterance.words, voice)
            ears.hear(Segment(key="", pcm=sound.pcm, sample_rate_hz=sound.sample_rate_hz, words=()), one.language)
        return ears.memory_mb
