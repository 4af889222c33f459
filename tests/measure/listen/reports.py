"""Figures of `make listen`: does a report land on the word that was chosen?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.progress import track

from tests.measure.figures import Figure
from tests.measure.listen.setting import finished_clip, setting
from tests.parts.player_pages import Seat, seated

WORDS = 200


def figures(words: int = WORDS) -> Iterator[Figure]:
    """Random words, chosen in the dialog and sent; each must be kept at that sentence and token. About four minutes."""
    with setting() as (browser, service), seated(browser, service) as seat:
        seat.open(f"/embed/{finished_clip(service)}")
        seat.ask("player.needMarks()")
        seat.wait("player.marks.sentences.length > 0")
        every = seat.ask("player.marks.sentences.flatMap((said, s) => said.words.map((word, w) => [s, w, word.token]))")
        chosen = random.Random(11).choices(every, k=words)
        shown = track(chosen, "reports", console=Console(stderr=True), transient=True)
        right = sum(_lands(seat, *one) for one in shown)
    yield Figure(
        name="reports that land on the chosen word",
        value=right,
        unit="",
        low=right,
        high=right,
        times=words,
        target=words,
        sense="=",
        note=f"{words} random words of a clip",
    )


def _lands(seat: Seat, sentence: int, word: int, token: int) -> bool:
    seat.ask("player.goTo(player.marks.sentences[given].start_ms / 1000 + 0.1)", sentence)
    seat.page.get_by_role("link", name="Send feedback").click()
    seat.page.locator(f"dialog button[data-word='{word}']").click()
    seat.page.get_by_label("A word is pronounced wrongly").check()
    seat.press("Send")
    reference = seat.page.get_by_text("Reference: R-").inner_text().split()[-1]
    seat.press("Close")
    with seat.service.client() as client:
        kept: dict[str, Any] = client.get("/v1/reports", params={"limit": 1}).json()["reports"][0]
    return (kept["reference"], kept["utterance"], kept["token"]) == (reference, sentence, token)
