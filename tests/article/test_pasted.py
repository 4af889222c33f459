"""Pasted text: wrapped lines, divided words, headings without a blank line, menus, several articles in one paste."""

from __future__ import annotations

import pytest

from tests.parts.factories import make_article
from tts_service.article.blocks import read_blocks
from tts_service.article.markdown_notes import front_matter
from tts_service.article.wrapped_lines import paragraphs_of
from tts_service.values import SourceFormat


def spoken(source: str, kind: SourceFormat = SourceFormat.TEXT) -> list[str]:
    got = read_blocks(make_article(source=source, source_format=kind, title=None, language=None))
    assert got.lost.characters == 0
    return [f"{block.kind.value}: {block.text}" for block in got.blocks if block.spoken]


JOINED = [
    "Die Schule in Talheim bleibt am Donnerstag geschlossen. Das teilte die\nStadt am Abend mit.",
    "The harbour was opened on a Monday in the rain, and nobody on the\n"
    "Quay seemed to mind, or not so much that they went home before the\nMayor had spoken.",
    "Der Gemeinderat hat am Montagabend beschlossen, den alten Fährhafen von\nElmenau bis zum Sommer zu räumen.",
    "Am Montag haben die Gemeinden im Tal beschlossen, den Bau der neuen\nFähre bis zum Herbst nicht zu bezahlen.",
    "Le conseil municipal a voté lundi soir la rénovation du vieux pont sur la\nMoselle, après trois heures de débat.",
    "El ayuntamiento aprobó el lunes por la noche la reforma del puente de los\nReyes, tras tres horas de debate.",
    "Il consiglio comunale ha approvato lunedì sera il restauro del ponte della\nMaddalena, dopo tre ore.",
]
APART = [
    "The first paragraph is a single sentence of moderate length here.\nThe second is another.",
    "Council buys back the old ferry\nThe council of Elmsworth has bought back the old ferry on Monday.",
    "Was geplant ist\nDer Bus fährt freitags später, und am Tor entsteht ein Unterstand.",
    "Rodenau will das Freibad am Fluss ab Mai wieder öffnen\nDer Rat stimmte am Montag mit elf zu neun zu.",
    "Ann Lee, baker\nBob Rowe, miller\nEva Kern, captain",
    "We use cookies to make this site better. Accept all cookies\nAll rights reserved.",
]


@pytest.mark.parametrize("text", JOINED)
def test_lines_wrapped_at_a_width_are_one_paragraph(text: str) -> None:
    assert paragraphs_of(text.split("\n")) == [text.replace("\n", " ")]


@pytest.mark.parametrize("text", APART)
def test_lines_of_their_own_stay_apart(text: str) -> None:
    assert paragraphs_of(text.split("\n")) == text.split("\n")


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        (["Der Land-", "rat entscheidet."], ["Der Landrat entscheidet."]),
        (["It is a foot-", "bridge."], ["It is a footbridge."]),
        (
            ["Sie wägt Vor- und Nachteile ab, die Nach-", "teile zuerst."],
            ["Sie wägt Vor- und Nachteile ab, die Nachteile zuerst."],
        ),
        (["Vor-", "und Nachteile"], ["Vor-", "und Nachteile"]),
        (["Baden-", "Baden"], ["Baden-", "Baden"]),
        ([], []),
    ],
)
def test_a_word_divided_at_a_lines_end_is_whole(lines: list[str], want: list[str]) -> None:
    assert paragraphs_of(lines) == want


def test_a_heading_above_wrapped_lines_needs_no_blank_line() -> None:
    assert spoken(
        "Council buys ferry\nThe council has bought back the old ferry, which had been lying in a\n"
        "garden for nine years. It paid less than for the crane, said the\nMayor.\n"
    ) == [
        "headline: Council buys ferry",
        "paragraph: The council has bought back the old ferry, which had been lying in a garden for nine years. It "
        "paid less than for the crane, said the Mayor.",
    ]


def test_a_second_article_in_one_paste_begins_with_its_headline_and_without_its_byline() -> None:
    text = "It was a long day for the crew of the ferry.\n\n"
    got = spoken(f"Ferry is back\n\nBy Ann Lee\n\n{text * 9}Goat is gone\n\nBy Bob Rowe\n\n{text * 5}")
    assert got[10] == "heading: Goat is gone"
    assert not any("By " in line for line in got)


def test_a_menu_line_is_no_headline() -> None:
    assert spoken("Markets | Technology | Opinion\n\nBank raises rates\n\nIt did so again, for the third time.") == [
        "headline: Bank raises rates",
        "paragraph: It did so again, for the third time.",
    ]


def test_what_is_behind_a_list_of_links_is_read() -> None:
    text = "The text begins here.\n\nSee also\nOne thing\nAnother thing\n\n"
    behind = "What is planned:\n- a bus\n- a boat\n\nMore follows."
    want = ["paragraph: What is planned:", "list_item: a bus", "list_item: a boat", "paragraph: More follows."]
    assert spoken(text + behind)[1:] == want
    field = (
        '<p>The text begins here.</p><h3>See also</h3><ul><li><a href="/1">One thing</a></li></ul>'
        "<p><strong>What is planned</strong></p><ul><li>a bus</li><li>a boat</li></ul>"
    )
    assert spoken(field, SourceFormat.HTML)[1:] == [
        "paragraph: What is planned",
        "list_item: a bus",
        "list_item: a boat",
    ]


def test_an_item_of_a_list_goes_on_in_the_next_line() -> None:
    assert spoken(
        "The plan:\n\n- a bus that leaves\n  later on Fridays\n- a boat\nThe rest is open, said the mayor."
    ) == [
        "paragraph: The plan:",
        "list_item: a bus that leaves later on Fridays",
        "list_item: a boat",
        "paragraph: The rest is open, said the mayor.",
    ]


MARKDOWN = {
    "The plan[^1] works.\n\n[^1]: According to police.\n": ["paragraph: The plan works."],
    "It works[^a].[^long-name]\n\n[^a]: Yes.\n[^long-name]: A note\n    that goes on.\n\nMore.": [
        "paragraph: It works.",
        "paragraph: More.",
    ],
    "It left ~~at noon~~ at one.": ["paragraph: It left at one."],
    "---\ntitle: The ferry is back\ntags: [a]\n---\n\nIt left.": ["headline: The ferry is back", "paragraph: It left."],
    '+++\ntitle = "The ferry"\n+++\nIt left.': ["headline: The ferry", "paragraph: It left."],
    "---\ntitle: x\n---\n# The ferry\n\nIt left.": ["headline: The ferry", "paragraph: It left."],
    "---\n\nA rule above.\n\n---\n\nMore.": ["paragraph: A rule above.", "paragraph: More."],
}


@pytest.mark.parametrize("source", MARKDOWN)
def test_front_matter_notes_and_struck_text_of_markdown_are_not_said(source: str) -> None:
    assert spoken(source, SourceFormat.MARKDOWN) == MARKDOWN[source]


def test_a_text_between_rules_is_no_front_matter() -> None:
    assert front_matter("---\nShe said: it left.\n---\n").rest.startswith("---")
