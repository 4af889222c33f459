"""Figures of `make listen`: how long after the press something sounds, and who is called meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import Browser

from tests.measure.figures import Figure, exact, p95
from tests.measure.listen.setting import article, finished_clip, setting
from tests.parts.player_pages import seated
from tests.parts.service import Running
from tts_service.web.player_file import module

TIMES = 20
_SENTENCES = 8
_SOUND = "player.sound.audio.currentTime > 0.05 && !player.sound.audio.paused"
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


def figures(times: int = TIMES) -> Iterator[Figure]:
    """Three of the player; takes about two minutes."""
    size = len(module().gzipped)
    yield exact(name="bytes of player.js, gzipped", value=size, unit="B", target=20_000)
    strangers: list[str] = []
    with setting() as (browser, service):
        clip = finished_clip(service, 30)
        took = [_pressed(browser, service, lambda: clip, strangers) for _ in range(times)]
        yield p95("press play on a finished clip -> sound, p95", took, "ms", target=300)
        yield _unrendered(browser, service, times, strangers)
    count = len(strangers)
    yield Figure(
        name="requests to third parties",
        value=count,
        unit="",
        low=count,
        high=count,
        times=2 * times,
        target=0,
        note=", ".join(sorted(set(strangers))[:3]),
    )


def _unrendered(browser: Browser, service: Running, times: int, strangers: list[str]) -> Figure:
    """Each time another article, so that nothing comes from the store; the workers are warm."""
    service.ended(service.post(article("warm", 4))["id"])
    names = iter(range(times))

    def fresh() -> str:
        return str(service.post(article(f"fresh {next(names)}", _SENTENCES))["clip"]["id"])

    took = [_pressed(browser, service, fresh, strangers) for _ in range(times)]
    return p95("press play on an article not yet rendered -> sound, p95", took, "ms", target=1500)


def _pressed(browser: Browser, service: Running, clip: Callable[[], str], strangers: list[str]) -> float:
    """Milliseconds from the press to a moving clock, seen from inside the page."""
    with seated(browser, service) as seat:
        # The page first: pressing play is what is timed, not reading the article.
        seat.page.goto(f"{service.url}/embed/{clip()}")
        seat.page.locator("article-audio[state=ready], article-audio[state=rendering]").wait_for()
        seat.page.evaluate(_WATCH)
        seat.press()
        seat.wait(_SOUND)
        took = float(seat.page.evaluate("() => window.heardAfter"))
        strangers += seat.strangers
    return took
