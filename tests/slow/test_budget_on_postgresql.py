"""The budget of remote voices where several workers speak at once, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.parts.factories import Doorbell, delete_all_rows, make_parts
from tts_service.engines.base import Sound
from tts_service.errors import VoiceBudgetSpent
from tts_service.newsroom.remote_budget import BudgetedEngine
from tts_service.newsroom.sites import set_options
from tts_service.newsroom.speech_usage import usage_since
from tts_service.parts import Parts
from tts_service.values import DigitalSourceType, SpokenWord, Voice
from tts_service.values.moments import utc_of

pytestmark = pytest.mark.slow

ANNA = Voice(
    engine="openai",
    name="anna",
    language="en",
    sample_rate_hz=24_000,
    licence="",
    digital_source_type=DigitalSourceType.TRAINED,
    remote=True,
)


class Silent:
    def speak(self, _words: Sequence[SpokenWord], voice: Voice, _rate: float = 1.0) -> Sound:
        return Sound(pcm=b"", sample_rate_hz=voice.sample_rate_hz, words=())


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()


def test_workers_that_speak_at_once_stay_within_the_budget(parts: Parts) -> None:
    set_options(parts.database, "gazette", {"remote_characters_a_month": 105})
    engine = BudgetedEngine(Silent(), parts.database, "gazette")

    def speak(_: int) -> bool:
        try:
            engine.speak([SpokenWord(text="Ten signs.")], ANNA)
        except VoiceBudgetSpent:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(speak, range(40))) == 10
    with parts.database.reading() as session:
        assert usage_since(session, "gazette", "remote", utc_of(parts.database.now_ms(session))) == 100
