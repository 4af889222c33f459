"""The form in which a pronunciation is tried, and what its last step found."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Any

from tts_service.access.staff import Person
from tts_service.corrections.cases.page import CasePage
from tts_service.corrections.trials.suggestions import Suggestion, SuggestionKind
from tts_service.engines.pronunciation.ipa import espeak_alphabet, is_vowel
from tts_service.engines.pronunciation.ipa_check import IpaCheck, SpelledBy
from tts_service.errors import InputRefused
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Scope
from tts_service.speakable.tables import rows
from tts_service.web.pages.names import code_name
from tts_service.web.pages.voice_names import language_name, voice_name
from tts_service.web.staff.articles.voice_choice import voices_offered
from tts_service.web.staff.desk.draft import WAYS, EntryDraft
from tts_service.web.staff.desk.queue_view import short_voice

_MOST_SHOWN = 5
"""Voices that a remark names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a step found."""

    step: str = ""
    """heard, impact; empty: nothing yet."""
    complaint: str = ""
    wrong: str = ""
    """Name of the field that is at fault."""
    status: int = 200
    heard: dict[str, Any] | None = None
    impact: dict[str, Any] | None = None
    ipa_check: str = ""


def try_values(
    parts: Parts,
    person: Person,
    shown: CasePage,
    draft: EntryDraft,
    outcome: Outcome,
    words: NullTranslations,
    language: str,
) -> dict[str, Any]:
    """For desk_try.html."""
    case = shown.case
    title = shown.leading.title if shown.leading else ""
    scopes = [(Scope.SITE, words.gettext("all articles of {site}").format(site=case.site))]
    if shown.leading:
        scopes.insert(0, (Scope.ARTICLE, words.gettext("only “{title}”").format(title=title)))
    if person.may_see(None):
        scopes.append((Scope.GLOBAL, words.gettext("all sites")))
    return {
        "draft": _draft(draft, outcome, dict(scopes), words),
        "outcome": outcome,
        "ways": [(way, code_name(words, "way to say it", way)) for way in WAYS],
        "palette": sound_palette(case.language, words),
        "ipa_check": outcome.ipa_check,
        "scopes": scopes,
        "entry_languages": _entry_languages(case.language, draft.language, language),
        "voices": [
            {"id": one.id, "label": voice_name(one.id, language)} for one in voices_offered(parts, case.language)
        ],
    }


def checked_ipa(parts: Parts, draft: EntryDraft, words: NullTranslations) -> str:
    """What a pronunciation lacks, in a sentence; empty for none. Raises InputRefused where no voice can say it."""
    if not draft.ipa:
        return ""
    spelled = IpaCheck(parts.voices, draft.language).spelled_by(draft.ipa)
    return spelled_remark(spelled, words) or words.gettext("Every voice can say this.")


def spelled_remark(spelled: Iterable[SpelledBy], words: NullTranslations) -> str:
    """Which voices read the spelling instead; empty: none."""
    found = list(spelled)
    if not found:
        return ""
    names = ", ".join(short_voice(one.voice) for one in found[:_MOST_SHOWN])
    text = words.ngettext(
        "{names} doesn’t know all of these sounds and reads the spelling.",
        "{names} don’t know all of these sounds and read the spelling.",
        len(found),
    )
    return text.format(names=names + (" …" if len(found) > _MOST_SHOWN else ""))


def shown_suggestion(one: Suggestion, words: NullTranslations, language: str) -> dict[str, str]:
    """A button of the form, and where it comes from."""
    detail = one.detail
    if one.kind == SuggestionKind.LANGUAGE:
        detail = language_name(detail, language)
    elif one.kind == SuggestionKind.VOICE:
        detail = voice_name(detail, language)
    return {
        "way": "ipa" if one.ipa else "alias",
        "value": one.ipa or one.alias or "",
        "source": code_name(words, "suggestion", one.kind).format(detail=detail),
    }


def wrong_field(error: Exception) -> str:
    """The field that an error is about."""
    return str(error.details.get("field", "")) if isinstance(error, InputRefused) else ""


def _draft(draft: EntryDraft, outcome: Outcome, scopes: dict[Scope, str], words: NullTranslations) -> dict[str, Any]:
    where = [scopes.get(draft.scope, ""), draft.language]
    where += [words.gettext("any capitals")] if not draft.case_sensitive else []
    where += [words.gettext("not in hyphenated words")] if draft.alone else []
    return {
        "written": draft.written,
        "way": draft.way,
        "alias": draft.alias,
        "ipa": draft.ipa,
        "scope": draft.scope,
        "case_sensitive": draft.case_sensitive,
        "alone": draft.alone,
        "language": draft.language,
        "why": draft.why,
        "voice": draft.voice,
        "digest": draft.digest,
        "wrong": outcome.wrong,
        "opened": outcome.step == "impact",
        "where": " · ".join(filter(None, where)),
        "left_out": {f"{one.site}/{one.external_id}" for one in draft.left_out},
    }


def _entry_languages(spoken: str, chosen: str, shown_in: str) -> list[tuple[str, str]]:
    """The languages that an entry can be for: the base language first, since it holds for its varieties too."""
    codes = dict.fromkeys((spoken.split("-")[0], spoken, chosen))
    return [(code, language_name(code, shown_in)) for code in codes if code]


def sound_palette(language: str, words: NullTranslations) -> list[dict[str, Any]]:
    """The sounds of a language as buttons with their names: vowels, consonants, marks."""
    base = language.split("-")[0].lower()
    alphabet = espeak_alphabet(language) or espeak_alphabet(base)
    as_in = words.gettext("{letters} as in “{word}”")
    examples = {
        unicodedata.normalize("NFD", sound): as_in.format(letters=letters, word=word)
        for sound, letters, word in rows(base, "sounds", optional=True)
    }
    sounds = [{"sound": one, "name": examples.get(one, one)} for one in (sorted(alphabet.own) if alphabet else ())]
    marks = {
        "ˈ": words.gettext("stress: before the stressed syllable"),
        "ˌ": words.gettext("weaker stress: before the syllable"),
        "ː": words.gettext("long: after the sound"),
    }
    return [
        {"label": words.gettext("Vowels"), "sounds": [one for one in sounds if is_vowel(one["sound"])]},
        {"label": words.gettext("Consonants"), "sounds": [one for one in sounds if not is_vowel(one["sound"])]},
        {
            "label": words.gettext("Stress and length"),
            "sounds": [{"sound": mark, "name": name} for mark, name in marks.items()],
        },
    ]
