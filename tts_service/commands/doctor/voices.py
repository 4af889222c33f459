"""Checks of voices: each engine that speaks by default says two words; then what is missing, and which sites speak with
a voice whose licence is to be checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tts_service.commands.doctor.database import require_tables
from tts_service.commands.doctor.finding import Finding, finding_of
from tts_service.db.session import Database
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.licences import to_review
from tts_service.engines.voices.order import VoiceChoice
from tts_service.engines.voices.registry import Registry
from tts_service.errors import LanguageNotSpoken, ServiceError, SettingsRefused, VoiceNotFound
from tts_service.newsroom.site_voices import english_of_sites
from tts_service.settings import Settings
from tts_service.speakable.language import codes
from tts_service.values import SpokenWord, Voice

_WORDS = (SpokenWord(text="Everything"), SpokenWord(text="works."))
_EVERY_OTHER_SITE = "sites without a voice of their own"
_NAMED = 5
"""Sites named in one finding."""


def voice_checks(settings: Settings) -> Iterator[Finding]:
    """A check for each engine, then warnings."""
    voices = Registry(settings)
    choices = {code: choice for code in codes() if (choice := _choice(voices, code))}
    yield finding_of("voice for English", lambda: _english(settings, voices), "pip install 'tts-service[hibari]'")
    speakers = {choice.voice.engine: choice.voice for choice in reversed(choices.values())}
    with EngineChild(settings) as child:
        for engine, voice in speakers.items():
            advice = f"pip install 'tts-service[{_EXTRAS.get(engine, engine)}]'"
            yield finding_of(f"voice {engine}", lambda voice=voice: _spoken(child, voice), advice)  # type: ignore[misc]
    silent = [code for code in codes() if code not in choices]
    if silent:
        advice = "pip install 'tts-service[espeak]'"
        yield Finding(name="languages", fine=True, found=f"no voice speaks {', '.join(silent)}", advice=advice)
    yield from _of_sites(settings, voices, choices.get("en"))


_EXTRAS = {"pyttsx3": "espeak"}
"""By engine, where the package's extra has another name."""


def _choice(voices: Registry, language: str) -> VoiceChoice | None:
    try:
        return voices.choice(language)
    except LanguageNotSpoken:
        return None


def _english(settings: Settings, voices: Registry) -> str:
    """Raises SettingsRefused: the operator's voice isn't here; VoiceNotFound: its engine isn't; LanguageNotSpoken."""
    try:
        if settings.default_voice_en:
            voices.find(settings.default_voice_en)
    except VoiceNotFound as error:
        if settings.default_voice_en.partition(":")[0] in voices.absent:
            raise
        raise SettingsRefused(f"TTS_DEFAULT_VOICE_EN: {error.message}") from error
    choice = voices.choice("en")
    instead = f"; not installed: {', '.join(choice.missing)}" if choice.missing else ""
    return f"{choice.voice.id} ({choice.reason}){instead}"


def _spoken(child: EngineChild, voice: Voice) -> str:
    sound = child.speak(_WORDS, voice)
    return f"{voice.id} spoke {len(sound.pcm) / 2 / sound.sample_rate_hz:.1f} s"


def _of_sites(settings: Settings, voices: Registry, usual: VoiceChoice | None) -> Iterator[Finding]:
    """What is to be said of the sites' English voices."""
    database = Database(settings.database)
    try:
        require_tables(settings)
        choices = english_of_sites(database, voices)
    except ServiceError:
        return  # the check of the database says so
    finally:
        database.close()
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for site, choice in [(_EVERY_OTHER_SITE, usual), *sorted(choices.items())]:
        for one in () if choice is None else _remarks(choice):
            found[one].append(site)
    for (what, advice), sites in found.items():
        yield Finding(name="voice of sites", fine=True, found=f"{_named(sites)}: {what}", advice=advice)


def _remarks(choice: VoiceChoice) -> Iterator[tuple[str, str]]:
    """(what, what to do)."""
    voice = choice.voice.id
    if choice.missing:
        missing = ", ".join(choice.missing)
        yield f"{voice} speaks English; not installed: {missing}", "Install it, or choose another voice for them."
    licence = to_review(voice)
    if licence is not None:
        yield (
            f"{voice} was trained from {licence.parent}",
            "Have its licence checked before commercial use (NOTICE), or choose another voice for them.",
        )


def _named(sites: Iterable[str]) -> str:
    names = list(sites)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
