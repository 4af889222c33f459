"""What every real CMS has to do, in the order of the guides: published, changed, gone, closed, lost and found."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from tests.measure.closed.ears import Ears, Got, Target
from tests.measure.closed.real import Real, look_up, page_of
from tests.measure.closed.service import catch_up, clips_in, heard_at
from tests.measure.cms.driver import STATES, Posted
from tests.measure.cms.line import Mode
from tests.measure.cms.table import Point

PLAYABLE_S = 15.0
CHANGED_S = 15.0
GONE_S = 5.0
_REST = "It carried eleven people and two bicycles, and it came back after dark because its lamp had gone out."
_PLAYER = re.compile(r"<article-audio|class=\"listen-to-the-article|/player\.js")
_WAIT_S = 60.0


def journey(desk: Real) -> Iterator[Point]:
    """Each point as soon as it is known."""
    cms = desk.cms

    def point(name: str, measured: str, wanted: str, *, right: bool) -> Point:
        return Point(cms=desk.name, name=name, measured=measured, wanted=wanted, right=right)

    began = time.monotonic()
    first = cms.publish("The quorferry runs", _text("quorfirst"))
    cms.run_queue()
    took = _until(lambda: _plays(desk, first, "quorfirst"), began)
    yield _timed(point, "published → playable", took, PLAYABLE_S)
    found = bool(look_up(desk, first))
    yield point("the player's look-up finds it by id", "found" if found else "nothing", "found", right=found)
    html = page_of(desk, first)
    yield from (point(*row, right=right) for row, right in _places(html))

    began = time.monotonic()
    cms.change(first, _text("quorsecond"))
    cms.run_queue()
    took = _until(lambda: _plays(desk, first, "quorsecond"), began)
    yield _timed(point, "changed → heard", took, CHANGED_S)

    yield from _closings(desk, point)

    desk.line.mode = Mode.DROP
    cms.put(first, "draft")
    desk.done()
    still = _plays(desk, first, "quorsecond")
    desk.line.mode = Mode.PASS
    catch_up(desk.service, [desk.site])
    heard = _hears(desk, first, "quorsecond")
    yield point("drafted, webhook lost, found by a round", _list(heard), "silent", right=still and not heard)
    desk.line.mode = Mode.DROP
    cms.put(first, "public")
    desk.done()
    desk.line.mode = Mode.PASS
    catch_up(desk.service, [desk.site])
    back = _plays(desk, first, "quorsecond")
    yield point("public again, webhook lost, found by a round", _said(back), "heard", right=back)

    yield from _outage(desk, point)


def _closings(desk: Real, point: Callable[..., Point]) -> Iterator[Point]:
    """Every state that the CMS can express: silent at once, and heard again."""
    for number, state in enumerate(STATES[1:]):
        if desk.cms.states.get(state, "unknown"):
            continue
        word = f"quorclosed{'abcdefghijkl'[number]}"
        posted = desk.cms.publish(f"Closed soon: {word}", _text(word))
        desk.cms.run_queue()
        if _until(lambda post=posted, said=word: _plays(desk, post, said), time.monotonic()) is None:  # type: ignore[misc]
            yield point(f"{state}: silent", "was never heard", "silent", right=False)
            continue
        silent = partial(_silent, desk, posted, word)
        began = time.monotonic()
        desk.cms.put(posted, state)
        took = _until(silent, began, GONE_S)
        if took is None:  # not at once: then with the queue's next run, which comes too late all the same
            desk.cms.run_queue()
            took = _until(silent, began)
        yield _timed(point, f"{state} → silent", took, GONE_S)


def _silent(desk: Real, posted: Posted, word: str) -> bool:
    return not _hears(desk, posted, word)


def _outage(desk: Real, point: Callable[..., Point]) -> Iterator[Point]:
    """Published while the service is away, drafted in the meantime, then the CMS's queue runs: nothing may be heard."""
    word = "quoroutage"
    desk.line.mode = Mode.REFUSE
    posted = desk.cms.publish("During an outage", _text(word))
    desk.cms.run_queue()
    desk.line.quiet()
    desk.cms.put(posted, "draft")
    desk.cms.run_queue()
    desk.line.quiet()
    desk.line.mode = Mode.PASS
    desk.done()
    heard = _hears(desk, posted, word)
    yield point("drafted during an outage, then sent again", _list(heard), "silent", right=not heard)


def _places(html: str) -> Iterator[tuple[tuple[str, str, str], bool]]:
    """The player stands in the page, above the article's words, once; not in what describes the page."""
    element = _PLAYER.search(html)
    yield ("player on the article's page", "there" if element else "missing", "there"), bool(element)
    above = element is not None and 0 <= element.start() < html.rfind("quorfirst")
    yield ("player above the text", _yes(above), "yes"), above
    count = html.count("<article-audio")
    yield ("player elements on the page", str(count), "1"), count == 1
    described = " ".join(re.findall(r"<meta[^>]+>", html))
    clean = _PLAYER.search(described) is None and "Listen to" not in described
    yield ("description of the page is free of it", _yes(clean), "yes"), clean
    scripts = re.findall(r"<script[^>]+player\.js[^>]*>", html)
    patient = bool(scripts) and all(" async" in script for script in scripts)
    yield ("player's script is async", _yes(patient), "yes"), patient


def _ears(desk: Real) -> Ears:
    def get(path: str) -> Got:
        return heard_at(desk.client, desk.service.url + path)

    return Ears(get, desk.service.url)


def _target(desk: Real, posted: Posted, word: str) -> Target:
    known: Mapping[tuple[str, str], tuple[str, int]] = clips_in(desk.service)
    mine = known.get((desk.site, posted.id))
    return Target(site=desk.site, ids=(posted.id,), words=(word,), clips=(mine,) if mine else (), url=posted.url)


def _plays(desk: Real, posted: Posted, word: str) -> bool:
    return not _ears(desk).misses(_target(desk, posted, word), word)


def _hears(desk: Real, posted: Posted, word: str) -> list[str]:
    return _ears(desk).hears(_target(desk, posted, word))


def _until(true: Callable[[], bool], began: float, most_s: float = _WAIT_S) -> float | None:
    """Seconds from `began` until it was true; None: it never was."""
    pause = threading.Event()
    while not true():
        if time.monotonic() - began > most_s:
            return None
        pause.wait(0.1)
    return time.monotonic() - began


def _timed(point: Callable[..., Point], name: str, took: float | None, most: float) -> Point:
    measured = f"not within {_WAIT_S:.0f} s" if took is None else f"{took:.1f} s"
    return point(name, measured, f"≤ {most:.0f} s", right=took is not None and took <= most)


def _text(word: str) -> str:
    return f"<p>The ferry {word} left the pier at noon. {_REST}</p>"


def _list(places: list[str]) -> str:
    return f"heard by {', '.join(places)}" if places else "silent"


def _said(plays: bool) -> str:
    return "heard" if plays else "silent"


def _yes(given: bool) -> str:
    return "yes" if given else "no"
