"""What CMSs put around and among an article's text is left out, and what only looks like it is spoken."""

from __future__ import annotations

import pytest

from tests.parts.processor import takes_at_most
from tts_service.article import furniture
from tts_service.article.html import read_fragment
from tts_service.article.sifting import skip_furniture

TEXT = "<p>It comes on paper, says the mayor, and has done so for years.</p>"

LINES = """
reading time: 5 minutes de lecture
reading time: Reading Time: < 1 minute
reading time: Estimated reading time: 3 minutes
reading time: Lesezeit: ca. 5 Minuten
reading time: Lesedauer: 3 Min.
reading time: 4 Min. Lesezeit
reading time: Temps de lecture : 5 minutes
reading time: Durée de lecture : environ 4 min
reading time: Tiempo de lectura: 4 minutos
reading time: Lectura de 4 minutos
counts and ratings: 1,234 views
counts and ratings: 1.2k shares
counts and ratings: Views: 311
counts and ratings: 3.410 Aufrufe
counts and ratings: 12 mal gelesen
counts and ratings: 1 234 vues
counts and ratings: 12 visitas
web address: https://video.example/watch?v=1&t=2
dateline standing alone: Publié le 12 mars 2026 à 10h30
dateline standing alone: Publicado el 12 de marzo de 2026
label: Log out
label: Cerrar sesión
label: Partager | Imprimer
read more: Lire aussi : Le port rouvre
read more: Te puede interesar: El faro que se movió
newsletter: Inscrivez-vous à notre newsletter et recevez tout.
newsletter: Suscríbete a nuestro boletín y no te pierdas nada.
paywall: Cet article est réservé aux abonnés
""".strip().splitlines()

SENTENCES = """
Reading time is what she lacks.
5 minutes de lecture suffisent au maire.
Lectura de poemas en el puerto
La lectura dura 5 minutos.
Lesezeit ist Lebenszeit.
Two views of the harbour
1,234 views were counted, and none was good.
12 lectures
Vu de loin
Lire aussi lentement est un art.
Leer más libros
Más información de la que pidió
Te puede interesar la pesca
Partager le pain, partager le vin
Compartir es vivir
See https://harbour.example for the fares.
Contents may have shifted
Inscrivez-vous avant midi.
""".strip().splitlines()


def reasons(source: str) -> dict[str, str | None]:
    return {item.text: item.skip_reason for item in skip_furniture(read_fragment(source))}


def spoken(source: str) -> list[str]:
    return [text for text, reason in reasons(source).items() if reason is None]


@pytest.mark.parametrize("line", LINES)
def test_a_line_around_the_text_has_a_reason(line: str) -> None:
    reason, text = line.split(": ", 1)
    assert furniture.line_skip_reason(text) in (reason, "label" if reason == "reading time" else reason)


@pytest.mark.parametrize("line", SENTENCES)
def test_a_line_that_only_sounds_like_it_is_spoken(line: str) -> None:
    assert furniture.line_skip_reason(line) is None


@pytest.mark.parametrize(
    "element",
    [
        '<div class="mailpoet_form"><p>{}</p></div>',
        '<div class="saboxplugin-wrap"><p>{}</p></div>',
        '<div class="gh-author-bio"><p>{}</p></div>',
        '<div class="crp_related"><p>{}</p></div>',
        '<section class="widget widget_categories"><p>{}</p></section>',
        '<div class="kg-audio-card"><p>{}</p></div>',
        '<div class="elementor-widget-table-of-contents"><p>{}</p></div>',
        '<p class="rt-reading-time">{}</p>',
        '<span class="post-views-count">{}</span>',
        '<div class="wp-block-jetpack-related-posts"><p>{}</p></div>',
    ],
)
def test_elements_of_known_systems_are_left_out(element: str) -> None:
    assert spoken(TEXT + element.format("Something about something else.")) == spoken(TEXT)


@pytest.mark.parametrize(
    "element",
    [
        '<h2 id="newsletter">{}</h2>',
        '<h2 id="table-of-contents">{}</h2>',
        '<div class="wp-block-post-content"><p>{}</p></div>',
        '<div class="octocat protocol vocabulary"><p>{}</p></div>',
        '<p class="calendar">{}</p>',
        '<h2><span class="ez-toc-section" id="x">{}</span></h2>',
        '<div class="kg-callout-card"><div class="kg-callout-text">{}</div></div>',
        '<h2><a href="#x">{}</a></h2>',
        '<ul><li><a href="#x">{}</a></li></ul>',
        '<ul><li>{} <a href="#x">there</a></li><li>as for <a href="#y">the sea</a>.</li></ul>',
        '<ul><li><a href="/x">{}</a></li><li><a href="/y">The sea</a></li></ul>',
    ],
)
def test_what_only_resembles_them_is_spoken(element: str) -> None:
    assert any(text.startswith("Of the harbour") for text in spoken(TEXT + element.format("Of the harbour")))


def test_a_pull_quote_that_says_something_new_is_spoken() -> None:
    new = '<aside class="pull-quote"><p>Nobody has asked the goat on the roof.</p><cite>The mayor</cite></aside>'
    assert spoken(TEXT + new)[1:] == ["Nobody has asked the goat on the roof.", "The mayor"]
    trimmed = '<div class="pullquote"><p>On paper… and has done so for years</p><p>The mayor</p></div>'
    assert spoken(TEXT + trimmed) == spoken(TEXT)
    assert len(spoken(trimmed)) == 2


def test_the_head_of_a_list_of_contents_goes_with_it() -> None:
    links = '<ul><li><a href="#a">The quay</a></li><li>2. <a href="#b">The sea</a></li></ul>'
    assert spoken(f"<p>Contents</p>{links}{TEXT}") == spoken(TEXT)
    assert spoken(f"<p>Three words only:</p>{links}{TEXT}")[0] == "Three words only:"


def test_a_label_goes_with_the_links_below_it_and_a_chapters_heading_stays_above_them() -> None:
    items = '<ul><li><a href="/1">The quay</a></li><li><a href="/2">The sea</a></li></ul>'
    lines = '<p><a href="/1">The quay</a></p><p><a href="/2">The sea</a></p>'
    assert spoken(f"{TEXT}<p><b>From around the bay</b></p>{items}{TEXT}") == spoken(TEXT)
    assert spoken(f"{TEXT}<h2>From around the bay</h2>{lines}") == spoken(TEXT)
    assert spoken(f"<h2>A petition at the bakery</h2>{lines}{TEXT}") == ["A petition at the bakery", *spoken(TEXT)]


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("<dl><dt>heron</dt><dd>A bird that waits.</dd></dl>", ["heron", "A bird that waits."]),
        ("<dl><dt>text</dt><dd>What is written.</dd></dl>", ["text", "What is written."]),
        ("<dl><dt>Text</dt><dd>What.</dd><dt>Link</dt><dd>Who.</dd></dl>", ["Text", "What.", "Link", "Who."]),
        ("<dl><dt>text</dt><dd>It opens.</dd><dt>url</dt><dd>/quay</dd></dl>", ["It opens."]),
        ("<div class='block-x'><dl><dt>size</dt><dd>large</dd><dt>a</dt><dd>It opens.</dd></dl></div>", ["It opens."]),
        ("<dl><dt>show_it</dt><dd>False</dd><dt>my_text</dt><dd>It opens.</dd></dl>", ["It opens."]),
        (
            "<dl><dt>image</dt><dd>A boat that nobody has seen since.</dd><dt>text</dt><dd>No.</dd></dl>",
            ["A boat that nobody has seen since.", "No."],
        ),
    ],
)
def test_field_names_and_settings_are_told_from_a_glossary(source: str, want: list[str]) -> None:
    assert spoken(source) == want


def test_counts_among_other_items_of_a_list_are_items() -> None:
    assert spoken("<ul><li>3 views</li><li>2 shares</li><li>A map</li></ul>") == ["3 views", "2 shares", "A map"]


HOSTILE = {
    "fields in fields": "<dl><dt>a_b</dt><dd>" * 20_000,
    "fields": "<dl>" + "<dt>a_b</dt><dd>x</dd>" * 3_000 + "</dl>",
    "names of fields": "<dl>" + "<dt>a_b</dt>" * 3_000 + "<dd>x</dd>" * 3_000 + "</dl>",
    "verse in verse": "<pre class=wp-block-verse>a\n" * 4_000,
    "lines": "<pre class=wp-block-preformatted>" + "a b c\n" * 4_000 + "</pre>",
    "spaces": "<pre class=wp-block-verse>a" + " " * 500_000 + "b</pre>",
    "pull quotes": '<div class="pullquote">a b c d e</div>' * 3_000 + TEXT * 3_000,
    "a long pull quote": f'<div class="pullquote">{"a b c " * 100_000}</div>{TEXT * 100}',
    "links within": "<ul>" + '<li><a href="#a">x</a></li>' * 4_000 + "</ul>",
    "names": f'<p class="{"toc-x ez-toc-" * 20_000}">x</p>' * 5,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_no_element_makes_it_slow(name: str) -> None:
    assert takes_at_most(10, lambda: skip_furniture(read_fragment(HOSTILE[name])))
