"""Cases as lines of the queue: the sentence around the word, its sound, who works on it."""

from __future__ import annotations

from gettext import NullTranslations
from typing import Any

from babel.dates import format_skeleton

from tts_service.corrections.cases.queue import QueuedCase, QueuePlace
from tts_service.values.moments import utc_of
from tts_service.web.languages import locale_of
from tts_service.web.pages.names import code_name
from tts_service.web.pages.voice_names import voice_name
from tts_service.web.staff.desk.marked import MarkedText, cut_end
from tts_service.web.staff.desk.sound import stretch

_COMMENT, _NAME = 170, 80
"""Characters that are shown of a comment and of a word or passage."""


def case_name(case: QueuedCase, words: NullTranslations) -> str:
    """What a case is called in lists: its word, or what else it is about."""
    if case.written:
        return cut_end(case.written, _NAME)
    return words.gettext("the whole clip") if case.kind == "clip" else words.gettext("the whole sentence")


def case_marked(case: QueuedCase) -> MarkedText:
    """The case's sentence with its word marked."""
    return MarkedText.of(case.sentence, case.word_start, case.word_end)


def queue_row(case: QueuedCase, words: NullTranslations, language: str) -> dict[str, Any]:
    """A case for the template."""
    return {
        "id": case.id,
        "version": case.version,
        "written": case.written,
        "name": case_name(case, words),
        "category": code_name(words, "category, in short", case.category),
        "sentence": case_marked(case).shortened(),
        "comment": cut_end(case.comment, _COMMENT),
        "heard_text": cut_end(case.heard_text, _COMMENT),
        "sound": place_sound(case.heard),
        "breaking": case.breaking,
        "reports": case.reports,
        "articles": case.articles,
        "plays": case.plays,
        "first_day": _short_day(case.first_ms, language),
        "last_day": _short_day(case.last_ms, language),
        "last": case.last_ms,
        "site": case.site,
        "language": case.language,
        "voice": case.voice,
        "voice_name": short_voice(case.voice),
        "state": case.state,
        "since": case.since is not None,
        "assignee": short_person(case.assigned_name or ""),
    }


def place_sound(place: QueuePlace | None) -> str:
    """The address of the sound at a place, from 3 s before; empty without one."""
    return stretch(place.clip_id, place.revision, place.from_ms) if place else ""


def short_voice(voice: str) -> str:
    """A voice's name without its language, where it has one: "piper:en_US-joe-medium" is "Joe medium", "pyttsx3:en-gb"
    is "eSpeak en-gb"."""
    engine, _, name = voice.partition(":")
    short = voice_name(voice, "en").partition(",")[0]
    return f"{short} {name}" if engine == "pyttsx3" and short != name else short


def short_person(name: str) -> str:
    """A colleague's name without the domain of their address."""
    return name.partition("@")[0]


def _short_day(ms: int, language: str) -> str:
    """Day and month, as the language writes them: "29 Nov"."""
    return str(format_skeleton("MMMd", utc_of(ms), locale=locale_of(language)))
