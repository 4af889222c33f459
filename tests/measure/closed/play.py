"""Plays the table of `make closed` with bodies from the CMSs' documentation, all cells at once, in six steps:

    1 published   2 changed (held back)   3 closed, with a text nobody may hear   4 published again
    5 closed once more   6 published again

Steps 2 and 5 are for webhooks that come late or in another order. Between the steps the service does what came in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.measure.closed.articles import CLOSED, LANGUAGES, Said, Written, words
from tests.measure.closed.ears import Ears, Get, Target
from tests.measure.closed.site import Site

WAYS = ("arrives", "twice", "late", "other order", "lost", "found first")
LOST, FOUND = "lost", "found first"
"""The closing is lost; the publication was lost and catch-up found the page, then the closing arrives."""


@dataclass(slots=True, kw_only=True)
class Cell:
    """One source, one state, one way: what a stranger heard."""

    source: str
    state: str
    way: str
    drive: str = "docs"
    """real or docs."""
    reason: str = ""
    """Why it isn't played; empty: it is."""
    leaks: list[str] = field(default_factory=list)
    """Where it was heard although the CMS says no."""
    silent: list[str] = field(default_factory=list)
    """What was missing at the end although the CMS says yes."""
    silent_at_first: list[str] = field(default_factory=list)
    """The same before the round of catch-up."""
    stays_silent: list[str] = field(default_factory=list)
    """What was missing of the language version that stays public."""
    broken: str = ""
    """Why the cell could not be played to its end."""


class Stage(Protocol):
    """A service to play on."""

    get: Get
    base_url: str

    def send(self, lots: Sequence[Sequence[Envelope]]) -> None:
        """Post webhooks; those of one lot in their order."""

    def settle(self) -> None:
        """Wait until the service has done what came in."""

    def clips(self) -> dict[tuple[str, str], tuple[str, int]]:
        """(clip, newest revision) by site and article id: the addresses that somebody may have kept."""

    def tick(self) -> int:
        """The next moment by the CMSs' clocks, in milliseconds: at least a second after the last."""

    def catch_up(self) -> bool:
        """One round of catch-up over all sites. False: there is none here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A webhook, signed at this moment."""

    site: str
    source: str
    said: Said
    message_id: str
    made_ms: int


@dataclass(slots=True, kw_only=True)
class Player:
    """A cell in play."""

    cell: Cell
    site: Site
    named: Iterator[str]
    """Words that nobody has used yet."""
    article: Written
    stays: Written | None = None
    """The other language version, which stays public."""
    gone: list[Written] = field(default_factory=list)
    """Documents that ended."""
    held: list[Envelope] = field(default_factory=list)
    out: list[Envelope] = field(default_factory=list)
    """What goes to the service next."""
    count: int = 0


def site_name(source: str) -> str:
    return f"closed-{source}"


def cells_of(sites: Iterable[Site], states: Sequence[str] = CLOSED, ways: Sequence[str] = WAYS) -> list[Cell]:
    """All cells of these sites; those that their CMS can't express have the reason."""
    return [
        Cell(source=site.paper.source, state=state, way=way, reason=_reason(site, state, way))
        for site in sites
        for state in states
        for way in ways
    ]


def play(
    stage: Stage,
    sites: Sequence[Site],
    cells: Sequence[Cell],
    *,
    every_path: bool = True,
    say: Callable[[str], object] = lambda _: None,
) -> None:
    """Play every cell that has no reason against it; what was heard is noted in it."""
    by_source = {site.paper.source: site for site in sites}
    named = words()
    players = [_player(cell, by_source[cell.source], named) for cell in cells if not cell.reason]
    show = _Show(stage, players, every_path)
    say(f"{len(players)} cells: published …")
    show.publish(first=True)
    if any(player.cell.way == FOUND for player in players):
        say("a round of catch-up, which finds what no webhook told of …")
        stage.catch_up()
    show.expect_first()
    show.change()
    say("closed …")
    show.close()
    say("listened to …")
    show.listen(except_ways=(LOST,))
    say("a round of catch-up …")
    looked = stage.catch_up()
    show.listen(LOST)
    if looked:
        show.listen(except_ways=(LOST,), every_path=False)
    say("published again …")
    show.publish(first=False)
    show.close_again()
    show.publish_last()
    show.expect(at_first=True)
    if stage.catch_up():
        say("another round of catch-up …")
        show.expect(at_first=False)
        show.listen_to_gone()


class _Show:
    """The steps, for all cells together."""

    def __init__(self, stage: Stage, players: Sequence[Player], every_path: bool) -> None:
        self._stage = stage
        self._players = players
        self._every_path = every_path

    def publish(self, *, first: bool) -> None:
        now = self._stage.tick()
        for player in self._players:
            if not first:
                _again(player)
            for article in (player.article, player.stays) if first else (player.article,):
                if article is not None:
                    _moved(article, "public", now, edited=False)
                    self._hand_in(
                        player,
                        article,
                        player.site.paper.public(article),
                        now,
                        hold=player.cell.way == "other order",
                        lost=player.cell.way == (FOUND if first else LOST),
                    )
        self._send()

    def change(self) -> None:
        """A change while it is public that comes after the closing."""
        now = self._stage.tick()
        for player in self._of("late", "other order"):
            _moved(player.article, "public", now, edited=True)
            self._hand_in(player, player.article, player.site.paper.public(player.article), now, hold=True)

    def close(self) -> None:
        now = self._stage.tick()
        for player in self._players:
            state = player.cell.state
            _moved(player.article, state, now, edited=True)
            said = player.site.paper.closed(player.article, state)
            lost, hold = player.cell.way == LOST, player.cell.way == "other order"
            self._hand_in(player, player.article, said, now, hold=hold, lost=lost)
        self._release("other order", backwards=True)
        self._send()
        self._release("late")
        self._send()

    def close_again(self) -> None:
        """A closing that comes after the next publication."""
        now = self._stage.tick()
        for player in self._of("late", "other order"):
            state = player.cell.state
            _moved(player.article, state, now, edited=True)
            self._hand_in(player, player.article, player.site.paper.closed(player.article, state), now, hold=True)

    def publish_last(self) -> None:
        now = self._stage.tick()
        for player in self._of("late", "other order"):
            _again(player)
            _moved(player.article, "public", now, edited=False)
            said = player.site.paper.public(player.article)
            self._hand_in(player, player.article, said, now, hold=player.cell.way == "other order")
        self._release("other order", backwards=True)
        self._send()
        self._release("late")
        self._send()

    def listen(self, *ways: str, except_ways: tuple[str, ...] = (), every_path: bool = True) -> None:
        """Note where a closed article is heard; the language that stays must be heard."""
        ears, clips = self._ears(every_path and self._every_path)
        for player in self._players:
            if player.cell.way in except_ways or (ways and player.cell.way not in ways):
                continue
            player.cell.leaks += ears.hears(self._target(player, player.article, clips))
            if player.stays is not None:
                missing = ears.misses(self._target(player, player.stays, clips), player.stays.word)
                player.cell.stays_silent += missing

    def listen_to_gone(self) -> None:
        ears, clips = self._ears()
        for player in self._players:
            for article in player.gone:
                gone = self._target(player, article, clips, away=True)
                player.cell.leaks += ears.shows(gone)  # sound alone may be the text that stands at its address now

    def expect(self, *, at_first: bool) -> None:
        """Note what isn't heard although it is public again."""
        ears, clips = self._ears(self._every_path)
        for player in self._players:
            if player.cell.way == LOST and player.gone:
                continue  # another document, of which no webhook told: found by feeds, as any new article
            missing = []
            for article in (player.article, player.stays):
                if article is not None:
                    missing += ears.misses(self._target(player, article, clips), article.word)
            if at_first:
                player.cell.silent_at_first = missing
            player.cell.silent = missing
            secret = Target(
                site=site_name(player.cell.source),
                ids=(),
                words=(player.article.secret,),
                clips=self._target(player, player.article, clips).clips,
                url=None,
            )
            player.cell.leaks += [f"{name}: text of before" for name in ears.shows(secret)]

    def _of(self, *ways: str) -> list[Player]:
        return [player for player in self._players if player.cell.way in ways]

    def expect_first(self) -> None:
        """Note what isn't heard at first: then its cell shows nothing."""
        ears, clips = self._ears()
        for player in self._players:
            if player.cell.way == "other order":
                continue
            for article in filter(None, (player.article, player.stays)):
                missing = ears.misses(self._target(player, article, clips), article.word)
                if missing:
                    player.cell.broken = f"was never heard: {', '.join(missing)}"

    def _hand_in(
        self, player: Player, article: Written, said: Sequence[Said], now: int, *, hold: bool, lost: bool = False
    ) -> None:
        """Put what the CMS sends where its way leads."""
        for one in said:
            player.count += 1
            identifier = f"msg_{article.slug}_{player.count}"
            letter = Envelope(
                site=site_name(player.cell.source),
                source=player.cell.source,
                said=one,
                message_id=identifier,
                made_ms=now,
            )
            if hold:
                player.held.append(letter)
            elif player.cell.way == "twice":
                player.out += [letter, letter]
            elif not lost:
                player.out.append(letter)

    def _release(self, way: str, *, backwards: bool = False) -> None:
        for player in self._of(way):
            player.out += reversed(player.held) if backwards else player.held
            player.held = []

    def _send(self) -> None:
        self._stage.send([player.out for player in self._players if player.out])
        for player in self._players:
            player.out = []
        self._stage.settle()

    def _ears(self, every_path: bool = False) -> tuple[Ears, dict[tuple[str, str], tuple[str, int]]]:
        return Ears(self._stage.get, self._stage.base_url, every_path), self._stage.clips()

    def _target(
        self, player: Player, article: Written, clips: dict[tuple[str, str], tuple[str, int]], *, away: bool = False
    ) -> Target:
        site = site_name(player.cell.source)
        known = [found for name, found in clips if name == site and found.partition(":")[0] == article.id]
        if (site, article.url) in clips and not away:  # found before any webhook told of it
            known.append(article.url)
        if article.locale:  # the document's bare id belongs to one of its languages
            own = [found for found in known if found.lower().endswith(f":{article.locale}") or found == article.url]
            bare = [] if player.stays not in (None, article) and not player.site.paper.apart else [article.id]
            known = own or [found for found in known if found in bare]
        unknown = [f"{article.id}:{article.locale}"] if article.locale else [article.id, f"{article.id}:{LANGUAGES[0]}"]
        ids = known or unknown
        return Target(
            site=site,
            ids=tuple(ids),
            words=(article.word, article.secret),
            clips=tuple(clips[site, found] for found in known),
            url=None if away else article.url,
        )


def _player(cell: Cell, site: Site, named: Iterator[str]) -> Player:
    slug = f"{cell.state}-{cell.way}".replace(" ", "-")
    if cell.way not in (LOST, FOUND):
        site.unlisted.update((slug, *(f"{slug}-{locale}" for locale in LANGUAGES)))
    if cell.state != "locale removed":
        return Player(cell=cell, site=site, named=named, article=_written(site, named, slug))
    stays = _written(site, named, f"{slug}-{LANGUAGES[0]}", LANGUAGES[0])
    one_document = cell.state not in site.paper.final and not site.paper.apart
    article = _written(site, named, f"{slug}-{LANGUAGES[1]}", LANGUAGES[1], stays if one_document else None)
    return Player(cell=cell, site=site, named=named, article=article, stays=stays)


def _written(site: Site, named: Iterator[str], slug: str, locale: str = "", beside: Written | None = None) -> Written:
    """A new article; `beside`: as a language version of that one's document."""
    word, secret = next(named), next(named)
    made = Written(
        id=beside.id if beside else site.paper.new_id(),
        slug=slug,
        url=f"{site.address}/{slug}",
        title=f"About the {word}",
        word=word,
        secret=secret,
        locale=locale,
        versions=beside.versions if beside else [],
    )
    made.versions.append(made)
    site.add(made)
    return made


def _again(player: Player) -> None:
    """Where a document has ended, the next publication at its address is another one."""
    if player.cell.state in player.site.paper.final:
        player.gone.append(player.article)
        player.article = _written(player.site, player.named, player.article.slug, player.article.locale)


def _moved(article: Written, state: str, now: int, *, edited: bool) -> None:
    article.before = article.state if article.changed_ms else ""
    article.revision += bool(article.changed_ms)
    article.state, article.changed_ms, article.edited = state, now, edited


def _reason(site: Site, state: str, way: str) -> str:
    paper = site.paper
    return paper.reasons.get(state) or (paper.unseen.get(state, "") if way == LOST else "")
