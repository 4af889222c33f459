"""Page furniture is recognised, and a sentence that only sounds like it is spoken."""

from __future__ import annotations

import pytest

from tests.parts.processor import takes_at_most
from tts_service.article import furniture
from tts_service.article.html import read_fragment
from tts_service.article.plain import read_plain
from tts_service.article.sifting import skip_furniture

FURNITURE = """
Share
Date:
Share | Tweet | Print
Facebook WhatsApp
Anzeige
Artikel teilen
3 Kommentare
Add new comment
Back to homepage
Story continues below advertisement
Zur Startseite
HomeTop NewsPolitics
HomeTop NewsCountyShops
Home > News > Local
Startseite › Region › Hafen
StartseiteNachrichtenRegionMoorbeck
15 March 2024
Published on 15 March 2024, 10:30
Last updated: 15 March 2024 at 10.30 p.m.
Updated: 3:15 PM EST, Wed July 2, 2014
Stand: 12.03.2024, 18:30 Uhr
Zuletzt aktualisiert: 12. März 2024, 18.30 Uhr
2 hours ago
Veröffentlicht vor 3 Stunden
18:22 Uhr
4.41am
By Ruth Avery
By RUTH AVERY and Tom Lee, Calder
Von Hanna Vogt und Jan Kern
Ein Kommentar von Hanna Vogt
By Ruth Avery. Photographs by Ines Moor
Newsdesk · 10 March 2025 · 09:12 · 2 min read
Von Hanna Vogt | 08.03.2025, 15:20 | Drucken
Listen to the article
Listen to the article (4 min)
Artikel anhören
Your browser does not support the audio element.
Read more: Why the ferry was late
See also: The fish market
Lesen Sie auch: Die neue Bahn
Mehr dazu: Fahrplan
Court convicts a false roofer The man had cheated his neighbours. more...
Gericht verurteilt falschen Dachdecker mehr…
This audio version is artificially generated. More information | Send feedback
Diese Audioversion wurde künstlich generiert. Mehr Infos | Feedback senden
More information | Send feedback
We use cookies to improve your experience
Diese Website verwendet Cookies
Sign up for our weekly newsletter
Jetzt für den Newsletter anmelden
Receive our best stories by e-mail every Friday.
You have 2 free articles left this month
Already a subscriber? Log in
Dieser Artikel ist nur für Abonnenten
Photo: Jane Smith / Quay Agency
Foto: dpa
The quay on Monday morning. Photo: Ines Moor
Tags: harbour, ferry, Ellery
Schlagwörter: Hafen, Fähre
View this post on Instagram
[gallery ids="1,2,3"]
This post may contain affiliate links.
Über dieses Thema berichtete „Moorbeck aktuell“ am 12. März um 18:00 Uhr.
An dieser Stelle befindet sich ein externer Inhalt von Instagram.
Write to Ruth Avery at ruth@mail.example
presse@moorbeck.example
Jutta Kern, Sprecherin Telefon 04321 55-120
© 2026 The Inland Post
Alle Rechte vorbehalten
Impressum | Datenschutz
Condividi
Condividi su WhatsApp
Leggi anche: Il traghetto in ritardo
Tempo di lettura: 3 min
Riproduzione riservata
© RIPRODUZIONE RISERVATA
Articolo riservato agli abbonati
Aggiornato il 12 marzo 2024 alle 18.30
Pubblicato il 12 marzo 2024
2 ore fa
A cura di Anna Galli
Questo sito utilizza i cookie
Iscriviti alla nostra newsletter
Seguici su Instagram
Argomenti: porto, traghetto
Contatti | Note legali
""".strip().splitlines()

SENTENCES = """
The share price fell by a third.
Leggi anche quando piove, consiglia il libraio.
Il 12 marzo 2024 il porto ha riaperto.
Condividi quello che hai, diceva la nonna.
La stampa ne parla da giorni.
Di Maio torna al porto
Due ore fa nessuno la conosceva.
Share and share alike, said the miller.
Read more about the harbour in the council's own report of last year.
You can read more about a country in its breakfast than in its newspapers.
Related stories of burnt toast are greatly exaggerated.
See also the report, which names twelve ships.
We use boats here, not cookies.
Cookies were sold at the gate, and nobody read the notice.
News is what someone wants suppressed
Home Office minister resigns
Home is where the ferry stops
Newsroom staff at McAllister's walk out
Listen to the sea.
Listen to the article of faith, said the priest.
On 15 March 2024 the harbour opened.
15 March 2024 was a Friday, and it rained.
At 18:22 the lights went out.
Two hours ago nobody knew her name.
By Friday, all was well.
By train to Paris and back
By Sea and By Land
By the time the boat came, it was dark
Written by hand, the letter took a year.
Photos show a harbour full of boats
The photo: a boat, a dog and a bucket, all of them wet.
Tags were sewn into every coat.
Subscribe to this theory and you believe in anything.
Sign up sheets hang in the hall.
Sign up for the harbour race, if you dare.
She answered the phone 20 times that day.
The menu: soup, fish and a nap.
Video games are older than the mayor
Comments like this one cost him the office.
Print runs have fallen since 1990.
Copyright law is older than film, she told the court.
Contact between the two towns broke off in 1604.
More stories than books stood on the shelf, in a manner of speaking.
Der Anzeige lag ein Brief bei.
Sie teilen sich ein Boot.
Mehr zum Thema Hafen sagte er nicht.
Mehr Nachrichten als Zeit gab es an diesem Tag.
Von Hamburg nach Berlin
Von Tür zu Tür
Von Bad Ischl bis Wien
Vor 3 Jahren begann alles.
Am 12. März 2024 war der Fluss noch leer.
Um 18.30 Uhr kam die Fähre.
Kommentare dazu höre ich an der Kasse genug.
Die Werbung war besser als das Brot.
Das Foto: ein Hund, ein Eimer und viel Wasser.
Cookies backt sie nur im Advent.
Abonnieren kann man den Käse auch.
Weitere Artikel des Vertrags regeln den Fischfang.
Lesen Sie auch die letzte Seite, sagt er seinen Schülern.
Der Newsletter der Gemeinde erscheint auf Papier.
Diese Website gehört einem Metzger aus Moorbeck.
Telefon hatte er keines, aber zwei Hunde.
""".strip().splitlines()


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_has_a_reason(line: str) -> None:
    assert furniture.line_skip_reason(line)


@pytest.mark.parametrize("line", SENTENCES)
def test_a_real_sentence_is_spoken(line: str) -> None:
    assert furniture.line_skip_reason(line) is None
    assert not furniture.opens_group(line)


CALLS = """
Join the conversation on Facebook.
Never miss a story: install the Gazette app.
Diskutieren Sie mit auf Facebook.
Lesen Sie diesen Text in unserer App.
Venez en parler sur Facebook.
Ne manquez aucune histoire : installez l’application.
Coméntalo en Facebook.
Parliamone su Facebook.
""".strip().splitlines()

NO_CALLS = """
Nutzen Sie die App selbst?
Haben Sie den Newsletter gelesen?
Chez Apple, l’application a disparu.
Título y aplicación no coinciden.
La Regione ha chiuso il sito.
Follow the river to the mill, and turn left.
“Join us on Facebook,” said the miller.
""".strip().splitlines()


@pytest.mark.parametrize("line", CALLS)
def test_a_call_to_readers_is_furniture(line: str) -> None:
    assert furniture.is_call(line) or furniture.line_skip_reason(line)


@pytest.mark.parametrize("line", NO_CALLS)
def test_what_only_begins_like_a_call_is_spoken(line: str) -> None:
    assert not furniture.is_call(line)
    assert furniture.line_skip_reason(line) is None


TAILS = """
From the October 14 print edition.
Not to be reproduced without permission.
If you buy something through these links we may get a cut.
Zuerst erschienen in der Gazette vom 14. Oktober.
Fehler melden Sie bitte an pult@bote.example.
Si vous avez vu quelque chose, écrivez-nous.
Artículo publicado en el número de octubre.
Questo articolo è stato pubblicato in ottobre.
""".strip().splitlines()


@pytest.mark.parametrize("line", TAILS)
def test_a_line_about_the_page_is_furniture_only_above_and_below_the_text(line: str) -> None:
    text = "<p>It comes on paper, says the mayor, and has done so for years.</p>"
    below = skip_furniture(read_fragment(f"{text * 6}<p>{line}</p>"))
    amid = skip_furniture(read_fragment(f"{text * 6}<p>{line}</p>{text}"))
    assert below[-1].skip_reason
    assert amid[-2].skip_reason is None or furniture.line_skip_reason(line)


@pytest.mark.parametrize(
    "opener", ["Related stories", "Latest news:", "Mehr zum Thema", "Meistgelesen", "You may also like"]
)
def test_links_hang_on_their_heading_until_the_text_goes_on(opener: str) -> None:
    got = read_plain(
        f"The text begins here.\n\n{opener}\n\nOne link\n\nIs this a link?\n\nThe text goes on here, as it should do."
    )
    assert [item.skip_reason for item in got] == [None, *["links to other articles"] * 3, None]


def test_a_heading_that_is_no_link_ends_the_links() -> None:
    source = "<p>Text.</p><h3>Related stories</h3><ul><li><a href=a>One</a></li></ul><h3>What now</h3><p>More text.</p>"
    got = skip_furniture(read_fragment(source))
    assert [item.text for item in got if item.skip_reason is None] == ["Text.", "What now", "More text."]


def test_a_label_among_other_items_of_a_list_is_one_of_them() -> None:
    kept = skip_furniture(read_fragment("<ul><li>Video</li><li>Print</li><li>A map of the quay</li></ul>"))
    gone = skip_furniture(read_fragment("<ul><li>Facebook</li><li>Print</li></ul>"))
    assert [item.skip_reason for item in kept] == [None, None, None]
    assert [item.skip_reason for item in gone] == ["label", "label"]


def test_names_are_a_byline_only_near_the_top_or_the_end() -> None:
    lines = ["Headline of it", "By Ann Lee", *["It was a long day for the crew of the ferry."] * 12, "By Bob Rowe"]
    lines[9:9] = ["By Eva Kern"]
    got = {item.text: item.skip_reason for item in read_plain("\n\n".join(lines))}
    assert (got["By Ann Lee"], got["By Bob Rowe"], got["By Eva Kern"]) == ("byline", "byline", None)


def test_a_pull_quote_is_said_once() -> None:
    text = "<p>She said: “We greased the rails with soap.” Then it moved.</p>"
    got = skip_furniture(read_fragment(f"{text}<blockquote>We greased the rails with soap.</blockquote>"))
    assert [item.skip_reason for item in got] == [None, "pull quote, said in the text"]
    alone = skip_furniture(read_fragment(f"{text}<blockquote>We greased the rails with butter.</blockquote>"))
    assert [item.skip_reason for item in alone] == [None, None]


def test_a_headline_repeated_in_variations_is_said_once() -> None:
    got = read_plain(
        "Ferry is back at last\nFerry is back at last | The Post\n“Ferry is back at last”\n\nIt left on Monday."
    )
    assert [item.skip_reason for item in got] == [None, "headline repeated", "headline repeated", None]


@pytest.mark.parametrize(
    "atom",
    [
        "share on ",
        "a ",
        "x teilen ",
        "read more ",
        "kontakt ",
        "a > ",
        "1.1.2020 ",
        "© ",
        "more from ",
        "By A ",
        "A | ",
        "a.b@c ",
        "[a b=",
        "Foto: ",
        "von Ab und ",
        "a mehr ",
        "phone 1",
        "subscribe to our a ",
        "12:00 ",
        "newsletter ",
    ],
)
def test_no_line_makes_the_patterns_slow(atom: str) -> None:
    for length in (100, 150, 480, 100_000):
        line = (atom * (length // len(atom) + 1))[:length]
        assert takes_at_most(0.5, lambda line=line: furniture.line_skip_reason(line))  # type: ignore[misc]
