"""Suggestions for a misread word: what the lexicon says elsewhere, other readings by rule, what other voices say."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tts_service.article.clean import clean, one_line
from tts_service.corrections.trials.present import PresentReading, SameAsNow, read_alone
from tts_service.db.tables import LexiconEntryRow
from tts_service.engines.pronunciation.ipa import MAX_IPA, Alphabet, SaysIpa, cleaned
from tts_service.engines.pronunciation.ipa_check import IpaCheck
from tts_service.engines.pronunciation.ipa_nearest import nearest
from tts_service.engines.voices.languages import same_primary_language
from tts_service.errors import EngineUnavailable, InputRefused, LanguageNotSpoken, VoiceNotFound
from tts_service.narration.prepared import site_voice
from tts_service.newsroom.lexicon import lexicon_for
from tts_service.newsroom.lexicon_place import NO_ARTICLE
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.site_voices import voices_for
from tts_service.parts import Parts
from tts_service.speakable.language import codes, language_of
from tts_service.speakable.lexeme import MAX_GRAPHEME, same_when
from tts_service.speakable.say_as import said_as
from tts_service.values import SayAs, Voice

_MOST_ALIKE = 5
_ALIKE = 0.8
"""Likeness of two spellings (difflib) from which on one may help with the other."""
_ENDING = 4
"""Letters of an ending that two names may share."""
_YEAR = re.compile(r"\d{4}")
_READINGS = (
    SayAs.CARDINAL,
    SayAs.ORDINAL,
    SayAs.DIGITS,
    SayAs.DATE_DMY,
    SayAs.DATE_MDY,
    SayAs.DATE_YMD,
    SayAs.DATE_DM,
    SayAs.DATE_MD,
)


class SuggestionKind(StrEnum):
    """Where a suggestion comes from."""

    ENTRY = "entry"
    """An entry for the same word in another place or language."""
    SIMILAR = "similar"
    """An entry for a similar word."""
    READING = "reading"
    """Another reading of a number or date by the rules."""
    SPELLED = "spelled"
    """Letter by letter."""
    WORD = "word"
    """Capitals as one word: NATO like Nato."""
    VOICE = "voice"
    """As another voice of the language says it."""
    LANGUAGE = "language"
    """As a voice of another language says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A respelling or a pronunciation to try; exactly one of the two is set."""

    kind: SuggestionKind
    detail: str
    """What tells it from others of its kind: the entry's grapheme, the reading, the language, the voice."""
    alias: str | None = None
    ipa: str | None = None
    entry_id: str | None = None


class TellsPronunciations(Protocol):
    """Tells how a voice says a text: an engine child."""

    def pronounce(self, text: str, voice: Voice) -> str:
        """In IPA; empty if its engine can't tell."""


def suggestions(
    parts: Parts,
    engine: TellsPronunciations,
    word: str,
    language: str,
    *,
    site: str | None = None,
    only_sites: Sequence[str] | None = None,
    voice: str | None = None,
    now: PresentReading | None = None,
) -> tuple[Suggestion, ...]:
    """What may be tried for a word as written, the likeliest first; nothing that sounds as it does now.

    `only_sites`: whose entries may be seen; None: all. `voice`: id of the voice that reads the word, which can say
    every suggested pronunciation; None, or no longer installed: any voice of the language can. `now`: how the word was
    read; None: as it is read when it stands alone.

    Raises InputRefused for a word that is too long. A voice that can't be asked suggests nothing.
    """
    word = one_line(clean(word)[0])
    if not word or len(word) > MAX_GRAPHEME:
        raise InputRefused(f"A word must have 1 to {MAX_GRAPHEME} characters.")
    with parts.database.reading() as session:
        rows = _visible(session, site, only_sites)
    reader = _reader(parts, voice, language, site or "")
    now = now or read_alone(word, language, lexicon_for(parts.database, site or "", NO_ARTICLE))
    voices = _Voices(parts, engine, language, reader)
    same = SameAsNow(now, language, voices.read_by_reader)
    asked = voice if reader and reader.id == voice else None
    check = IpaCheck(parts.voices, language)
    found = [*_of_lexicon(rows, word, language), *_of_rules(word, language)]
    if any(map(str.isalpha, word)):
        found += voices.suggested(word)
    out: dict[tuple[str | None, str | None], Suggestion] = {}
    for one in found:
        if one.ipa is not None:
            useful = _sayable(check, one.ipa, asked) and not same.ipa(one.ipa)
        else:
            useful = one.alias not in (None, word) and not same.alias(one.alias or "")
        if useful:
            out.setdefault((one.alias, one.ipa), one)
    return tuple(out.values())


def _sayable(check: IpaCheck, ipa: str, voice: str | None) -> bool:
    if len(ipa) > MAX_IPA:
        return False
    unknown = check.by_voice(ipa)
    return not unknown.get(voice, (ipa,)) if voice else any(not symbols for symbols in unknown.values())


def _reader(parts: Parts, voice: str | None, language: str, site: str) -> Voice | None:
    """The voice that reads a word: the one that is asked for, else the one that reads the site's articles."""
    try:
        if voice:
            return parts.voices.find(voice)
        policy = policy_for(parts.database, parts.settings, site)
        return site_voice(policy, voices_for(parts.database, parts.voices, site), language)
    except VoiceNotFound:
        return _reader(parts, None, language, site)
    except LanguageNotSpoken:
        return None


def _visible(session: Session, site: str | None, only_sites: Sequence[str] | None) -> Sequence[LexiconEntryRow]:
    """Entries that may help, those of the word's own site first."""
    query = select(LexiconEntryRow).order_by(LexiconEntryRow.id.desc())
    if only_sites is not None:
        query = query.where(or_(LexiconEntryRow.site.is_(None), LexiconEntryRow.site.in_(only_sites)))
    return sorted(session.scalars(query), key=lambda row: row.site != site)


def _of_lexicon(rows: Iterable[LexiconEntryRow], word: str, language: str) -> Iterator[Suggestion]:
    alike: list[tuple[float, Suggestion]] = []
    form = same_when(word, case_sensitive=False) if any(map(str.isalnum, word)) else word
    for row in rows:
        for grapheme in row.graphemes:
            said = {"alias": row.alias, "ipa": row.ipa, "entry_id": row.id}
            if same_when(grapheme, case_sensitive=False) == form:
                place = "/".join(filter(None, (row.language, row.site, row.article)))
                yield Suggestion(kind=SuggestionKind.ENTRY, detail=place, **said)
            elif same_primary_language(row.language, language):
                likeness = _likeness(word.casefold(), str(grapheme).casefold())
                if likeness:
                    alike.append((likeness, Suggestion(kind=SuggestionKind.SIMILAR, detail=grapheme, **said)))
    alike.sort(key=lambda both: -both[0])
    yield from (one for _, one in alike[:_MOST_ALIKE])


def _likeness(one: str, other: str) -> float:
    """From `_ALIKE` to 1; 0: they have nothing to say to each other."""
    if one[:1] == other[:1] or abs(len(one) - len(other)) <= 2:
        ratio = difflib.SequenceMatcher(None, one, other).ratio()
        if ratio >= _ALIKE:
            return ratio
    return _ALIKE if len(min(one, other, key=len)) > _ENDING and one[-_ENDING:] == other[-_ENDING:] else 0.0


def _of_rules(word: str, language: str) -> Iterator[Suggestion]:
    if any(map(str.isdecimal, word)):
        for reading in _READINGS:
            if said := said_as(word, reading, language):
                yield Suggestion(kind=SuggestionKind.READING, detail=reading, alias=said)
        year = language_of(language).year
        if year and _YEAR.fullmatch(word) and (said := year(word, language)):
            yield Suggestion(kind=SuggestionKind.READING, detail="year", alias=said)
    letters = [sign for sign in word if sign.isalpha()]
    if 1 < len(letters) <= 12:
        spelled = " ".join(sign.upper() for sign in word if sign.isalnum())
        yield Suggestion(kind=SuggestionKind.SPELLED, detail="", alias=spelled)
    if len(letters) > 2 and word.isupper():
        yield Suggestion(kind=SuggestionKind.WORD, detail="", alias=word.capitalize())


@dataclass(frozen=True, slots=True)
class _Voices:
    """Asks voices for their pronunciation."""

    parts: Parts
    engine: TellsPronunciations
    language: str
    reader: Voice | None
    """Whose sounds suggestions are put into; None: nobody reads the language."""

    def suggested(self, word: str) -> Iterator[Suggestion]:
        """What voices that can tell say: one of the word's own language, then one of each other language."""
        own = self.language.split("-")[0].lower()
        for code in (own, *(code for code in codes() if code != own)):
            teller = self._teller(self.language if code == own else code)
            ipa = self._told(word, teller)
            if ipa and teller:
                kind = SuggestionKind.VOICE if code == own else SuggestionKind.LANGUAGE
                yield Suggestion(kind=kind, detail=teller.id if code == own else code, ipa=ipa)

    def read_by_reader(self, text: str) -> str:
        """How the reader says a text; a trained voice knows the sounds from the rule-based one of its language."""
        return self._told(text, self._teller(self.reader.language)) if self.reader else ""

    def _told(self, text: str, teller: Voice | None) -> str:
        if teller is None:
            return ""
        try:
            ipa = cleaned(self.engine.pronounce(text, teller))
        except EngineUnavailable:
            return ""
        ipa = ipa if len(ipa) <= MAX_IPA else ""
        sounds = self._sounds()
        return (nearest(ipa, sounds) or ipa) if ipa and sounds else ipa

    def _teller(self, language: str) -> Voice | None:
        """The rule-based voice of a language: it tells its pronunciations."""
        voices = [voice for voice in self.parts.voices.voices() if voice.engine == "pyttsx3"]
        fitting = [voice for voice in voices if same_primary_language(voice.language, language)]
        exact = [voice for voice in fitting if voice.language.lower() == language.lower()]
        return min(exact or fitting, key=lambda voice: (len(voice.name), voice.name), default=None)

    def _sounds(self) -> Alphabet | None:
        """The reader's sounds; None: it accepts no pronunciations."""
        engine = self.parts.voices.engines.engine(self.reader.engine) if self.reader else None
        return engine.alphabet(self.reader) if self.reader and isinstance(engine, SaysIpa) else None
