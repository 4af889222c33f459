"""What a report is about: the rules, one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_service.corrections.cases.grouping import case_keys, subject_of
from tts_service.corrections.cases.likeness import ALIKE, word_likeness
from tts_service.corrections.cases.reported import Reported, WrittenWord

HOLYROOD = "Critics at Holyrood left the town of Elmsworth early."
WOUND = "The bandage was wound twice."
GERMAN = "Die Mutter Müllers kam aus Polen."


def reported(sentence: str, tapped: str | None = None, comment: str = "", **values: object) -> Reported:
    words, at = [], 0
    for one in sentence.split():
        at = sentence.index(one, at)
        bare = one.strip(".,")
        words.append(WrittenWord(text=bare, start=at, end=at + len(bare)))
        at += len(one)
    place = [word.text for word in words].index(tapped) if tapped is not None else None
    facts = {"category": "pronunciation", "language": "en", "clip_id": "clip_1", "block": sentence}
    return Reported(sentence=sentence, words=tuple(words), tapped=place, comment=comment, **(facts | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tapped", "comment", "written"),
    [
        ("Holyrood", "", "Holyrood"),
        ("left", "Holyrood is wrong", "Holyrood"),
        ("left", "you say holyrud", "Holyrood"),
        (None, "should be HOLLY-rood", "Holyrood"),
        (None, "Elmswroth!", "Elmsworth"),
        ("Elmsworth", "The town is pronounced with a soft th.", "Elmsworth"),
        ("Elmsworth", "It's “town” that is wrong", "town"),
        ("of", "", "Elmsworth"),
        ("at", "", "Holyrood"),
        ("town", "", "town"),
        ("Holyrood", "Elmsworth too", "Elmsworth"),
        (None, "", ""),
    ],
)
def test_the_word_that_is_meant(tapped: str | None, comment: str, written: str) -> None:
    assert subject_of(reported(HOLYROOD, tapped, comment)).written == written


def test_an_ordinary_word_beside_a_reported_one_means_that_one() -> None:
    assert subject_of(reported(WOUND, "twice"), {"wound": 1}).written == "wound"
    assert subject_of(reported(WOUND, "twice"), {"wound": 1, "twice": 3}).written == "twice"
    assert subject_of(reported(HOLYROOD, "Elmsworth"), {"early": 9}).written == "Elmsworth"


def test_a_report_at_the_sentence_means_its_most_reported_word() -> None:
    assert subject_of(reported(HOLYROOD), {"holyrood": 2, "elmsworth": 1}).written == "Holyrood"
    assert subject_of(reported(HOLYROOD), {"holyrood": 1, "elmsworth": 1}).kind == "sentence"


def test_a_german_genitive_belongs_to_its_name() -> None:
    assert "müller" in case_keys(reported(GERMAN, language="de"))


def test_what_clings_to_a_name_is_no_part_of_it() -> None:
    assert subject_of(reported("Yes, Holyrood's plan.", "Holyrood's")).key == "holyrood"
    assert subject_of(reported("Il vient d'Angers.", "d'Angers", language="fr")).key == "angers"


def test_capitals_tell_a_short_form_from_a_word() -> None:
    assert subject_of(reported("Ask the US now.", "US")).key == "US"
    assert subject_of(reported("They told us now.", "us")).key == "us"
    assert subject_of(reported("VOTE FOR HOLYROOD", "HOLYROOD")).key == "holyrood"


def test_an_endless_word_has_a_short_key() -> None:
    endless = "".join(chr(0x4E00 + at) for at in range(3000))
    assert len(subject_of(reported(f"See {endless} now.", endless)).key) <= 100


def test_a_missing_passage_is_the_skipped_block_beside_the_sentence() -> None:
    around = {"category": "missing", "skipped": ("Ferries run twice.", "Tickets cost nine pounds.")}
    near = subject_of(reported(WOUND, **around))
    assert (near.kind, near.written) == ("passage", "Ferries run twice.")
    assert subject_of(reported(WOUND, comment="the tickets are missing", **around)).written.startswith("Tickets")
    assert subject_of(reported(WOUND, category="missing")).written == WOUND


def test_a_superfluous_passage_is_its_short_block() -> None:
    box = "Sign up for our letter. It comes by seven."
    assert subject_of(reported("It comes by seven.", category="extra", block=box)).written == box
    long = box + " And more." * 60
    assert subject_of(reported("It comes by seven.", category="extra", block=long)).written == "It comes by seven."


def test_a_fault_of_the_sound_belongs_to_the_sentence() -> None:
    assert subject_of(reported(HOLYROOD, "Holyrood", category="sound", comment="a crackle")).kind == "sentence"


def test_an_opinion_without_a_word_belongs_to_the_clip() -> None:
    found = subject_of(reported(HOLYROOD, category="other", comment="far too fast"))
    assert (found.kind, found.key) == ("clip", "clip_1")
    assert subject_of(reported("", category="pronunciation")).kind == "clip"


def test_an_edited_sentence_is_alike_and_another_is_not() -> None:
    assert word_likeness("The ship left Szczecin with grain.", "The ship left Szczecin with much grain.") > ALIKE
    assert word_likeness("The ship left Szczecin with grain.", "The ship is late and nobody knows why.") < ALIKE
    assert word_likeness("a b c d e", "e d c b a") < ALIKE
    assert word_likeness("", "") == 0


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(("en", "de", "fr", "xx")), st.data())
def test_whatever_listeners_write_has_a_subject(
    sentence: str, comment: str, language: str, data: st.DataObject
) -> None:
    made = reported(" ".join(sentence.split()), comment=comment, language=language)
    tapped = data.draw(st.none() | st.integers(0, len(made.words) - 1)) if made.words else None
    category = data.draw(st.sampled_from(("pronunciation", "number", "missing", "extra", "sound", "other")))
    facts = {name: getattr(made, name) for name in made.__slots__} | {"tapped": tapped, "category": category}
    found = subject_of(Reported(**facts))
    assert 0 < len(found.key) <= 100
    assert found == subject_of(Reported(**facts))
