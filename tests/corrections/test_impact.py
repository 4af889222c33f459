"""Impact of an entry before it is saved: exactly the sentences whose sound changes, and what looks like a false hit."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import update

from tests.parts.clip_rows import RowArticle, insert_clips, paragraphs
from tts_service.corrections.impact import comparing as module
from tts_service.corrections.impact.comparing import affected_clip, affected_clips
from tts_service.corrections.impact.doubts import DoubtReason, NoMatch
from tts_service.corrections.impact.proposal import LexiconChange, LexiconProposal, ProposedEntry
from tts_service.corrections.impact.weighing import Impact, impact, impact_of
from tts_service.corrections.trials.trial import FreeSentence, try_sentence
from tts_service.db.tables import ClipRow
from tts_service.engines.tone import ToneEngine
from tts_service.errors import Conflict, NotFound
from tts_service.jobs.clip_words import search_clips
from tts_service.newsroom.lexicon import add, lexicon_for
from tts_service.newsroom.lexicon_place import ArticleName, Place
from tts_service.newsroom.lexicon_search import LexiconFilter, entries
from tts_service.parts import Parts
from tts_service.speakable.changes import said_words, same_sound
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, Utterance
from tts_service.web.staff.desk.draft import EntryDraft, proposal_of

GAZETTE = Place.of("gazette")


def lexeme(*graphemes: str, **values: Any) -> Lexeme:
    said: dict[str, Any] = {} if values.keys() & {"alias", "ipa"} else {"alias": "said so"}
    return Lexeme(graphemes=graphemes, **{"language": "en", **said, **values})


def proposal(*graphemes: str, place: Place = GAZETTE, left_out: tuple[ArticleName, ...] = (), **values: Any) -> Any:
    return LexiconProposal(place=place, lexeme=lexeme(*graphemes, **values), except_articles=left_out)


def fill(parts: Parts, *texts: str, **values: Any) -> list[RowArticle]:
    made = [
        RowArticle(external_id=str(n), blocks=paragraphs(*text.split("|")), **values) for n, text in enumerate(texts)
    ]
    insert_clips(parts, made)
    return made


def changed(found: Impact) -> dict[str, list[str]]:
    """Per article the sentences that change."""
    return {clip.external_id: [clip.text_of(change) for change in clip.changes] for clip in found.clips}


# --- exact ---


def test_an_entry_changes_the_sentences_that_it_makes_sound_otherwise(parts: Parts) -> None:
    fill(parts, "Holyrood met. Others did not.|Then Holyrood rose.", "Nothing here.", "In Holyrood’s hall.")
    found = impact(parts, proposal("Holyrood"))
    assert changed(found) == {"2": ["In Holyrood’s hall."], "0": ["Holyrood met.", "Then Holyrood rose."]}
    assert (found.sentences, found.articles, found.candidates, found.complete) == (3, 2, 2, True)
    assert abs(found.audio_ms - 65 * len("Holyrood met.Then Holyrood rose.In Holyrood’s hall.")) <= 2
    assert found.whole_ms == sum(clip.duration_ms for clip in found.clips)
    assert found.work_ms > 0
    assert (found.doubtful, found.no_match) == ((), None)


WORDS = [
    "Nato",
    "nato",
    "Holyrood",
    "Holyrood’s",
    "Nato-Gipfel",
    "the",
    "said",
    "it.",
    "Then",
    "Dr.",
    "U.S.",
    "5",
    "***.",
]


def sounds(article: RowArticle, lexicon: Lexicon) -> dict[int, list[Utterance]]:
    said: dict[int, list[Utterance]] = {number: [] for number in range(len(article.blocks))}
    for one in make_utterances(article.blocks, lexicon=lexicon):
        said[one.block].append(one)
    return said


@pytest.mark.parametrize("seed", range(4))
def test_the_list_is_that_of_brute_force(parts: Parts, seed: int) -> None:
    chance = random.Random(seed)
    for place, word in ((Place.of(), "Nato"), (GAZETTE, "Holyrood"), (Place.of("gazette", "3"), "Nato")):
        add(parts.database, parts.voices, place, lexeme(word, alias=f"{word} the first"), author="test")
    articles = []
    for number in range(40):
        blocks = paragraphs(*(" ".join(chance.choices(WORDS, k=9)) for _ in range(2)))
        lexicon = lexicon_for(parts.database, "gazette", str(number))
        articles.append(RowArticle(external_id=str(number), blocks=blocks, lexicon=lexicon))
    insert_clips(parts, articles)
    left_out = (ArticleName("gazette", "5"),)
    asked = proposal("Nato", "said it. Then", "the Holyrood", alone=bool(seed % 2), left_out=left_out, alias="done")
    found = {clip.external_id: clip for clip in impact(parts, asked).clips}
    for article in articles:
        before = lexicon_for(parts.database, "gazette", article.external_id)
        fresh = [] if article.external_id == "5" else [asked.lexeme]
        old, new = sounds(article, before), sounds(article, Lexicon([*before.lexemes, *fresh]))
        clip = found.get(article.external_id)
        blocks = {change.block for change in clip.changes} if clip else set()
        assert blocks == {number for number in old if not same_sound(old[number], new[number])}
        for change in clip.changes if clip else ():
            inside = [one for one in new[change.block] if change.start <= one.start < change.end]
            assert same_sound(inside, change.after)
    assert len(found) > 10
    one = next(iter(found.values()))
    assert affected_clip(parts, one.clip_id, asked) == one
    assert [clip.external_id for clip in affected_clips(parts, asked)] == list(found)


def test_a_change_and_a_removal_are_weighed_against_what_holds(parts: Parts) -> None:
    kept = add(parts.database, parts.voices, GAZETTE, lexeme("Holyrood", "Elmsworth"), author="test").row
    other = lexeme("Holyrood", alias="said so")
    texts = ("Holyrood met.", "Elmsworth met.", "Nothing.")
    fill(parts, *texts, lexicon=lexicon_for(parts.database, "gazette", "0"))
    found = impact(parts, LexiconProposal(place=GAZETTE, lexeme=other, entry_id=kept.id))
    assert changed(found) == {"1": ["Elmsworth met."]}
    assert [one.spoken_text for one in found.clips[0].changes[0].after] == ["Elmsworth met."]
    gone = impact(parts, LexiconProposal(place=GAZETTE, lexeme=None, entry_id=kept.id))
    assert list(changed(gone)) == ["1", "0"]
    with pytest.raises(NotFound):
        impact(parts, LexiconProposal(place=GAZETTE, lexeme=None, entry_id="lex_none"))


def test_what_sounds_right_already_is_left_alone_and_what_is_stale_is_not(parts: Parts) -> None:
    entry = lexeme("Holyrood", scope=Scope.SITE)
    kept = add(parts.database, parts.voices, GAZETTE, entry, author="test").row
    insert_clips(
        parts,
        [
            RowArticle(external_id="old", blocks=paragraphs("Holyrood met.")),
            RowArticle(external_id="new", blocks=paragraphs("Holyrood met."), lexicon=Lexicon([entry])),
        ],
    )
    same = LexiconProposal(place=GAZETTE, lexeme=entry, entry_id=kept.id)
    assert changed(impact(parts, same)) == {"old": ["Holyrood met."]}
    back = LexiconProposal(place=GAZETTE, lexeme=None, entry_id=kept.id)
    assert list(changed(impact(parts, back))) == ["new"]


def test_a_narrower_entry_and_an_article_s_own_words_stand(parts: Parts) -> None:
    add(parts.database, parts.voices, Place.of("gazette", "0"), lexeme("Holyrood", alias="mine"), author="test")
    fill(parts, "Holyrood met.", "Holyrood met.")
    assert list(changed(impact(parts, proposal("Holyrood")))) == ["1"]
    with pytest.raises(Conflict, match="already has an entry"):
        impact(parts, proposal("Holyrood", place=Place.of("gazette", "0")))


def test_the_scope_bounds_the_list(parts: Parts) -> None:
    fill(parts, "Holyrood met.", "Holyrood met.")
    insert_clips(parts, [RowArticle(external_id="7", site="herald", blocks=paragraphs("Holyrood met."))])
    assert impact(parts, proposal("Holyrood", place=Place.of())).articles == 3
    assert impact(parts, proposal("Holyrood")).articles == 2
    assert impact(parts, proposal("Holyrood", place=Place.of("gazette", "1"))).articles == 1


def test_clips_that_nobody_hears_are_left_alone(parts: Parts) -> None:
    fill(parts, "Holyrood met.", "Holyrood met.")
    with parts.database.writing() as session:
        session.execute(update(ClipRow).where(ClipRow.id == "clip_gazette_0").values(state="withdrawn"))
    assert list(changed(impact(parts, proposal("Holyrood")))) == ["1"]


def test_several_entries_at_once(parts: Parts) -> None:
    fill(parts, "Holyrood met.", "Elmsworth met.", "Holyrood met Elmsworth.", "Nothing.")
    fresh = tuple(ProposedEntry(place=GAZETTE, lexeme=lexeme(word)) for word in ("Holyrood", "Elmsworth"))
    found = impact_of(parts, LexiconChange(fresh=fresh))
    assert (found.articles, found.sentences) == (3, 3)


INVISIBLE = ("\u200d", "\u200c", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u202e")


@pytest.mark.parametrize("sign", INVISIBLE)
def test_an_invisible_character_in_a_word_changes_nothing(parts: Parts, sign: str) -> None:
    fill(parts, "Holyrood met.")
    asked = proposal(f"Holy{sign}rood", alias=f"Holly{sign} rood")
    (clip,) = impact(parts, asked).clips
    assert said_words(clip.changes[0].after) == "Holly rood met."
    kept = add(parts.database, parts.voices, GAZETTE, asked.lexeme, author="test").row
    assert (kept.graphemes, kept.alias) == (["Holyrood"], "Holly rood")
    with parts.database.reading() as session:
        assert [row.id for row in entries(session, LexiconFilter(q=f"holy{sign}rood"))] == [kept.id]
        draft = EntryDraft.of({"written": f"Holyrood{sign}", "alias": "Hollow rude", "language": "en"})
        assert proposal_of(session, draft, GAZETTE).entry_id == kept.id
        assert search_clips(session, f"Holy{sign}rood")
    typed = FreeSentence(text=f"Holyrood{sign} met.", language="en", site="gazette")
    tried = try_sentence(parts, ToneEngine(parts.settings.voices_folder), typed, None, voice="tone:beep")
    assert tried.after[0].words == "Holly rood met."


# --- doubtful ---


@pytest.mark.parametrize(
    ("text", "values", "reason", "hit"),
    [
        ("The Nato-summit met.", {}, DoubtReason.HYPHENATED, "Nato"),
        ("We like nato.", {"case_sensitive": False}, DoubtReason.CASE, "nato"),
        ("Nato is here.|The nato of it.", {}, DoubtReason.SENTENCE_START, "Nato"),
        ("“Nato is here.”|The nato of it, Nato.", {}, DoubtReason.SENTENCE_START, "Nato"),
        ("“Wir haben das alles in der Nato schon gesehen.”", {}, DoubtReason.LANGUAGE, "Nato"),
        ("The Nato’s plan.", {}, None, ""),
        ("Nato is here.", {}, None, ""),
        ("The Nato met.|The nato of it.", {}, None, ""),
    ],
)
def test_what_looks_like_a_false_hit_is_named(
    parts: Parts, text: str, values: dict[str, Any], reason: DoubtReason | None, hit: str
) -> None:
    fill(parts, text)
    found = impact(parts, proposal("Nato", **values))
    assert [(doubt.reason, doubt.text) for doubt in found.doubtful] == ([(reason, hit)] if reason else [])


def test_false_hits_are_excluded_by_the_proposal(parts: Parts) -> None:
    fill(parts, "The Nato-summit met.", "The nato met.", "The Nato met.", "Nato met.")
    wide = impact(parts, proposal("Nato", case_sensitive=False))
    assert (wide.articles, len(wide.doubtful)) == (4, 3)
    left_out = (ArticleName("gazette", "3"),)
    assert list(changed(impact(parts, proposal("Nato", alone=True, left_out=left_out)))) == ["2"]


# --- nothing, and everything ---


@pytest.mark.parametrize(
    ("graphemes", "values", "reason"),
    [
        (["nato.int"], {}, NoMatch.UNSEEN),
        (["Unheard"], {}, NoMatch.UNSEEN),
        (["H\u043elyrood"], {}, NoMatch.LOOK_ALIKE),
        (["Росс"], {}, NoMatch.UNSEEN),
        (["met the"], {}, NoMatch.APART),
        (["holyrood"], {}, NoMatch.OTHER_CASE),
        (["Holyrood"], {"language": "de"}, NoMatch.OTHER_LANGUAGE),
        (["Summit"], {"alone": True}, NoMatch.HYPHENATED),
        (["Holyrood"], {"alias": "Holyrood"}, NoMatch.SAME_SOUND),
        (["Elmsworth"], {}, NoMatch.OVERRULED),
        (["example"], {}, NoMatch.IN_ADDRESS),
    ],
)
def test_an_entry_that_changes_nothing_says_why(
    parts: Parts, graphemes: list[str], values: dict[str, Any], reason: NoMatch
) -> None:
    add(parts.database, parts.voices, Place.of("gazette", "0"), lexeme("Elmsworth", alias="Elmsworth"), author="test")
    fill(parts, "Holyrood met in Elmsworth.|The Nato-Summit, see www.example.org.")
    found = impact(parts, proposal(*graphemes, **values))
    assert (found.clips, found.no_match) == ((), reason)


def test_where_an_article_is_left_out_that_is_why(parts: Parts) -> None:
    fill(parts, "We met.")
    left_out = (ArticleName("gazette", "0"),)
    assert impact(parts, proposal("met", left_out=left_out)).no_match is NoMatch.LEFT_OUT


def test_an_entry_that_is_everywhere_is_read_to_a_bound(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(parts, *["A cat and a dog."] * 12)
    monkeypatch.setattr(module, "_READ_AT_ONCE", 2)
    found = impact(parts, proposal("a", case_sensitive=False), most=5)
    assert (found.articles, found.candidates, found.read, found.complete) == (5, 12, 5, False)
    assert len(list(affected_clips(parts, proposal("a")))) == 12


def test_an_announced_table_is_left_alone(parts: Parts) -> None:
    (paragraph,) = paragraphs("Holyrood")
    table = Block(kind=paragraph.kind, text="Holyrood", language="en", announcement="There is a table here: Holyrood")
    insert_clips(parts, [RowArticle(external_id="1", blocks=[table, *paragraphs("More.")])])
    assert impact(parts, proposal("Holyrood")).no_match is NoMatch.NOT_READ
