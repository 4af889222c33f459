"""What text preparation costs: an article of 600 words, growth with length, and the slowest rule."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from tests.measure.bench.texts import sample, spoken_text
from tests.measure.figures import Figure, exact, median
from tests.parts.factories import make_article
from tests.parts.processor import cpu_s
from tests.parts.rule_clock import slowest_rule
from tts_service.article.blocks import read_blocks
from tts_service.speakable.language import codes
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Article, SourceFormat


def preparation(_: Console | None) -> Iterator[Figure]:
    """CPU of everything before the engine: blocks, language, sentences, tokens."""
    text = spoken_text(sample())
    words = text.split()
    article = make_article(
        source=" ".join((words * 3)[:600]), source_format=SourceFormat.TEXT, title=None, language=None
    )
    _prepare(article)
    spent = [cpu_s(lambda: _prepare(article)) * 1000 for _ in range(7)]
    yield median("text preparation of 600 words", spent, "ms CPU", target=15, sense="≤")
    per_kb = []
    for size in (25_000, 50_000, 100_000, 200_000):
        long = make_article(source=(text + "\n\n") * (size // len(text) + 1), source_format=SourceFormat.TEXT)
        per_kb.append(1000 * min(cpu_s(lambda at=long: _prepare(at)) for _ in range(2)) / (len(long.source) / 1000))
    yield Figure(
        name="text preparation per kB, 25 to 200 kB",
        value=max(per_kb),
        unit="ms CPU",
        low=min(per_kb),
        high=max(per_kb),
        times=len(per_kb),
        target=4,
        sense="≤",
    )
    growth = per_kb[-1] / per_kb[0]
    yield exact(name="cost per kB at 200 kB beside 25 kB", value=growth, unit="×", target=1.3, sense="≤")


def slowest_rules(_: Console | None) -> Iterator[Figure]:
    """The slowest rule of each language on 100 kB of its worst input."""
    for language in codes():
        seconds, rule, text = slowest_rule(language)
        yield Figure(
            name=f"slowest rule {language} on 100 kB",
            value=seconds,
            unit="s CPU",
            low=0,
            high=seconds,
            target=0.5,
            sense="≤",
            note=f"{rule.partition(':')[0]}, on {text!r}",
        )


def _prepare(article: Article) -> None:
    make_utterances(read_blocks(article).blocks)
