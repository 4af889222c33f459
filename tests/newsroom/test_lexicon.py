"""Lexemes found in a text: which words, which lexeme of several, and what becomes of their utterances."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parts.processor import costs_at_most, takes_at_most
from tts_service.errors import InputRefused
from tts_service.speakable.lexeme import Lexeme, Scope, tidied, word_pattern
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind

GLOBAL, SITE, ARTICLE = Scope.GLOBAL, Scope.SITE, Scope.ARTICLE


def lexeme(*graphemes: str, **values: Any) -> Lexeme:
    said: dict[str, Any] = {} if values.keys() & {"alias", "ipa"} else {"alias": "<" + graphemes[0] + ">"}
    return Lexeme(graphemes=graphemes, **{"language": "en", **said, **values})


def found(text: str, *lexemes: Lexeme, language: str = "en") -> list[tuple[str, str]]:
    readings = Lexicon(lexemes).readings(text, language)
    return [(text[r.start : r.end], r.ipa or r.said) for r in readings]


def words(text: str, *lexemes: Lexeme, language: str = "en") -> list[tuple[str, tuple[str, ...], str | None]]:
    """(written, spoken, ipa) of each token that is said."""
    block = Block(kind=BlockKind.PARAGRAPH, text=text, language=language)
    made = make_utterances([block], lexicon=Lexicon(lexemes))
    return [(text[t.start : t.end], t.spoken, t.ipa) for u in made for t in u.tokens if t.spoken]


# --- which words ---


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Nato", 1),
        ("Der Nato-Gipfel", 1),
        ("«Nato»", 1),
        ("(Nato),", 1),
        ("Nato. Then", 1),
        ("Nato—Russia", 1),
        ("Nato's", 1),
        ("Nato’s", 1),
        ("UN/Nato", 1),
        ("Natogipfel", 0),
        ("ANato", 0),
        ("Nato2", 0),
        ("Nató", 0),
        ("Nato\u0301", 0),
        ("Nato\u0915", 0),
        ("nato", 0),
        ("NATO", 0),
        ("Nato_x", 0),
        ("Nato Nato", 2),
    ],
)
def test_whole_words_by_unicode(text: str, count: int) -> None:
    assert len(found(text, lexeme("Nato"))) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Nato", 1),
        ("Der Nato-Gipfel", 0),
        ("der Ex‑Nato‐Chef", 0),
        ("Nato- und EU-Länder", 0),
        ("Nato’s plan", 1),
        ("- Nato\n-Nato", 2),
        ("Nato--Russia", 1),
        ("Nato–Russia", 1),
        ("UN/Nato", 1),
    ],
)
def test_a_lexeme_that_stands_alone_is_no_part_of_a_hyphenated_word(text: str, count: int) -> None:
    assert len(found(text, lexeme("Nato", alone=True))) == count


def test_where_one_must_stand_alone_another_may_match() -> None:
    both = (lexeme("Nato", alone=True, alias="one", scope=ARTICLE), lexeme("Nato", alias="other", scope=SITE))
    assert [said for _, said in found("Nato and a Nato-Gipfel", *both)] == ["one", "other"]


@pytest.mark.parametrize(
    "text", ["info@nato.int", "https://x.example/nato", "www.nato.int", "nato.int", "@nato", "#nato", "a_nato_b"]
)
def test_addresses_are_left_alone(text: str) -> None:
    assert found(f"see {text} there", lexeme("nato")) == []


def test_numbers_are_left_whole() -> None:
    assert found("1.5 or 5,000 or 7:5 but 5 and 5.", lexeme("5")) == [("5", "<5>"), ("5", "<5>")]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("3M makes tape", 1),
        ("a 3M tape", 1),
        ("(3M)", 1),
        ("$3M was paid", 0),
        ("US$3M", 0),
        ("$ 3M", 0),
        ("£3M", 0),
        ("€3M", 0),
        ("3M€ more", 0),
        ("3M € more", 0),
        ("₹3M", 0),
        ("3M costs $5", 1),
    ],
)
def test_an_amount_of_money_is_no_name(text: str, count: int) -> None:
    assert len(found(text, lexeme("3M", alias="Three Em"))) == count


def test_an_amount_is_said_with_its_currency_beside_a_name_like_it() -> None:
    block = Block(kind=BlockKind.PARAGRAPH, text="3M paid $3M.", language="en")
    (made,) = make_utterances([block], lexicon=Lexicon([lexeme("3M", alias="Three Em")]))
    assert made.spoken_text == "Three Em paid three million dollars."


@pytest.mark.parametrize("text", ["St Ives", "St\u00a0Ives", "St   Ives", "St\n Ives", "St \u202f\t Ives"])
def test_any_white_space_between_the_words_of_a_grapheme(text: str) -> None:
    assert found(f"in {text}.", lexeme("St Ives")) == [(text, "<St Ives>")]


def test_a_comma_between_the_words_is_no_white_space() -> None:
    assert found("in St, Ives and St-Ives", lexeme("St Ives")) == []


def test_straight_and_typographic_signs_are_the_same() -> None:
    for written in ("O'Brien", "O’Brien"):
        assert found("O’Brien and O'Brien", lexeme(written, alias="x")) == [("O’Brien", "x"), ("O'Brien", "x")]
    assert len(found("Wi‑Fi Wi-Fi", lexeme("Wi-Fi"))) == 2


def test_composed_and_decomposed_letters_are_the_same() -> None:
    decomposed = unicodedata.normalize("NFD", "Müller")
    assert found(f"{decomposed} Müller", lexeme("Müller", alias="x")) == [(decomposed, "x"), ("Müller", "x")]
    assert found("Müller", lexeme(decomposed, alias="x")) == [("Müller", "x")]


def test_signs_around_the_words_belong_to_the_grapheme() -> None:
    lexemes = (lexeme("C++"), lexeme(".NET"), lexeme("Yahoo!"), lexeme("AT&T"))
    assert [said for _, said in found("C++ and .NET by Yahoo! or AT&T", *lexemes)] == [
        "<C++>",
        "<.NET>",
        "<Yahoo!>",
        "<AT&T>",
    ]
    assert found("C and NET by Yahoo or AT T", *lexemes) == []


# --- which lexeme ---


def test_the_longest_match_is_taken() -> None:
    lexemes = (lexeme("New"), lexeme("New York", scope=GLOBAL), lexeme("York Times"), lexeme("New York Times Square"))
    assert found("New York Times", *lexemes) == [("New York", "<New York>")]
    assert found("New York Times Square", *lexemes) == [("New York Times Square", "<New York Times Square>")]
    assert found("New Town", *lexemes) == [("New", "<New>")]
    assert found("C++", lexeme("C", scope=ARTICLE), lexeme("C++", scope=GLOBAL)) == [("C++", "<C++>")]


def test_the_narrower_scope_wins_at_equal_length() -> None:
    lexemes = [lexeme("Lead", scope=scope, alias=scope.value) for scope in (GLOBAL, ARTICLE, SITE)]
    assert found("Lead", *lexemes) == [("Lead", "article")]
    assert found("Lead", lexemes[0], lexemes[2]) == [("Lead", "site")]
    assert found(
        "Lead",
        lexeme("Lead", scope=SITE, alias="site"),
        lexeme("Lead", language="en-GB", scope=GLOBAL),
        language="en-GB",
    ) == [("Lead", "site")]


def test_the_rule_names_the_scope() -> None:
    readings = [Lexicon([lexeme("x", scope=scope)]).readings("x", "en")[0] for scope in Scope]
    assert [reading.rule for reading in readings] == ["lexicon (global)", "lexicon (site)", "lexicon (article)"]


def test_a_lexeme_serves_its_language_and_its_regions_only() -> None:
    general, british = lexeme("Lead", alias="general"), lexeme("Lead", alias="british", language="en-GB")
    assert found("Lead", general, british, language="en-GB") == [("Lead", "british")]
    assert found("Lead", general, british, language="en_gb") == [("Lead", "british")]
    assert found("Lead", general, british, language="en-US") == [("Lead", "general")]
    assert found("Lead", british, language="en") == []
    assert found("Lead", general, language="de") == []
    assert found("Lead", lexeme("Lead", language="e"), language="en") == []


def test_case_counts_unless_said_otherwise() -> None:
    assert found("IT it", lexeme("IT")) == [("IT", "<IT>")]
    assert [w for w, _ in found("wifi WIFI Straße STRASSE", lexeme("WiFi", "strasse", case_sensitive=False))] == [
        "wifi",
        "WIFI",
        "Straße",
        "STRASSE",
    ]
    exact, any_case = lexeme("Polish", alias="exact"), lexeme("polish", alias="any", case_sensitive=False)
    assert found("Polish polish", any_case, exact) == [("Polish", "exact"), ("polish", "any")]


def test_several_graphemes_say_the_same() -> None:
    assert found("Kiew oder Kyjiw", lexeme("Kiew", "Kyjiw", language="de", alias="x"), language="de-AT") == [
        ("Kiew", "x"),
        ("Kyjiw", "x"),
    ]


# --- what is said ---


def test_an_alias_is_read_by_the_rules() -> None:
    assert words("The A1M.", lexeme("A1M", alias="Motorway 1"))[1] == ("A1M", ("Motorway", "one"), None)


def test_a_pronunciation_makes_one_spoken_word_and_keeps_the_reading_of_the_rules() -> None:
    text = "He saw “Port 2 Ellery”, then left."
    block = Block(kind=BlockKind.PARAGRAPH, text=text, language="en")
    [utterance] = make_utterances([block], lexicon=Lexicon([lexeme("Port 2 Ellery", ipa="pɔːt")]))
    said = [(word.text, word.ipa) for word in utterance.words]
    assert said == [("He", None), ("saw", None), ("“Port-two-Ellery”,", "pɔːt"), ("then", None), ("left.", None)]


def test_a_genitive_is_said_with_its_name() -> None:
    assert words("Kx’s hat", lexeme("Kx", alias="Kix"))[0] == ("Kx’s", ("Kix’s",), None)
    for ipa, spoken in (("kɪks", "kɪksɪz"), ("kɪt", "kɪts"), ("kɪm", "kɪmz"), ("kɪ", "kɪz")):
        assert found("Kx's hat", lexeme("Kx", ipa=ipa)) == [("Kx's", spoken)]
    assert found("Kx’ll go, Kx'd go", lexeme("Kx", ipa="kɪt")) == [("Kx’ll", "kɪtəl"), ("Kx'd", "kɪtɪd")]
    assert found("Kx’s Hut", lexeme("Kx", ipa="kɪm", language="de"), language="de") == [("Kx’s", "kɪms")]
    assert found("Kx'suffix", lexeme("Kx")) == [("Kx", "<Kx>")]


def test_an_elision_is_said_with_its_name() -> None:
    otan = lexeme("OTAN", language="fr", alias="otane")
    assert words("Le chef de l’OTAN parle", otan, language="fr")[3] == ("l’OTAN", ("l’otane",), None)
    assert found("Jusqu'OTAN", lexeme("OTAN", language="fr", ipa="ɔtɑ̃"), language="fr") == [("Jusqu'OTAN", "ʒyskɔtɑ̃")]


def test_compounds_and_numbers_behind_a_name_are_still_read() -> None:
    said = words("Nato-Gipfel, Covid-19", lexeme("Nato", alias="Nehto"), lexeme("Covid"))
    assert [spoken for _, spoken, _ in said] == [("Nehto",), ("Gipfel",), ("Covid",), ("nineteen",)]


def test_the_mark_before_a_name_stays_with_it() -> None:
    block = Block(kind=BlockKind.PARAGRAPH, text="Of “Nato” and (Nato) he spoke.", language="en")
    [utterance] = make_utterances([block], lexicon=Lexicon([lexeme("Nato", alias="Nehto")]))
    assert utterance.spoken_text == "Of “Nehto” and (Nehto) he spoke."


def test_a_sentence_is_not_ended_within_a_grapheme() -> None:
    block = Block(kind=BlockKind.PARAGRAPH, text="It is St. Ives. Then home.", language="en")
    made = make_utterances([block], lexicon=Lexicon([lexeme("St. Ives. Then", alias="Saint")]))
    assert len(made) == 1


# --- the lexicon as a whole ---


def test_the_version_tells_other_lexicons_apart_whatever_the_order() -> None:
    one, two = lexeme("a"), lexeme("b")
    assert Lexicon([one, two]).version == Lexicon([two, one]).version
    versions = {
        Lexicon(lexemes).version
        for lexemes in (
            [],
            [one],
            [one, two],
            [lexeme("a", scope=GLOBAL)],
            [lexeme("a", case_sensitive=False)],
            [lexeme("a", alias="x")],
            [lexeme("a", ipa="x")],
            [lexeme("a", language="de")],
        )
    }
    assert len(versions) == 8


LETTERS = st.text("abAB1é\u0301 '’.-_@ß\u00a0\n", max_size=40)


@given(LETTERS, st.lists(st.tuples(st.text("abAB1é .'", min_size=1, max_size=6), st.booleans()), max_size=6))
def test_readings_are_in_order_apart_and_in_bounds(text: str, graphemes: list[tuple[str, bool]]) -> None:
    spoken = [lexeme(g, alias="x", case_sensitive=case) for g, case in graphemes if word_pattern().search(g)]
    readings = Lexicon(spoken).readings(text, "en")
    places = [place for reading in readings for place in (reading.start, reading.end)]
    assert places == sorted(places)
    assert all(0 <= r.start < r.end <= len(text) and r.read for r in readings)
    assert all(one.end <= other.start for one, other in pairwise(readings))


def test_five_thousand_lexemes_cost_a_look_up_per_word() -> None:
    large, small = (Lexicon(lexeme(f"Name{n} Other{n % 7}", alias="x") for n in range(count)) for count in (5_000, 90))
    text = " ".join(f"word{n % 900} Name{n % 90}" for n in range(7_000))[:100_000]
    large.readings("", "en")
    small.readings("", "en")
    # Half of the words begin a lexeme, of either lexicon: the other 4,910 cost nothing.
    assert costs_at_most(2, lambda: large.readings(text, "en"), lambda: small.readings(text, "en"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "atom",
    ["a ", "'s", "Nato ", "Nato@", "e\u0301", "\u0301", "Nato.", "a_", "Sankt ", "www.Nato", "l’", "Nato's", "Nato "],
)
def test_a_hostile_text_takes_time_by_its_length(atom: str) -> None:
    lexemes = [lexeme("Nato"), lexeme("Sankt " * 9 + "Ende"), lexeme("a a a a b"), lexeme("é é x", language="fr")]
    lexicon = Lexicon(lexemes)
    text = atom * (100_000 // len(atom))
    assert takes_at_most(3, lambda: (lexicon.readings(text, "en"), lexicon.readings(text, "fr")))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (lexeme("", alias="x"), "has no letter or digit"),
        (lexeme("“—”", alias="x"), "has no letter or digit"),
        (lexeme("Nato", " Nato "), "is listed twice"),
        (lexeme("Nato", "NATO", case_sensitive=False), "is listed twice"),
        (lexeme("x" * 101), "101 characters"),
        (lexeme("a " * 11), "11 words"),
        (Lexeme(graphemes=(), language="en", alias="x"), "1 to 20 spellings"),
        (lexeme("a\x00b"), r"can't be stored, U\+0000"),
        (lexeme("a", alias="!?"), "nothing to speak"),
        (lexeme("a", alias="x" * 201), "201 characters"),
        (lexeme("a", language="english language"), "not a language tag"),
        (lexeme("a", alias="x", ipa="x"), "either a respelling"),
        (Lexeme(graphemes=("a",), language="en"), "either a respelling"),
    ],
)
def test_a_lexeme_that_can_not_be_is_refused_with_the_reason(wrong: Lexeme, reason: str) -> None:
    with pytest.raises(InputRefused, match=reason):
        tidied(wrong)


def test_a_lexeme_is_tidied() -> None:
    tidy = tidied(lexeme("  St \u00a0 Ives ", alias=" Saint\nIves "))
    assert (tidy.graphemes, tidy.alias) == (("St Ives",), "Saint Ives")
