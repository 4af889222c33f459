"""A word that kills or blocks the voice costs that word, never the article."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.jobs.test_slices import work
from tests.parts.factories import make_article, make_settings
from tts_service.commands.to_file import speak_to_file
from tts_service.db.rows import utterance_of
from tts_service.db.tables import ClipRevisionRow, UtteranceRow
from tts_service.engines.base import Sound
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.child.unspeakable import RULE, silenced, unspeakable_tokens, without_unspeakable
from tts_service.engines.tone import ToneEngine
from tts_service.engines.voices.casting import Cast
from tts_service.errors import EngineUnavailable, UnspeakableText
from tts_service.jobs.acceptable import Wish
from tts_service.newsroom.policies import set_policy
from tts_service.parts import Parts
from tts_service.provenance.read_back import read_disclosure
from tts_service.speakable.notice import USUAL_NOTICES
from tts_service.values import SpokenWord, Token, Utterance, Voice
from tts_service.values.speech_policy import SpokenNotice
from tts_service.web.reading import lines_heard

pytestmark = pytest.mark.slow

FAULTY = Wish(voice="tone:faulty")


def utterance(text: str) -> Utterance:
    tokens, at = [], 0
    for word in text.split(" "):
        tokens.append(Token(start=at, end=at + len(word), spoken=(word,)))
        at += len(word) + 1
    return Utterance(block=0, start=0, end=len(text), tokens=tuple(tokens), language="en", pause_after_ms=320)


def said(rows: Parts) -> list[Utterance]:
    with rows.database.reading() as session:
        found = session.scalars(select(UtteranceRow).order_by(UtteranceRow.position)).all()
        return [utterance_of(row) for row in found]


def test_a_word_that_kills_the_voice_is_left_out_and_the_rest_is_said(parts: Parts, engine: EngineChild) -> None:
    text = "All is well. Then CRASH came to town. Nobody was hurt."
    job = work(parts, engine, make_article(source=text, title=None), FAULTY)

    assert job.state == "succeeded", job.error
    assert [one.spoken_text for one in said(parts)] == ["All is well.", "Then came to town.", "Nobody was hurt."]
    with parts.database.reading() as session:
        revision = session.scalars(select(ClipRevisionRow)).one()
        words = [word.text for line in lines_heard(session, revision) for word in line.words]
    assert words == ["All", "is", "well", "Then", "came", "to", "town", "Nobody", "was", "hurt"]
    assert revision.account[-1] == {
        "kind": RULE,
        "characters": 5,
        "spoken": 0,
        "reason": "the voice died on this word",
        "text": "CRASH",
    }


def test_the_command_line_leaves_it_out_too(tmp_path: Path) -> None:
    marks = tmp_path / "marks.json"
    article = make_article(source="All is well. Then CRASH came to town.", title=None)
    speak_to_file(article, tmp_path / "clip.wav", "tone:faulty", make_settings(tmp_path), marks=marks)
    sentences = json.loads(marks.read_text("utf-8"))["sentences"]

    assert [word["text"] for word in sentences[1]["words"]] == ["Then", "came", "to", "town"]


def test_a_sentence_of_nothing_but_that_word_is_a_short_silence(parts: Parts, engine: EngineChild) -> None:
    job = work(parts, engine, make_article(source="All is well.\n\nCRASH\n\nNobody was hurt.", title=None), FAULTY)

    assert job.state == "succeeded", job.error
    assert said(parts)[1].words == ()


def test_a_voice_that_says_nothing_at_all_is_named_as_the_cause_and_no_word_is_dropped() -> None:
    class Broken:
        def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
            raise EngineUnavailable("The engine failed on this text: OSError: libvoice.so is gone", cause="raised")

    cast = Cast(main=ToneEngine(Path()).voices()[0])
    with pytest.raises(EngineUnavailable, match=r"libvoice\.so is gone") as raised:
        without_unspeakable(Broken(), cast, utterance("one two three"))

    assert raised.value.details["cause"] == "start"


@pytest.mark.parametrize(
    ("text", "deadly", "lost"),
    [
        ("one two three four", {"three"}, ["three"]),
        ("one two three four five six", {"two", "five"}, ["two", "five"]),
        ("a bb ccc dddddddd", {"dddddddd"}, ["dddddddd"]),
        ("alone", {"alone"}, ["alone"]),
    ],
)
def test_the_deadly_words_are_found(text: str, deadly: set[str], lost: list[str]) -> None:
    whole = utterance(text)
    found = unspeakable_tokens(whole, lambda part: not deadly & {word.text for word in part.words})

    assert [whole.tokens[index].spoken[0] for index in found] == lost


def test_two_words_that_kill_only_together_cost_the_longer_one() -> None:
    whole = utterance("one two threefold four")
    found = unspeakable_tokens(whole, lambda part: not {"one", "threefold"} <= {word.text for word in part.words})

    assert found == [2]


def test_a_voice_that_survives_nothing_loses_the_sentence() -> None:
    whole = utterance("one two three")

    assert unspeakable_tokens(whole, lambda part: not part.words) == [0, 1, 2]
    assert silenced(whole, [0, 1, 2]).words == ()


def test_a_long_sentence_takes_few_tries() -> None:
    """A word that blocks costs a deadline each time."""
    whole = utterance(" ".join(f"word{number}" for number in range(40)))
    tries, deaths = [], []

    def speaks(part: Utterance) -> bool:
        dies = "word17" in {word.text for word in part.words}
        (deaths if dies else tries).append(1)
        return not dies

    assert unspeakable_tokens(whole, speaks) == [17]
    assert len(deaths) <= 7


# --- the spoken notice ---

DEADLY = {"notice": {"texts": {"en": "The CRASH gazette is read by a synthetic voice."}}}


def test_a_notice_that_kills_the_voice_gives_way_to_the_usual_one(parts: Parts, engine: EngineChild) -> None:
    set_policy(parts.database, parts.voices, "gazette", DEADLY)
    job = work(parts, engine, make_article(source="All is well.", title=None), FAULTY)

    assert job.state == "succeeded", job.error
    with parts.database.reading() as session:
        revision = session.scalars(select(ClipRevisionRow)).one()
        [line] = session.scalars(select(UtteranceRow))
    assert (line.notice_samples or 0) > 22050
    assert (revision.notice or {})["text"] == USUAL_NOTICES["en"]
    assert (revision.provenance or {})["spoken_notice"] == USUAL_NOTICES["en"]
    assert not [token for token in (revision.notice or {})["utterance"]["tokens"] if RULE in token["rules"]]


def test_where_no_word_may_be_lost_it_ends_the_job(parts: Parts, engine: EngineChild) -> None:
    set_policy(parts.database, parts.voices, "gazette", DEADLY | {"unspeakable": "refused"})
    job = work(parts, engine, make_article(source="All is well.", title=None), FAULTY)

    assert (job.state, (job.error or {})["code"]) == ("failed", "unspeakable_text")


def test_a_clip_is_never_without_its_notice(parts: Parts, engine: EngineChild, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the usual words kill this voice: then there is no clip."""
    monkeypatch.setitem(USUAL_NOTICES, "en", "This CRASH is synthetic.")
    set_policy(parts.database, parts.voices, "gazette", DEADLY)
    job = work(parts, engine, make_article(source="All is well.", title=None), FAULTY)

    assert (job.state, (job.error or {})["code"]) == ("failed", "unspeakable_text")


def test_the_command_line_loses_no_word_of_a_notice(tmp_path: Path) -> None:
    """As the service: the usual words take its place as a whole."""
    out = tmp_path / "clip.wav"
    settings = make_settings(tmp_path, spoken_notice=SpokenNotice(texts=DEADLY["notice"]["texts"]))
    speak_to_file(make_article(source="All is well.", title=None), out, "tone:faulty", settings)

    assert (read_disclosure(out).record or {})["spoken_notice"] == USUAL_NOTICES["en"]


def test_the_command_line_makes_no_clip_without_its_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(USUAL_NOTICES, "en", "This CRASH is synthetic.")
    settings = make_settings(tmp_path, spoken_notice=SpokenNotice(texts=DEADLY["notice"]["texts"]))
    article = make_article(source="All is well.", title=None)
    with pytest.raises(UnspeakableText, match="notice"):
        speak_to_file(article, tmp_path / "clip.wav", "tone:faulty", settings)
    assert not (tmp_path / "clip.wav").exists()
