"""The language of an article and of its quotes: told, else found out, else left as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.parts.processor import takes_at_most
from tts_service.article import language
from tts_service.article.blocks import ReadArticle, read_blocks
from tts_service.article.language import detect, foreign
from tts_service.values import Article, BlockKind, SourceFormat

ENGLISH = """
We never expected the harbour to open again in our lifetime.
In Amsterdam we never had a winter like this one before.
He is in The Hague with Van der Berg and De Vries all day.
Or we go on, or we stop here and never begin again.
My father was over there when the last boat went under.
I open the door, I hear water, and then the lamp is out.
The men said that the wind was too strong for the ferry.
An old man and a dog sat on the wall and ate.
Bonjour, she said, and then she spoke only English with us.
No one in Berlin or Bonn wanted to drive the bus.
It is a day like any other, only wetter and longer.
All good things come in threes, and this is the fourth.
""".strip().splitlines()
GERMAN = """
Wir haben lange auf diesen Tag gewartet, und nun ist er da.
Das Meeting mit dem Team in London war wirklich sehr gut.
Er will in der alten Halle eine Bar und ein Hotel bauen.
Man muss die Dinge nehmen, wie sie sind, und dann weitersehen.
In Den Haag war der Winter noch nie so warm wie jetzt.
Die Kinder standen am Ufer und warfen Steine in das Wasser.
""".strip().splitlines()
FOREIGN = {
    "de": GERMAN,
    "fr": [
        "Nous n'avons jamais vu autant de monde sur cette petite place.",
        "Il faut que les enfants puissent jouer dehors tous les jours.",
    ],
    "es": [
        "El agua es de todos, y por eso la cuidamos entre todos.",
        "Nunca habíamos visto tanta gente en el puerto un lunes.",
    ],
    "it": ["Non abbiamo mai visto tanta gente nella piazza di questo paese."],
    "nl": ["We hebben nog nooit zoveel mensen op dit kleine plein gezien."],
    "pl": ["Nigdy nie widzieliśmy tylu ludzi na tym małym rynku, mówi burmistrz."],
}


@pytest.mark.parametrize("quote", ENGLISH)
def test_an_english_quote_stays_english(quote: str) -> None:
    assert foreign(quote, "en-GB") is None


@pytest.mark.parametrize("quote", GERMAN)
def test_a_german_quote_stays_german(quote: str) -> None:
    assert foreign(quote, "de") is None


@pytest.mark.parametrize(("language", "quote"), [(code, quote) for code, all_ in FOREIGN.items() for quote in all_])
def test_a_long_quote_in_another_language_is_found(language: str, quote: str) -> None:
    assert foreign(quote, "en-GB") == language


@pytest.mark.parametrize("quote", [line for line in ENGLISH if "Amsterdam" not in line and "Hague" not in line])
def test_an_english_quote_in_a_german_article_is_english_or_left_alone(quote: str) -> None:
    assert foreign(quote, "de") in ("en", None)


@pytest.mark.parametrize(
    ("tag", "kind", "text", "want"),
    [
        ("blockquote", BlockKind.QUOTE, GERMAN[0], "de"),
        ("blockquote", BlockKind.QUOTE, "Wir haben lange gewartet, sehr lange.", "en-GB"),
        ("p", BlockKind.PARAGRAPH, GERMAN[0], "en-GB"),
        ("p lang=de-CH", BlockKind.PARAGRAPH, "Kurz.", "de-CH"),
        ("p lang=en", BlockKind.PARAGRAPH, "Short.", "en-GB"),
        ("p lang=en-US", BlockKind.PARAGRAPH, "Short.", "en-US"),
        ("p lang='?'", BlockKind.PARAGRAPH, "Short.", "en-GB"),
    ],
)
def test_a_blocks_language(tag: str, kind: BlockKind, text: str, want: str) -> None:
    source = f"<p>It was read by many, and it was liked.</p><{tag}>{text}</{tag.split()[0]}>"
    article = Article(
        site="s", external_id="1", source=source, source_format=SourceFormat.HTML, language="en-GB", title="A title"
    )
    block = read_blocks(article).blocks[-1]
    assert (block.kind, block.language) == (kind, want)


GERMAN_TEXT = " ".join(GERMAN * 2)
ENGLISH_TEXT = " ".join(ENGLISH)


def settled(declared: str | None, source: str, speaks: Callable[[str], bool] = lambda tag: True) -> ReadArticle:
    article = Article(
        site="s", external_id="1", source=source, source_format=SourceFormat.HTML, language=declared, title=None
    )
    return read_blocks(article, speaks=speaks)


def test_a_declared_language_that_the_text_plainly_contradicts_is_doubted_and_the_account_says_so() -> None:
    read = settled("en-GB", f"<p>{GERMAN_TEXT}</p>")
    assert (read.language, read.blocks[0].language) == ("de", "de")
    assert read.account[-1] == {
        "kind": "language",
        "characters": 0,
        "spoken": 0,
        "text": "",
        "reason": "read as its words are, not as declared: de instead of en-GB",
    }


@pytest.mark.parametrize(
    ("declared", "source"),
    [
        ("de-AT", GERMAN_TEXT),  # a region is no contradiction
        ("en-US", ENGLISH_TEXT),
        ("en", GERMAN_TEXT[:150]),  # too short to tell
        ("ca", " ".join(FOREIGN["es"] * 3)),  # the detector doesn't know Catalan: Spanish is what it would take it for
        ("gsw", GERMAN_TEXT),
        ("en", f"{ENGLISH_TEXT} {GERMAN_TEXT}"),  # not all of it
        ("en", f"{GERMAN_TEXT} {ENGLISH_TEXT}"),
        ("en", f"{GERMAN_TEXT * 2} {ENGLISH_TEXT} {GERMAN_TEXT * 2}"),  # a third between
        ("en", f"{ENGLISH_TEXT}</p><blockquote>{GERMAN_TEXT * 3}</blockquote><p>He went."),
        ("en", f"{ENGLISH_TEXT}</p><p lang=de>{GERMAN_TEXT * 3}</p><p>He went."),
        ("en", " ".join(str(number) for number in range(300))),
    ],
)
def test_what_isnt_plainly_contradicted_stays_as_declared(declared: str, source: str) -> None:
    read = settled(declared, f"<p>{source}</p>")
    assert read.language == declared
    assert [line for line in read.account if line["kind"] == "language"] == []


def test_a_language_that_holds_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every article waits for it."""
    compared = 0

    def counted(text: str, article: str) -> str | None:
        nonlocal compared
        compared += 1
        return foreign(text, article)

    monkeypatch.setattr(language, "foreign", counted)
    settled("en-US", f"<p>{ENGLISH_TEXT}</p>")
    assert compared == 1


def test_a_language_that_no_voice_speaks_is_no_reason_to_doubt() -> None:
    assert settled("en", f"<p>{GERMAN_TEXT}</p>", lambda tag: tag != "de").language == "en"


def test_what_isnt_declared_is_found_out_and_nothing_is_doubted() -> None:
    read = settled(None, f"<p>{GERMAN_TEXT}</p>")
    assert (read.language, read.account[-1]["kind"]) == ("de", "paragraph")


def test_a_long_foreign_beginning_doesnt_decide() -> None:
    assert detect(f"{GERMAN_TEXT} {GERMAN_TEXT} {ENGLISH_TEXT * 8}") == "en"
    assert detect(f"{ENGLISH_TEXT} {ENGLISH_TEXT} {GERMAN_TEXT * 8}") == "de"


def test_what_is_unknown_stays_with_the_articles_language() -> None:
    assert foreign("Lorem ipsum dolor sit 12 34 56 78 90 xx yy zz", "en") is None
    assert foreign(GERMAN[0], "tlh") is None
    assert detect("The word of the week menu") is None


def test_finding_out_a_quotes_language_takes_a_millisecond() -> None:
    foreign(GERMAN[0], "en")
    assert takes_at_most(0.5, lambda: [foreign(quote, "en") for quote in ENGLISH * 10])
