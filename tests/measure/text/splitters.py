"""Where sentences end: our own splitter beside pysbd and sentencex, in the same golden file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from rich.console import Console

from tests.measure.figures import Figure, exact
from tests.parts.places import DATA
from tts_service.speakable.sentences import sentences

SENTENCES = DATA / "sentences"
Splitter = Callable[[str, str], list[str]]


def splitters(_: Console | None) -> Iterator[Figure]:
    """Lines of the golden file that each splits right, and how long all of them took."""
    for name, split in {"our splitter": _ours, "pysbd": _pysbd(), "sentencex": _sentencex()}.items():
        right = count = 0
        begun = time.process_time()
        for path in sorted(SENTENCES.glob("*.txt")):
            for line in path.read_text("utf-8").splitlines():
                right += split(line.replace("|", " "), path.stem) == line.split("|")
                count += 1
        spent_ms = (time.process_time() - begun) * 1000
        own = 100.0 if name == "our splitter" else None
        percent = 100 * right / count
        yield exact(
            name=f"sentences: {name}",
            value=percent,
            unit="%",
            target=own,
            sense="≥",
            note=f"{right} of {count} lines in {spent_ms:.1f} ms CPU",
        )


def _ours(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


def _pysbd() -> Splitter:
    import pysbd

    made = {path.stem: pysbd.Segmenter(language=path.stem, clean=False) for path in SENTENCES.glob("*.txt")}
    return lambda text, language: [part.strip() for part in made[language].segment(text) if part.strip()]


def _sentencex() -> Splitter:
    import sentencex

    return lambda text, language: [part.strip() for part in sentencex.segment(language, text) if part.strip()]
