"""A site's monthly budget for remote voices, in characters: their servers charge by what is sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from tts_service.db.session import Database
from tts_service.engines.base import Sound, Speaks, SpeaksAhead
from tts_service.errors import ServiceError, VoiceBudgetSpent
from tts_service.newsroom.sites import options_in
from tts_service.newsroom.speech_usage import add_usage, usage_since
from tts_service.values import SpokenWord, Voice
from tts_service.values.moments import utc_of


class BudgetedEngine:
    """Speaks for a site: what remote voices say is counted, and refused beyond the site's budget."""

    def __init__(self, engine: Speaks, database: Database, site: str) -> None:
        self._engine, self._database, self._site = engine, database, site

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """As `Speaks.speak`. Raises VoiceBudgetSpent, too; what wasn't spoken doesn't count."""
        if not (voice.remote and self._site):
            return self._engine.speak(words, voice, rate)
        characters = characters_sent(words)
        self._count(characters)
        try:
            return self._engine.speak(words, voice, rate)
        except ServiceError:
            self._count(-characters)
            raise

    def begin(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> None:
        """See SpeaksAhead. Not for remote voices: what may never be asked for would cost as well."""
        if isinstance(self._engine, SpeaksAhead) and not voice.remote:
            self._engine.begin(words, voice, rate)

    def _count(self, characters: int) -> None:
        with self._database.writing() as session:
            now = self._database.now_ms(session)
            # First, as this locks the day's row: of two that speak at once, the second sees what the first counted.
            add_usage(session, self._site, "remote", characters, now)
            if characters > 0:
                _require(session, self._site, 0, now)


def characters_sent(words: Sequence[SpokenWord]) -> int:
    """Characters of a sentence as a server counts them."""
    return len(" ".join(word.text for word in words))


def require_budget(database: Database, site: str, characters: int) -> None:
    """Raises VoiceBudgetSpent if remote voices may not say so much more this month."""
    if characters:
        with database.reading() as session:
            _require(session, site, characters, database.now_ms(session))


def _require(session: Session, site: str, characters: int, now_ms: int) -> None:
    limit = options_in(session, site).remote_characters_a_month
    if limit is None:
        return
    month = utc_of(now_ms).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    used = usage_since(session, site, "remote", month)
    if used + characters > limit:
        end = (month + timedelta(days=32)).replace(day=1)
        until = f"{end:%Y-%m-%dT%H:%M:%SZ}"
        raise VoiceBudgetSpent(
            f"Remote voices may speak {limit} characters a month for the site {site}, until {until}: raise the budget, "
            "or let another voice speak.",
            limit=limit,
            until=until,
            retry_after_s=max(1, int(end.timestamp()) - now_ms // 1000),
        )
