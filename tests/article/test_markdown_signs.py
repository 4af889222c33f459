"""Signs that Markdown files have beyond CommonMark: they are read for what they mean, and no word is lost."""

from __future__ import annotations

import pytest

from tests.parts.factories import make_article
from tests.parts.processor import takes_at_most
from tts_service.article.blocks import ReadArticle, read_blocks
from tts_service.article.markdown import read_markdown
from tts_service.values import SourceFormat


def _read(source: str) -> ReadArticle:
    return read_blocks(make_article(source=source, source_format=SourceFormat.MARKDOWN, title=None))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("The ==old bridge== opens.", ["The old bridge opens."]),
        ("The ==**old** bridge== opens, ==twice==.", ["The old bridge opens, twice."]),
        ("If a == b and b == c, stop.", ["If a == b and b == c, stop."]),
        ("Use `a ==b== c` here.", ["Use a ==b== c here."]),
        ("It is H~2~O and CO~2~.", ["It is H₂O and CO₂."]),
        ("It took ~5 to ~10 hours.", ["It took ~5 to ~10 hours."]),
        ("It cost ~~5~~ 4 euros.", ["It cost 4 euros."]),
        ("An area of 4 km^2^ and 10^6^ people.", ["An area of 4 km² and 10⁶ people."]),
        ("The 2^nd^ day, 2^10 and 2^20.", ["The 2nd day, 2^10 and 2^20."]),
        ("She won.^[It was her third win.] He lost.", ["She won. He lost."]),
        ("She won^[see [the table](https://example.org/t)], he lost.", ["She won, he lost."]),
        ("## The costs {#costs}\n\nThey rise.", ["The costs", "They rise."]),
        ("## The costs {#costs .wide}\n\nThey rise.", ["The costs", "They rise."]),
        ("See [the plan](https://example.org/p){.button} now.", ["See the plan now."]),
        ("A set {a, b} stays.", ["A set {a, b} stays."]),
        ("- [ ] Buy bread\n- [x] Sell the goat\n- [new] stays", ["Buy bread", "Sell the goat", "[new] stays"]),
        (r"It is \==not marked== here.", ["It is ==not marked== here."]),
        ("Go to <https://example.org/a~b~c> now.", ["Go to https://example.org/a~b~c now."]),
    ],
)
def test_a_sign_is_read_for_what_it_means(source: str, said: list[str]) -> None:
    got = _read(source)
    assert [block.text for block in got.blocks if block.spoken] == said
    assert got.lost.characters == 0


def test_an_inline_note_is_kept_and_not_spoken() -> None:
    got = _read("The goat won.^[It was her *third* win.]")
    assert [(block.text, block.spoken) for block in got.blocks if block.text != "*"] == [
        ("The goat won.", True),
        ("It was her third win.", False),
    ]


@pytest.mark.parametrize("atom", ["==a ", "^[", "^[[a] ", "a~b", "a^b", " {#a", "`=="])
def test_no_row_of_signs_takes_long(atom: str) -> None:
    source = (atom * 50_000)[:50_000]
    assert takes_at_most(3, lambda: read_markdown(source))
