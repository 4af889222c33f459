"""The hostile collection through reading, normalising and the real engines."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import track

from tests.measure.bench.texts import ESPEAK, PIPER
from tests.measure.figures import Figure, exact
from tests.parts.factories import make_article
from tests.parts.hostile_texts import Hostile, hostile
from tts_service.article.blocks import read_blocks
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.registry import Registry
from tts_service.errors import EngineUnavailable, ServiceError
from tts_service.settings import Settings
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Utterance

_SPOKEN_OF_EACH = 2
"""Utterances of each input that an engine speaks: 100 kB would be hours of audio."""
_LONGEST = 60
"""Spoken words of an utterance that is spoken here."""


def prepared(one: Hostile) -> Sequence[Utterance]:
    """What would be spoken of it. Raises ServiceError when it is refused with a reason."""
    article = make_article(source=one.source, source_format=one.source_format, language=one.language, title=None)
    return make_utterances(read_blocks(article).blocks)


def hostile_is_read(wrong: Console | None) -> Iterator[Figure]:
    """Every input read and normalised: exceptions that are none of ours, and the slowest."""
    broken, refused, slowest = 0, 0, (0.0, "")
    collection = hostile()
    for one in collection:
        begun = time.process_time()
        try:
            prepared(one)
        except ServiceError:
            refused += 1
        except Exception as error:  # noqa: BLE001 (what is looked for)
            broken += 1
            if wrong:
                wrong.print(f"  {one.name}: {error!r}", markup=False)
        seconds = (time.process_time() - begun) / max(1.0, len(one.source) / 1000)
        slowest = max(slowest, (seconds, one.name))
    yield exact(
        name="hostile inputs: exceptions",
        value=broken,
        target=0,
        sense="=",
        note=f"{len(collection)} inputs, {refused} refused with a reason",
    )
    yield Figure(
        name="hostile inputs: slowest to read",
        value=slowest[0],
        unit="s/kB",
        low=0,
        high=slowest[0],
        target=2,
        sense="≤",
        note=slowest[1],
    )


def engines_survive(wrong: Console | None) -> Iterator[Figure]:
    """The first utterances of every input, spoken by both engines: deaths."""
    said = [utterance for one in hostile() for utterance in _first(one)]
    voices = Registry(Settings())
    for name in (ESPEAK, PIPER):
        voice, deaths = voices.find(name), 0
        with EngineChild(Settings()) as engine:
            for utterance in track(said, description=name, console=Console(stderr=True), transient=True):
                try:
                    engine.speak(utterance.words, voice)
                except EngineUnavailable as error:
                    deaths += 1
                    if wrong:
                        wrong.print(f"  {name}: {error}: {utterance.spoken_text[:80]!r}", markup=False)
        yield exact(
            name=f"hostile inputs: deaths of {name.partition(':')[0]}",
            value=deaths,
            target=0,
            sense="=",
            note=f"{len(said)} utterances",
        )


def _first(one: Hostile) -> Sequence[Utterance]:
    try:
        return [said for said in prepared(one) if len(said.words) <= _LONGEST][:_SPOKEN_OF_EACH]
    except ServiceError:
        return ()
