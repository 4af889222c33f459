"""What a look at a known article's public page tells: open, gone, closed, or nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.parts.closed_pages import CLOSED, GONE
from tests.parts.open_pages import OPEN
from tests.parts.page_parts import ASKED, FREE, TEXT, Look, article, told
from tests.parts.processor import takes_at_most
from tests.parts.silent_pages import UNKNOWN
from tts_service.article.closed_page import PageStanding, PageVerdict, page_verdict

LOOKS = (*GONE, *CLOSED, *OPEN, *UNKNOWN)


def verdict_of(look: Look) -> PageVerdict:
    return page_verdict(
        status=look.status, asked_url=look.asked, final_url=look.final, html=look.html, title=look.title
    )


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_page_tells_how_its_article_stands(look: Look) -> None:
    found = verdict_of(look)
    assert (found.verdict, found.visibility, found.moved_to) == (look.verdict, look.visibility, look.moved_to), found
    assert found.reason.endswith(".") and found.reason[0].isupper() and len(found.reason) < 320


def test_there_are_enough_pages_and_enough_traps() -> None:
    counted = Counter(look.verdict for look in LOOKS)
    assert len({look.name for look in LOOKS}) == len(LOOKS) >= 60
    assert counted["open"] + counted["unknown"] >= 25


HOSTILE = {
    "open elements": "<div>" * 200_000,
    "attributes": "<div " + "a=1 " * 100_000 + ">",
    "text": article(TEXT * 2_500),
    "password fields": "<form><input type=password></form>" * 10_000,
    "nested gates": '<div class="mepr-unauthorized-message">' * 20_000,
    "articles": "<article><h2><a href=/x>x</a></h2><form class=post-password-form></form></article>" * 10_000,
    "data that never ends": f'<script type="application/ld+json">{{"{FREE}":' + "[" * 2_000_000,
    "data nested deep": f'<script type="application/ld+json">{{"{FREE}":' + "[" * 50_000 + "]" * 50_000 + "}</script>",
    "many blocks": f'<script type="application/ld+json">{{"{FREE}": tru}}</script>' * 10_000,
    "a long title": "<title>" + "under maintenance not found - " * 30_000 + "</title><h1>" + "a " * 300_000,
    "a selector that can't be read": told(hasPart={FREE: False, "cssSelector": "a:has(" * 30}),
    "a selector that takes long": told("<b>" * 900, **{FREE: True}, hasPart={FREE: False, "cssSelector": "i b b b"}),
    "comments": "<!--" * 100_000,
    "nothing but marks": "<" * 500_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_looked_at_in_bounded_time(name: str) -> None:
    def looked_at() -> None:
        found = page_verdict(status=200, asked_url=ASKED, final_url=ASKED, html=HOSTILE[name], title="The ferry")
        assert isinstance(found.verdict, PageStanding)

    assert takes_at_most(10, looked_at)


@pytest.mark.parametrize("address", ["", "http://[", "https://[::1/x", "gazette", "http://" + "a/" * 100_000, "\x00"])
def test_an_address_that_cant_be_read_is_no_reason_to_close(address: str) -> None:
    for asked, final in ((address, ASKED), (ASKED, address), (address, address)):
        found = page_verdict(status=200, asked_url=asked, final_url=final, html=article(TEXT))
        assert found.verdict in (PageStanding.OPEN, PageStanding.UNKNOWN)
