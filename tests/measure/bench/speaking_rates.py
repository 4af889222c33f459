"""How many characters a voice speaks in a minute of audio.

`python -m tests.measure.bench.speaking_rates` prints what the backfill's estimate reckons with (cms/feeds/estimate.py).
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tts_service.audio.assemble import LEAD_IN_MS
from tts_service.cms.feeds.estimate import RATES, characters_of
from tts_service.commands.speak import article_from_json
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.registry import Registry
from tts_service.narration import prepare, spoken
from tts_service.settings import Settings
from tts_service.storage.segments import SegmentStore
from tts_service.storage.store import open_store
from tts_service.values import Article

VOICES = ("hibari:heart", "piper:en_US-joe-medium", "pyttsx3:en-us", "pyttsx3:de")
ARTICLES = Path("samples/articles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a voice made of the articles in its language."""

    voice: str
    articles: int
    characters: int
    """Characters of the blocks that are spoken."""
    minutes: float
    """Of audio, pauses included."""

    @property
    def rate(self) -> float:
        return self.characters / self.minutes


def measure(voice: str, articles: list[Article], settings: Settings) -> Spoken:
    """Speak every article, and add up what comes out."""
    registry = Registry(settings)
    segments = SegmentStore(open_store(settings))
    characters, seconds = 0, 0.0
    with EngineChild(settings) as engine:
        for article in articles:
            prepared = prepare(article, registry, voice)
            characters += characters_of(prepared.read.blocks)
            seconds += LEAD_IN_MS / 1000
            for utterance in prepared.utterances:
                segment, _ = spoken(utterance, prepared.cast, segments, engine)
                seconds += segment.samples / segment.sample_rate_hz + utterance.pause_after_ms / 1000
    return Spoken(voice=voice, articles=len(articles), characters=characters, minutes=seconds / 60)


def sample_articles(language: str) -> list[Article]:
    found = [article_from_json(path.read_text("utf-8"), path.name, None) for path in sorted(ARTICLES.glob("*.json"))]
    return [article for article in found if (article.language or "").startswith(language)]


def main() -> None:
    table = Table("voice", "articles", "characters", "audio min", "characters per audio minute", "reckoned with")
    with tempfile.TemporaryDirectory(prefix="tts-rates-") as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder), warm_voices="")
        for voice in VOICES:
            known = Registry(settings).find(voice)
            found = measure(voice, sample_articles(known.language[:2]), settings)
            table.add_row(
                voice,
                str(found.articles),
                str(found.characters),
                f"{found.minutes:.2f}",
                f"{found.rate:.0f}",
                f"{RATES[known.engine].characters_per_minute:.0f}",
            )
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
