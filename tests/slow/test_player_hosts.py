"""The player in pages of publishers: their styles, policies, languages and layout, and a service that is away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.measure.listen.player_stopped import READY, documented_tag, host_page, stopped_service, waited
from tests.parts import browser as chromium
from tests.parts.player_hosts import (
    ABOVE,
    ARTICLE,
    BODY,
    SHIFTS,
    SIZES,
    STYLES,
    THEME,
    VIOLATIONS,
    article_page,
    described,
    documented_policy,
    first,
    growing,
    hold,
    player,
)
from tests.parts.player_pages import Seat, clip_of, publisher_page, seated
from tests.parts.service import Running

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]
PLAYS = "player.sound.audio.currentTime > 0.2 && !player.sound.audio.paused"


@pytest.fixture(scope="module")
def clip(service: Running) -> str:
    return clip_of(service, ARTICLE)


@pytest.fixture
def seat(browser: Browser, service: Running) -> Iterator[Seat]:
    with seated(browser, service) as seat:
        seat.page.add_init_script(VIOLATIONS)
        yield seat
        assert seat.errors == []


# --- the service is stopped ---


def test_a_stopped_service_does_not_hold_the_page_back(browser: Browser) -> None:
    with stopped_service() as url:
        tag = documented_tag(url)
        assert waited(browser, host_page(tag), 20_000, (READY,))[READY] is not None
        # Without `async` the same page waits: the measurement can tell.
        assert waited(browser, host_page(tag.replace(" async", "")), 500, (READY,))[READY] is None


def test_a_service_that_never_answers_leaves_the_page_as_it_was(seat: Seat, clip: str) -> None:
    seat.page.clock.install()
    asked = hold(seat, "**/v1/clips/*")
    with publisher_page(seat, article_page(player(clip))) as path:
        page = seat.open(path, state="loading")
        page.clock.run_for(10_500)
        page.locator("article-audio[state=away]").wait_for(state="attached")
        assert page.locator("article-audio").bounding_box()["height"] == 0  # type: ignore[index]
        for _ in range(12):
            page.clock.run_for(60_000)
        assert 2 <= len(asked) <= 9, "asked again and again, but not for ever"
        assert page.locator("article-audio").bounding_box()["height"] == 0  # type: ignore[index]


def test_pressing_while_nobody_answers_says_so(seat: Seat, clip: str) -> None:
    seat.page.clock.install()
    page = seat.open(f"/listen/{clip}")
    page.clock.run_for(3000)
    hold(seat, "**/v1/clips/**", "**/player-report.js*")
    seat.press()
    page.clock.run_for(10_500)
    expect(
        page.get_by_text("The connection is lost. Playback continues automatically when it is back.")
    ).to_be_visible()
    page.get_by_role("link", name="Send feedback").click()
    page.clock.run_for(10_500)
    expect(page.get_by_text("The form could not be loaded. Press again to open it as a page.")).to_be_visible()


# --- the page's styles ---


def test_the_pages_styles_change_no_size_and_no_text(seat: Seat, clip: str) -> None:
    tag = f'<div id="kept"><article-audio clip="{clip}" next-href="/x"></article-audio></div>'
    found: dict[str, Any] = {}
    # The page's own block around the player stays as wide as it is.
    kept = "body { margin: 0 } #kept { display: block !important; width: 640px; margin: 0; padding: 0; direction: ltr }"
    for name, css in {"plain": "", **STYLES}.items():
        head = f"<style>{css}</style><style>{kept}</style>"
        with publisher_page(seat, article_page(tag, head=head)) as path:
            seat.open(path)
            found[name] = seat.ask(SIZES)
    plain = found.pop("plain")
    assert len(plain) > 15
    for name, sizes in found.items():
        assert sizes == plain, name
    assert [one["name"] for one in plain if one["font"] < 14] == []
    small = [one for one in plain if one["pressed"] and (one["height"] < 44 or one["width"] < 44)]
    assert small == []


def test_the_readers_own_text_size_counts(browser: Browser, service: Running, clip: str) -> None:
    flags = [*chromium.FLAGS, "--blink-settings=defaultFontSize=24"]
    own = browser.browser_type.launch(executable_path=chromium.find(), args=flags)
    with seated(own, service) as seat:
        html = article_page(player(clip), head="<style>html { font: 10px serif }</style>")
        with publisher_page(seat, html) as path:
            seat.open(path)
            sizes = {one["name"]: one["font"] for one in seat.ask(SIZES)}
            assert sizes["share"] == 24
            assert min(sizes.values()) >= 21
    own.close()


# --- the page's language ---


@pytest.mark.parametrize(
    ("lang", "tag", "said"),
    [
        (' lang="de-DE-formal"', "<article-audio {}></article-audio>", "Artikel anhören"),
        (' lang="de"', '<article-audio {} lang="fr"></article-audio>', "Écouter l’article"),
        (' lang="de"', '<div lang="es-MX"><article-audio {}></article-audio></div>', "Escuchar el artículo"),
        ("", "<article-audio {}></article-audio>", "Artikel anhören"),
    ],
    ids=["the page's", "its own", "the nearest", "the clip's"],
)
def test_labels_are_in_the_sites_language(
    seat: Seat, service: Running, clip: str, lang: str, tag: str, said: str
) -> None:
    german = described(service, clip) | {"language": "de"}
    seat.page.route(f"**/v1/clips/{clip}", lambda route: route.fulfill(json=german))
    with publisher_page(seat, article_page(tag.format(f'clip="{clip}"'), lang=lang)) as path:
        page = seat.open(path)
        expect(page.get_by_role("region", name=said)).to_be_visible()


def test_a_german_page_is_told_in_german_before_the_clip_is_known(seat: Seat, clip: str) -> None:
    seat.page.route(f"**/v1/clips/{clip}", lambda route: route.fulfill(status=403, json={}))
    # Inside of another component too: the language is that of the page around it.
    tag = f"""<x-box><template shadowrootmode="open"><article-audio clip="{clip}"></article-audio></template></x-box>"""
    with publisher_page(seat, article_page(tag, lang=' lang="de"')) as path:
        seat.page.goto(seat.service.url + path)
        expect(seat.page.get_by_text("Diese Audioversion ist für Abonnenten.")).to_be_visible()


# --- the page's content security policy ---


def test_with_the_documented_policy_everything_works(seat: Seat, service: Running, clip: str) -> None:
    tag = f'<article-audio clip="{clip}" read-along="main" next-href="/next" next-title="Ferries"></article-audio>'
    policy = documented_policy(service.url)
    with publisher_page(seat, article_page(tag), policy) as path:
        page = seat.open(path)
        seat.press()
        seat.wait(f"{PLAYS} && CSS.highlights.has('article-audio-word')")
        painted = "getComputedStyle(document.querySelector('main p'), '::highlight(article-audio-word)')"
        assert page.evaluate(f"() => {painted}.backgroundColor") == "rgb(255, 201, 51)"
        expect(page.get_by_role("link", name="Next: Ferries")).to_be_visible()
        page.get_by_role("link", name="Send feedback").click()
        page.get_by_label("Something else").check()
        seat.press("Send")
        expect(page.get_by_text("Reference: R-")).to_be_visible()
        growing(seat, service, clip)
        page.reload()
        page.locator("article-audio[state=rendering]").wait_for()
        seat.press()
        seat.wait(f"{PLAYS} && player.sound.source")
        assert page.evaluate("() => window.violations") == []


def test_a_policy_without_blob_plays_the_growing_sound_too(seat: Seat, service: Running, clip: str) -> None:
    growing(seat, service, clip)
    policy = documented_policy(service.url).replace(" blob:", "")
    with publisher_page(seat, article_page(player(clip)), policy) as path:
        seat.open(path, state="rendering")
        seat.press()
        seat.wait(f"{PLAYS} && !player.sound.source")


def test_where_the_sound_is_forbidden_a_press_leads_to_our_page(seat: Seat, service: Running, clip: str) -> None:
    policy = documented_policy(service.url).replace("media-src", "media-src 'none'; img-src")
    with publisher_page(seat, article_page(player(clip)), policy) as path:
        page = seat.open(path)
        seat.press()
        expect(page.get_by_text("This page does not allow the audio to play here.")).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
        link = page.get_by_role("link", name="Listen on a separate page")
        assert link.get_attribute("href") == f"{service.url}/listen/{clip}"
        seat.ask("player.refresh(0)")
        expect(page.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("directive", ["script-src", "connect-src"])
def test_where_script_or_connection_is_forbidden_nothing_is_shown(
    seat: Seat, service: Running, clip: str, directive: str
) -> None:
    policy = documented_policy(service.url).replace(directive, f"{directive} 'none'; img-src")
    link = f'<a href="{service.url}/listen/{clip}">Listen</a>'
    tag = f'<article-audio clip="{clip}"></article-audio><article-audio clip="{clip}">{link}</article-audio>'
    with publisher_page(seat, article_page(tag), policy) as path:
        page = seat.page
        page.clock.install()
        page.goto(service.url + path)
        if directive == "connect-src":
            page.locator("article-audio[state=away]").nth(1).wait_for(state="attached")
        box = page.locator("article-audio").first.bounding_box()
        assert box
        assert box["width"] * box["height"] == 0
        expect(page.get_by_role("button")).to_have_count(0)
        expect(page.get_by_role("link", name="Listen")).to_be_visible()
        page.clock.run_for(60_000)
        # Each try is a report to the publisher: one for the script, or one for each of the two players.
        tries = page.evaluate("() => window.violations.map((said) => said.split(' ')[0])")
        assert tries == (["script-src-elem"] if directive == "script-src" else ["connect-src"] * 2)


# --- where it stands ---


def test_in_a_template_and_on_paper_there_is_no_player(seat: Seat, clip: str) -> None:
    tag = f'<template><article-audio clip="{clip}"></article-audio></template>'
    with publisher_page(seat, article_page(f'{tag}<article-audio clip="{clip}"></article-audio>')) as path:
        page = seat.open(path)
        assert sum(url.endswith(clip) for url in seat.calls) == 1, "the one in the template asked for something"
        page.emulate_media(media="print")
        assert page.locator("article-audio").bounding_box()["height"] == 0  # type: ignore[index]
        expect(page.get_by_role("button", name="Play")).to_have_count(0)


def test_the_text_is_marked_although_the_player_came_before_it(seat: Seat, clip: str) -> None:
    held = hold(seat, "**/slow.js")
    tag = f'<article-audio clip="{clip}" read-along="main"></article-audio><script src="/slow.js"></script>'
    with publisher_page(seat, article_page(tag)) as path:
        page = seat.page
        page.goto(seat.service.url + path, wait_until="commit")
        page.locator("article-audio[state=ready]").wait_for()
        seat.wait("player.readAlong?.places.length > 3")
        assert seat.ask("player.readAlong.places.some(Boolean)") is False
        first(seat, held).fulfill(body="", content_type="text/javascript")
        seat.wait("player.readAlong.places.slice(1).every(Boolean)")  # the headline isn't in this page


@pytest.mark.parametrize(("width", "height", "lang"), [(1280, 800, "en"), (390, 844, "en"), (390, 844, "de")])
def test_the_page_moves_little_when_the_player_comes(
    browser: Browser, service: Running, clip: str, width: int, height: int, lang: str
) -> None:
    tag = f'{ABOVE}<div class="top"><article-audio clip="{clip}"></article-audio></div>'
    with seated(browser, service, viewport={"width": width, "height": height}) as seat:
        seat.page.add_init_script(SHIFTS)
        held = hold(seat, f"**/v1/clips/{clip}")
        html = article_page(tag, head=f"<style>{THEME}</style>", lang=f' lang="{lang}"').replace(
            "</main>", BODY * 6 + "</main>"
        )
        with publisher_page(seat, html) as path:
            seat.open(path, state="loading")
            seat.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))")
            first(seat, held).continue_()
            seat.page.locator("article-audio[state=ready]").wait_for()
            seat.page.wait_for_function("() => window.shifts.length > 0")
            shift = sum(seat.page.evaluate("() => window.shifts"))
            print(f"layout shift at {width} px, {lang}: {shift:.3f}")
            assert 0 < shift <= 0.1


# --- what becomes of the clip while the page is open ---


def test_a_press_after_the_article_was_withdrawn_says_so(seat: Seat, service: Running) -> None:
    clip = clip_of(service, ARTICLE | {"id": "gone"})
    with publisher_page(seat, article_page(player(clip))) as path:
        page = seat.open(path)
        with service.client() as client:
            assert client.delete("/v1/articles/gazette/gone").status_code in (200, 202, 204)
        seat.press()
        expect(page.get_by_text("This audio version is no longer available.")).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
        expect(page.get_by_role("slider")).to_have_count(0)


def test_an_article_that_is_closed_while_it_is_heard_is_heard_no_longer(seat: Seat, service: Running) -> None:
    article = ARTICLE | {"id": "closed"}
    clip = clip_of(service, article)
    with publisher_page(seat, article_page(player(clip))) as path:
        page = seat.open(path)
        seat.press()
        seat.wait(PLAYS)
        service.post(article | {"visibility": "members"})
        seat.ask("player.refresh(0)")
        expect(page.get_by_text("This audio is for subscribers.")).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
        assert seat.ask("player.sound.audio.paused")


def test_a_clip_that_comes_later_appears_without_a_reload(seat: Seat, service: Running, clip: str) -> None:
    answers: list[dict[str, Any]] = [{"clips": []}, {"clips": []}, {"clips": [described(service, clip)]}]
    seat.page.clock.install()
    seat.page.route("**/v1/clips?*", lambda route: route.fulfill(json=answers.pop(0)))
    with publisher_page(seat, article_page('<article-audio site="gazette" article="later"></article-audio>')) as path:
        page = seat.open(path, state="none")
        button = page.get_by_role("button", name="Play", exact=True)
        for _ in range(200):
            page.clock.run_for(5_000)
            if button.is_visible():
                return
        raise AssertionError("the player didn't come")
