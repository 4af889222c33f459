"""`make closed` with a real CMS, driven by its driver; its webhooks lead through the line."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

import httpx

from tests.measure.closed.articles import words
from tests.measure.closed.ears import Ears, Got, Target
from tests.measure.closed.play import LOST, WAYS, Cell
from tests.measure.closed.service import catch_up, clips_in, heard_at, serving, settled
from tests.measure.cms.driver import Address, Cms, Posted
from tests.measure.cms.line import Line, Mode, line_to
from tests.parts.service import Running
from tts_service.cms.inbox.addresses import add_hook, change_hook, hook_path, options_given
from tts_service.db.session import Database

DRIVERS = ("wordpress", "wagtail", "ghost", "directus", "strapi")
REAL_WAYS = WAYS[:5]
"""What catch-up finds first is played by the documented bodies: a real CMS's articles are all told of at once."""
_REST = "It carried eleven people and two bicycles, and it came back after dark because its lamp had gone out."
_MODES = {"arrives": Mode.PASS, "twice": Mode.TWICE, LOST: Mode.DROP}
_KEEPS = ("wordpress", "wagtail")
"""CMSs whose deliveries wait until they are taken: all that can happen to one is that the service isn't there."""


@dataclass(slots=True, kw_only=True)
class Played:
    """A cell in play."""

    cell: Cell
    word: str
    secret: str
    posted: Posted | None = None
    ended: bool = False
    """The document is gone for good: what is published afterwards is another one."""


@dataclass(slots=True, kw_only=True)
class Real:
    """A CMS, the line, and the service behind it."""

    name: str
    cms: Cms
    line: Line
    service: Running
    client: httpx.Client
    site: str
    say: Callable[[str], object]
    played: list[Played] = field(default_factory=list)

    def pass_on(self, mode: Mode) -> None:
        """From now on, webhooks go this way; what is still on its way goes the old one."""
        self.cms.run_queue()
        self.line.quiet()
        self.line.mode = mode

    def done(self) -> None:
        self.cms.run_queue()
        self.line.quiet()
        settled(self.service)

    def of(self, way: str) -> list[Played]:
        return [one for one in self.played if one.cell.way == way and not one.cell.broken]

    def each(self, some: Sequence[Played], work: Callable[[Played], object]) -> None:
        """Do something with each; a CMS that refuses breaks only its own cell."""
        for one in some:
            try:
                work(one)
            except Exception as error:  # noqa: BLE001 - whatever a real CMS says, the other cells are played
                one.cell.broken = one.cell.broken or f"{type(error).__name__}: {error}"[:200]

    def publish(self, one: Played) -> None:
        one.posted = self.cms.publish(f"About the {one.word}", f"<p>The ferry {one.word} left the pier. {_REST}</p>")

    def change(self, one: Played) -> None:
        assert one.posted is not None
        self.cms.change(one.posted, f"<p>Nobody was told of the {one.secret} in the cellar. {_REST}</p>")

    def close(self, one: Played) -> None:
        assert one.posted is not None
        self.cms.put(one.posted, one.cell.state)

    def open_again(self, one: Played) -> None:
        """The text of before, public; where the document is gone for good, another one."""
        assert one.posted is not None
        try:
            self.cms.put(one.posted, "public")
        except Exception:
            if one.cell.state not in ("trash", "locale removed"):
                raise
            one.ended = True
            self.publish(one)
            return
        self.cms.change(one.posted, f"<p>The ferry {one.word} left the pier. {_REST}</p>")


def real(name: str, states: Sequence[str], say: Callable[[str], object]) -> list[Cell] | str:
    """The cells of a CMS, driven by the CMS itself; or why it can't run here."""
    try:
        driver = importlib.import_module(f"tests.measure.cms.{name}")
    except ImportError:
        return f"there is no driver tests/measure/cms/{name}.py"
    if reason := driver.missing():
        return str(reason)
    with tempfile.TemporaryDirectory(prefix=f"tts-closed-{name}-") as folder, ExitStack() as stack:
        desk = stack.enter_context(connected(driver, Path(folder), say))
        cells = _cells(desk.cms.states, str(driver.SOURCE), states)
        named = words()
        desk.played = [Played(cell=cell, word=next(named), secret=next(named)) for cell in cells if not cell.reason]
        _play(desk)
    return cells


class connected:  # noqa: N801 - used as the functions of contextlib are
    """The CMS, set up as its guide says, on a line to a service of its own."""

    def __init__(self, driver: ModuleType, folder: Path, say: Callable[[str], object], **settings: Any) -> None:
        self._driver, self._folder, self._say, self._settings = driver, folder, say, settings
        self._stack = ExitStack()

    def __enter__(self) -> Real:
        stack, driver = self._stack, self._driver
        try:
            service = stack.enter_context(serving(self._folder, allow_hosts="127.0.0.0/8", **self._settings))
            line = stack.enter_context(line_to(service.url))
            client = stack.enter_context(httpx.Client(timeout=30, trust_env=False))
            cms = stack.enter_context(driver.started(self._folder / "cms"))
            site = f"real-{driver.NAME}"
            with closing(Database(f"sqlite:///{service.data / 'tts.sqlite3'}")) as database:
                hook = add_hook(database, driver.SOURCE, site, _options(cms))
                hook_url = line.url + hook_path(hook)
                cms.connect(Address(url=line.url, hook_url=hook_url, secret=hook.secret, site=site))
                change_hook(database, hook.id, _options(cms))
        except BaseException:
            stack.close()
            raise
        return Real(name=driver.NAME, cms=cms, line=line, service=service, client=client, site=site, say=self._say)

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _options(cms: Cms) -> Any:
    given = {**cms.hook_options, "voice": "tone:beep"}
    return options_given(given, cms.hook_types, cms.hook_fields)


def _cells(known: Mapping[str, str], source: str, states: Sequence[str]) -> list[Cell]:
    return [
        Cell(source=source, state=state, way=way, drive="real", reason=known.get(state, "the driver doesn't know it"))
        for state in states
        for way in REAL_WAYS
    ]


def _play(desk: Real) -> None:
    desk.say(f"{desk.name}: {len(desk.played)} cells published …")
    desk.each([one for one in desk.played if one.cell.way != "other order"], desk.publish)
    desk.done()
    _expect(desk, [one for one in desk.played if one.cell.way != "other order"], first=True)
    desk.say(f"{desk.name}: closed …")
    for way, mode in _MODES.items():
        desk.pass_on(_lost(desk, mode))
        desk.each(desk.of(way), desk.close)
    _held(desk, "late", (desk.change,), (desk.close,))
    _held(desk, "other order", (desk.publish, desk.change, desk.close), (), backwards=True)
    desk.pass_on(Mode.PASS)
    desk.done()
    _listen(desk, [one for one in desk.played if one.cell.way != LOST])
    desk.say(f"{desk.name}: a round of catch-up …")
    catch_up(desk.service, [desk.site])
    _listen(desk, desk.played)
    desk.say(f"{desk.name}: published again …")
    for way, mode in _MODES.items():
        desk.pass_on(_lost(desk, mode))
        desk.each(desk.of(way), desk.open_again)
    desk.pass_on(Mode.PASS)
    desk.each(desk.of("late"), desk.open_again)
    _held(desk, "late", (desk.close,), (desk.open_again,))
    _held(desk, "other order", (desk.open_again, desk.close, desk.open_again), (), backwards=True)
    desk.pass_on(Mode.PASS)
    desk.done()
    _expect(desk, desk.played, at_first=True)
    desk.say(f"{desk.name}: another round of catch-up …")
    catch_up(desk.service, [desk.site])
    _expect(desk, desk.played)


def _lost(desk: Real, mode: Mode) -> Mode:
    return Mode.REFUSE if mode is Mode.DROP and desk.name in _KEEPS else mode


def _held(
    desk: Real,
    way: str,
    behind: Sequence[Callable[[Played], object]],
    ahead: Sequence[Callable[[Played], object]],
    *,
    backwards: bool = False,
) -> None:
    """What happens `behind` arrives after what happens `ahead`, although it happened before."""
    desk.pass_on(Mode.HOLD)
    for work in behind:
        desk.each(desk.of(way), work)
        desk.cms.run_queue()
        desk.line.quiet()
    desk.line.mode = Mode.PASS
    for work in ahead:
        desk.each(desk.of(way), work)
    desk.done()
    desk.line.release(backwards=backwards)
    settled(desk.service)


def _ears(desk: Real) -> Ears:
    def get(path: str) -> Got:
        return heard_at(desk.client, desk.service.url + path)

    return Ears(get, desk.service.url)


def _target(desk: Real, one: Played, clips: Mapping[tuple[str, str], tuple[str, int]]) -> Target:
    assert one.posted is not None
    mine = [found for found in clips if found == (desk.site, one.posted.id)]
    return Target(
        site=desk.site,
        ids=(one.posted.id,),
        words=(one.word, one.secret),
        clips=tuple(clips[found] for found in mine),
        url=one.posted.url,
    )


def _alive(some: Sequence[Played]) -> Iterator[Played]:
    return (one for one in some if one.posted is not None and not one.cell.broken)


def _listen(desk: Real, some: Sequence[Played]) -> None:
    ears, clips = _ears(desk), clips_in(desk.service)
    for one in _alive(some):
        one.cell.leaks += ears.hears(_target(desk, one, clips))


def _expect(desk: Real, some: Sequence[Played], *, first: bool = False, at_first: bool = False) -> None:
    ears, clips = _ears(desk), clips_in(desk.service)
    for one in _alive(some):
        if one.cell.way == LOST and one.ended:
            continue  # another document, of which no webhook told: found by feeds, as any new article
        missing = ears.misses(_target(desk, one, clips), one.word)
        if first:
            one.cell.broken = f"was never heard: {', '.join(missing)}" if missing else ""
        elif at_first:
            one.cell.silent_at_first = missing
        else:
            one.cell.silent = missing


def page_of(desk: Real, posted: Posted) -> str:
    """What a stranger sees at the article's address."""
    return desk.client.get(posted.url, follow_redirects=True).text


def look_up(desk: Real, posted: Posted) -> Any:
    """The clips that the service names for an article."""
    path = f"/v1/clips?site={desk.site}&article={quote(posted.id, safe='')}"
    return desk.client.get(desk.service.url + path).json()["clips"]
