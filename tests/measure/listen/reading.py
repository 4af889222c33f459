"""Figures of `make listen`: is the marked word the one that sounds, and are sentences found on publishers' pages?"""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Browser
from rich.console import Console
from rich.progress import Progress

from tests.measure.figures import Figure, exact
from tests.measure.listen.setting import finished_clip, setting
from tests.parts.player_pages import Seat, seated, started
from tests.parts.player_places import PAGES, score
from tests.parts.service import Running

SECONDS = 180.0
_SOUND = "player.sound.audio.currentTime > 0.05 && !player.sound.audio.paused && player.readAlong?.word >= 0"
_SAMPLE = """([seconds, sentences]) => {
  const { audio } = document.querySelector("article-audio").sound;
  const at = (ms) => {
    const said = sentences.findLast((sentence) => sentence.start_ms <= ms);
    return said && ms < said.end_ms ? said.words.findLast((word) => word.start_ms <= ms)?.text ?? "" : "";
  };
  const seen = (window.seen = { right: 0, all: 0, done: false });
  const end = performance.now() + seconds * 1000;
  const look = () => {
    const now = audio.currentTime * 1000;
    const mark = CSS.highlights.get("article-audio-word");
    const marked = mark ? [...mark][0].toString() : "";
    seen.right += [-80, -40, 0, 40, 80].some((ms) => at(now + ms) === marked);
    seen.all += 1;
    seen.done = performance.now() >= end;
    if (!seen.done) setTimeout(look, 50);
  };
  look();
}"""
"""Every 50 ms: is the marked word one that sounds within 80 ms?"""


def places() -> Iterator[Figure]:
    """Sentences found on publishers' pages."""
    with started() as browser:
        scores = [score(browser, path) for path in PAGES]
    everything, missed = sum(one.sentences for one in scores), sum(len(one.missed) for one in scores)
    wrong = sum(len(one.wrong) for one in scores)
    share = 100 * (everything - missed) / everything
    yield exact(
        name=f"sentences found on {len(scores)} publishers' pages",
        value=share,
        unit="%",
        target=98,
        sense="≥",
        note=f"{everything - missed} of {everything}",
    )
    yield exact(name="  wrong marks on them", value=wrong, target=0)


def along(seconds: float = SECONDS) -> Iterator[Figure]:
    """The marked word over so many seconds at 1 × and at 1.5 ×."""
    with setting() as (browser, service):
        clip = finished_clip(service)
        for rate in (1.0, 1.5):
            yield _along(browser, service, clip, (rate, seconds))


def _along(browser: Browser, service: Running, clip: str, manner: tuple[float, float]) -> Figure:
    rate, seconds = manner
    with seated(browser, service) as seat:
        seat.open(f"/listen/{clip}")
        seat.page.get_by_role("combobox", name="Speed").select_option(f"{rate:g}")
        seat.press()
        seat.wait(_SOUND)
        with service.client() as client:
            sentences = client.get(f"/v1/clips/{clip}/marks.json").json()["sentences"]
        seat.page.evaluate(_SAMPLE, [seconds, sentences])
        right, samples = _watched(seat, manner)
    share = 100 * right / samples
    return exact(
        name=f"marked word within ± 80 ms of its mark, {rate:g} ×",
        value=share,
        unit="%",
        target=98,
        sense="≥",
        note=f"{samples} samples in {seconds:g} s",
    )


def _watched(seat: Seat, manner: tuple[float, float]) -> tuple[int, int]:
    """(right samples, samples), once the page has all of them."""
    rate, seconds = manner
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"reading along at {rate:g} ×", total=seconds * 20)
        while True:
            right, samples, done = seat.page.evaluate("() => [seen.right, seen.all, seen.done]")
            bar.update(task, completed=samples)
            if done:
                return int(right), int(samples)
            seat.page.wait_for_timeout(1000)
