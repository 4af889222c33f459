"""Figures of listening, measured in a real Chromium on the real service: for `make listen`."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests import listen_validators
from tests.player_parts import Seat, clip_of, seated, started
from tests.player_places import PAGES, score
from tests.service import Running, running
from tests.slow.test_journey import long_text
from tts_service.web.player_file import module

Row = tuple[str, str, str]
"""(figure, measured, to reach)."""
_SOUND = "player.sound.audio.currentTime > 0.05 && !player.sound.audio.paused"
_SAMPLES = """([seconds, sentences]) => new Promise((done) => {
  const { audio } = document.querySelector("article-audio").sound;
  const at = (ms) => {
    const said = sentences.findLast((sentence) => sentence.start_ms <= ms);
    return said && ms < said.end_ms ? said.words.findLast((word) => word.start_ms <= ms)?.text ?? "" : "";
  };
  const end = performance.now() + seconds * 1000;
  let [right, all] = [0, 0];
  const look = () => {
    const now = audio.currentTime * 1000;
    const mark = CSS.highlights.get("article-audio-word");
    const marked = mark ? [...mark][0].toString() : "";
    right += [-80, -40, 0, 40, 80].some((ms) => at(now + ms) === marked);
    all += 1;
    if (performance.now() < end) setTimeout(look, 50);
    else done([right, all]);
  };
  look();
})"""


_WATCH = """() => {
  const player = document.querySelector("article-audio");
  player.shadowRoot.querySelector(".play").addEventListener("click", (event) => {
    const look = () => {
      if (player.sound.audio.currentTime > 0) window.heardAfter = performance.now() - event.timeStamp;
      else setTimeout(look, 4);
    };
    look();
  }, { capture: true, once: true });
}"""
"""Times from the press itself to the first move of the audio's clock, inside the page."""


def main() -> int:
    """Measure and print."""
    for figure, measured, wanted in measure():
        print(f"{figure:64} {measured:>18}   {wanted}", flush=True)
    return 0


def measure(times: int = 20, words: int = 200, seconds: float = 180) -> Iterator[Row]:
    """All figures, one after the other; `seconds` of reading along at each of two speeds."""
    yield "bytes of player.js, gzipped", str(len(module().gzipped)), "≤ 20000"
    yield from validated()
    settings = {"feedback_min_s": 0, "rate_feedback_token": "100000/hour", "rate_feedback_address": "100000/hour",
                "rate_feedback_clip": "100000/day"}  # fmt: skip
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "d", **settings) as service,
        started() as browser,
    ):
        yield places(browser)
        clip = clip_of(service, _article("finished", 150), "pyttsx3:en-us")
        strangers: list[str] = []
        for measured in (
            lambda: finished(browser, service, clip, times, strangers),
            lambda: unrendered(browser, service, times, strangers),
            lambda: read_along(browser, service, clip, 1.0, seconds),
            lambda: read_along(browser, service, clip, 1.5, seconds),
            lambda: reported(browser, service, clip, words),
        ):
            yield measured()
        yield "requests to third parties", str(len(strangers)), "0"


def validated() -> Iterator[Row]:
    """Errors that validators of others find."""
    try:
        for found in listen_validators.figures():
            yield found.name, f"{found.value:g} in {found.times} documents", "0"
    except RuntimeError as error:
        yield "errors that could not be looked for", str(error), "0"


def places(browser: Browser) -> Row:
    """Sentences found on publishers' pages."""
    scores = [score(browser, path) for path in PAGES]
    everything, missed = sum(one.sentences for one in scores), sum(len(one.missed) for one in scores)
    wrong = sum(len(one.wrong) for one in scores)
    shown = f"{everything - missed}/{everything}, {wrong} wrong"
    return f"sentences found on {len(scores)} pages", shown, "≥ 98 %, 0 wrong"


def finished(browser: Browser, service: Running, clip: str, times: int, strangers: list[str]) -> Row:
    took = [_pressed(browser, service, lambda: clip, "ready", strangers) for _ in range(times)]
    return f"press play on a finished clip -> sound, p95 of {times}", f"{_p95(took):.0f} ms", "≤ 300 ms"


def unrendered(browser: Browser, service: Running, times: int, strangers: list[str]) -> Row:
    """Each time another article, so that nothing comes from the store; the workers are warm."""
    service.ended(service.post(_article("warm", 4))["id"])
    names = iter(range(times))

    def fresh() -> str:
        return str(service.post(_article(f"fresh {next(names)}", 8))["clip"]["id"])

    took = [_pressed(browser, service, fresh, "rendering", strangers) for _ in range(times)]
    return f"press play on an article not yet rendered -> sound, p95 of {times}", f"{_p95(took):.0f} ms", "≤ 1500 ms"


def read_along(browser: Browser, service: Running, clip: str, rate: float, seconds: float) -> Row:
    """Share of samples, every 50 ms, in which the marked word is one that sounds within 80 ms."""
    with seated(browser, service) as seat:
        seat.open(f"/listen/{clip}")
        seat.page.get_by_role("combobox", name="Speed").select_option(f"{rate:g}")
        seat.press()
        seat.wait(f"{_SOUND} && player.readAlong?.word >= 0")
        with service.client() as client:
            sentences = client.get(f"/v1/clips/{clip}/marks.json").json()["sentences"]
        right, samples = seat.page.evaluate(_SAMPLES, [seconds, sentences])
    shown = f"{100 * right / samples:.2f} % of {samples}"
    return f"marked word vs the marks' time, {rate:g} ×, {seconds:g} s", shown, "≥ 98 % within ± 80 ms"


def reported(browser: Browser, service: Running, clip: str, words: int) -> Row:
    """Random words, chosen in the dialog and sent; each must be kept at that sentence and token."""
    with seated(browser, service) as seat:
        seat.open(f"/embed/{clip}")
        seat.ask("player.needMarks()")
        seat.wait("player.marks.sentences.length > 0")
        every = seat.ask("player.marks.sentences.flatMap((said, s) => said.words.map((word, w) => [s, w, word.token]))")
        chosen = random.Random(11).choices(every, k=words)
        right = sum(_lands(seat, *one) for one in chosen)
    return f"reports that land on the chosen word, of {words}", str(right), f"{words}"


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


def _pressed(
    browser: Browser, service: Running, clip: Callable[[], str], state: str, strangers: list[str]
) -> float:  # fmt: skip
    """Milliseconds from the press to a moving clock, seen from inside the page."""
    with seated(browser, service) as seat:
        # The page first: pressing play is what is timed, not reading the article.
        name = clip()
        seat.page.goto(f"{service.url}/embed/{name}")
        seat.page.locator("article-audio[state=ready], article-audio[state=rendering]").wait_for()
        seat.page.evaluate(_WATCH)
        seat.press()
        seat.wait(_SOUND)
        took = float(seat.page.evaluate("() => window.heardAfter"))
        strangers += seat.strangers
    return took


def _article(name: str, sentences: int) -> dict[str, Any]:
    return {"site": "g", "id": name, "title": f"The ferry {name}", "language": "en", "text": long_text(sentences, name)}


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


if __name__ == "__main__":
    raise SystemExit(main())
