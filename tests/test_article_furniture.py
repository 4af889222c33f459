"""Page furniture is recognised, and a sentence that only sounds like it is spoken."""

from __future__ import annotations

import time

import pytest

from tts_service.article import furniture
from tts_service.article.plain import read_plain

FURNITURE = """
Share
Date:
Share | Tweet | Print
Facebook WhatsApp
Anzeige
Artikel teilen
3 Kommentare
HomeTop NewsPolitics
Home > News > Local
Startseite › Region › Hafen
15 March 2024
Published on 15 March 2024, 10:30
Stand: 12.03.2024, 18:30 Uhr
Listen to the article
Listen to the article (4 min)
Artikel anhören
Read more: Why the ferry was late
See also: The fish market
Lesen Sie auch: Die neue Bahn
Mehr dazu: Fahrplan
This audio version is artificially generated. More information | Send feedback
Diese Audioversion wurde künstlich generiert. Mehr Infos | Feedback senden
More information | Send feedback
We use cookies to improve your experience
Diese Website verwendet Cookies
Sign up for our weekly newsletter
Jetzt für den Newsletter anmelden
© 2026 The Inland Post
Alle Rechte vorbehalten
Impressum | Datenschutz
""".strip().splitlines()

SENTENCES = """
The share price fell by a third.
Read more about the harbour in the council's own report of last year.
You can read more about a country in its breakfast than in its newspapers.
Related stories of burnt toast are greatly exaggerated.
See also the report, which names twelve ships.
We use boats here, not cookies.
News is what someone wants suppressed
Home Office minister resigns
Newsroom staff at McAllister's walk out
Listen to the sea.
On 15 March 2024 the harbour opened.
Der Anzeige lag ein Brief bei.
Sie teilen sich ein Boot.
Mehr zum Thema Hafen sagte er nicht.
""".strip().splitlines()


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_has_a_reason(line: str) -> None:
    assert furniture.reason_of(line)


@pytest.mark.parametrize("line", SENTENCES)
def test_a_real_sentence_is_spoken(line: str) -> None:
    assert furniture.reason_of(line) is None
    assert not furniture.opens_group(line)


@pytest.mark.parametrize(
    "opener", ["Related stories", "Latest news:", "Mehr zum Thema", "Meistgelesen", "You may also like"]
)
def test_links_hang_on_their_heading_until_the_text_goes_on(opener: str) -> None:
    got = read_plain(
        f"The text begins here.\n\n{opener}\n\nOne link\n\nIs this a link?\n\nThe text goes on here, as it should do."
    )
    assert [item.skip_reason for item in got] == [None, *["links to other articles"] * 3, None]


def test_a_headline_repeated_in_variations_is_said_once() -> None:
    got = read_plain(
        "Ferry is back at last\nFerry is back at last | The Post\n“Ferry is back at last”\n\nIt left on Monday."
    )
    assert [item.skip_reason for item in got] == [None, "headline repeated", "headline repeated", None]


@pytest.mark.parametrize(
    "atom", ["share on ", "a ", "x teilen ", "read more ", "kontakt ", "a > ", "1.1.2020 ", "© ", "more from "]
)
def test_no_line_makes_the_patterns_slow(atom: str) -> None:
    begun = time.process_time()
    for length in (100, 150, 480, 100_000):
        furniture.reason_of((atom * (length // len(atom) + 1))[:length])
    assert time.process_time() - begun < 0.5
