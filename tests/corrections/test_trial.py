"""Trials of an entry on one sentence: what is heard before and after, and that saving speaks it no second time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.parts.clip_rows import RowArticle, insert_clips, paragraphs
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.corrections.trials.trial import ClipSentence, FreeSentence, tried_sound, try_sentence
from tts_service.db.tables import UtteranceRow
from tts_service.engines.base import Sound
from tts_service.engines.tone import ToneEngine
from tts_service.engines.voices.casting import Cast
from tts_service.errors import NotFound, VoiceNotFound
from tts_service.narration.speak import key_of
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.utterances import make_utterances
from tts_service.values import SpokenWord, Voice

GAZETTE = Place.of("gazette")
TEXT = "Holyrood met today. Others did not. Then Holyrood rose."


class Counted:
    """The tone engine; remembers what it spoke."""

    def __init__(self, parts: Parts) -> None:
        self._engine = ToneEngine(parts.settings.voices_folder)
        self.spoken: list[str] = []

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        self.spoken.append(" ".join(word.ipa or word.text for word in words))
        return self._engine.speak(words, voice, rate)


@pytest.fixture
def engine(parts: Parts) -> Counted:
    return Counted(parts)


def proposal(*graphemes: str, place: Place = GAZETTE, **values: Any) -> LexiconProposal:
    said = {} if "ipa" in values else {"alias": "Holly rood"}
    lexeme = Lexeme(graphemes=graphemes or ("Holyrood",), language="en", **{**said, **values})
    return LexiconProposal(place=place, lexeme=lexeme)


@pytest.fixture
def clip(parts: Parts) -> ClipSentence:
    insert_clips(parts, [RowArticle(external_id="1", blocks=paragraphs("A headline.", TEXT))])
    return ClipSentence(clip_id="clip_gazette_1", position=1)


def test_a_clips_sentence_is_heard_before_and_after(parts: Parts, engine: Counted, clip: ClipSentence) -> None:
    trial = try_sentence(parts, engine, clip, proposal())
    assert (trial.text, trial.language, trial.same) == ("Holyrood met today.", "en", False)
    assert [one.words for one in trial.before] == ["Holyrood met today."]
    assert [one.words for one in trial.after] == ["Holly rood met today."]
    assert engine.spoken == ["Holyrood met today.", "Holly rood met today."]
    with parts.database.reading() as session:
        stored = session.scalars(select(UtteranceRow.segment_key).where(UtteranceRow.position == 1)).one()
    assert trial.before[0].segment_key == stored
    assert tried_sound(parts, trial.after[0].segment_key).duration_ms > 0


def test_what_was_heard_is_what_is_published(parts: Parts, engine: Counted, clip: ClipSentence) -> None:
    (after,) = try_sentence(parts, engine, clip, proposal()).after
    lexeme = proposal().lexeme
    assert lexeme is not None
    said = make_utterances(paragraphs("A headline.", TEXT), lexicon=Lexicon([lexeme]))[1]
    assert key_of(said, Cast(main=parts.voices.find("tone:beep"))) == after.segment_key
    spoken = len(engine.spoken)
    assert not any(one.fresh for one in try_sentence(parts, engine, clip, proposal()).after)
    assert len(engine.spoken) == spoken


def test_only_the_asked_sentence_is_spoken(parts: Parts, engine: Counted, clip: ClipSentence) -> None:
    third = try_sentence(parts, engine, replace(clip, position=3), proposal())
    assert (third.text, [one.words for one in third.after]) == (
        "Then Holyrood rose.",
        ["Then Holly rood rose."],
    )
    other = try_sentence(parts, engine, replace(clip, position=2), proposal())
    assert (other.text, other.same) == ("Others did not.", True)


def test_an_entry_that_says_the_same_is_told(parts: Parts, engine: Counted, clip: ClipSentence) -> None:
    assert try_sentence(parts, engine, clip, proposal(alias="Holyrood")).same
    assert try_sentence(parts, engine, clip, proposal(place=Place.of("herald"))).same
    assert try_sentence(parts, engine, clip, None).same


def test_an_entry_may_join_two_sentences(parts: Parts, engine: Counted, clip: ClipSentence) -> None:
    trial = try_sentence(parts, engine, clip, proposal("today. Others"))
    assert trial.text == "Holyrood met today. Others did not."
    assert [one.words for one in trial.before] == ["Holyrood met today.", "Others did not."]
    assert [one.words for one in trial.after] == ["Holyrood met Holly rood did not."]


def test_a_stale_clip_is_heard_as_listeners_hear_it(parts: Parts, engine: Counted, clip: ClipSentence) -> None:
    kept = add(parts.database, parts.voices, GAZETTE, proposal(alias="Hollow rude").lexeme, author="test").row  # type: ignore[arg-type]
    trial = try_sentence(parts, engine, clip, None)
    assert [one.words for one in (*trial.before, *trial.after)] == ["Holyrood met today.", "Hollow rude met today."]
    other = replace(proposal(), entry_id=kept.id)
    trial = try_sentence(parts, engine, clip, other)
    assert [one.words for one in (*trial.before, *trial.after)] == ["Holyrood met today.", "Holly rood met today."]


def test_ipa_names_the_voices_that_read_the_spelling(parts: Parts, engine: Counted, clip: ClipSentence) -> None:
    trial = try_sentence(parts, engine, clip, proposal(ipa="ˈhɒlɪˌruːd"))
    assert [one.words for one in trial.after] == ["/ˈhɒlɪˌruːd/ met today."]
    typed = FreeSentence(text="In “Holyrood”, (Holyrood), the C++, ended.", language="en", site="gazette")
    trial = try_sentence(parts, engine, typed, proposal("Holyrood", "C++", ipa="ˈhɒlɪˌruːd"), voice="tone:beep")
    ipa = "/ˈhɒlɪˌruːd/"
    assert [one.words for one in trial.after] == [f"In “{ipa}”, ({ipa}), the {ipa}, ended."]
    # A variety of English whose voice has no "h".
    assert [(one.voice, one.symbols) for one in trial.spelled_by] == [("pyttsx3:en-gb-x-gbcwmd", ("h",))]


def test_another_voice(parts: Parts, engine: Counted, clip: ClipSentence) -> None:
    one = try_sentence(parts, engine, clip, proposal())
    other = try_sentence(parts, engine, clip, proposal(), voice="tone:low")
    assert other.after[0].voice == "tone:low"
    assert {one.before[0].segment_key}.isdisjoint({other.before[0].segment_key})
    with pytest.raises(VoiceNotFound):
        try_sentence(parts, engine, clip, proposal(), voice="tone:none")


def test_a_sentence_that_is_typed(parts: Parts, engine: Counted) -> None:
    typed = FreeSentence(text="Holyrood’s own.", language="en", site="gazette")
    trial = try_sentence(parts, engine, typed, proposal(), voice="tone:beep")
    assert [one.words for one in (*trial.before, *trial.after)] == ["Holyrood’s own.", "Holly rood’s own."]
    silent = try_sentence(parts, engine, FreeSentence(text="***", language="en"), None, voice="tone:beep")
    assert (silent.before, silent.after) == ((), ())


@pytest.mark.parametrize("place", [{"clip_id": "clip_none"}, {"position": 99}, {"revision": 7}])
def test_a_sentence_that_is_not_there(parts: Parts, engine: Counted, clip: ClipSentence, place: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        try_sentence(parts, engine, replace(clip, **place), proposal())
    with pytest.raises(NotFound):
        tried_sound(parts, "0" * 64)
