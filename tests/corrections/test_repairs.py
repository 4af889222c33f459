"""Repairs of one article: a sentence, a pause, a voice, a speed; they outlast edits, and are taken back."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corrections.desk_bench import TEXT, Newsroom
from tests.web.test_jobs import is_problem, keyed
from tts_service.article.account import account
from tts_service.article.repairs import occurrence_of, repaired
from tts_service.corrections.repairs import Reason, SentenceProposal, VoiceProposal, repair_sentence, repair_voice
from tts_service.corrections.taking_back import take_back, take_back_clip
from tts_service.db.tables import ArticleRepairRow, CaseRow, ClipRevisionRow
from tts_service.errors import Conflict, InputRefused, NotFound, RevisionOvertaken, VoiceNotFound
from tts_service.jobs.again import render_again
from tts_service.newsroom.repairs import repairs_for
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind, Direction, SourceFormat
from tts_service.values.repairs import ArticleRepairs, SentenceRepair
from tts_service.web.app import create_app

STAFF = Reason(who="staff:1", why="a slip of the pen")


def repair(newsroom: Newsroom, clip: str, reason: Reason = STAFF, **wanted: Any) -> str:
    base: dict[str, Any] = {"revision": newsroom.current(clip), "position": 1}
    proposal = SentenceProposal(**{**base, "alias": "Elmsworth was bright.", **wanted})
    return repair_sentence(newsroom.parts, clip, proposal, reason).correction_id


def test_one_sentence_is_spoken_otherwise_and_no_other_is_spoken(newsroom: Newsroom) -> None:
    clip, other = newsroom.publish("1"), newsroom.publish("2")
    correction = repair(newsroom, clip)
    jobs = newsroom.work()

    assert newsroom.said(clip) == ["First we met", "Elmsworth was bright", "Last we left"]
    assert [job.spoken for job in jobs] == [1]
    assert newsroom.keys(clip, 1)[::2] == newsroom.keys(clip, 2)[::2]
    assert newsroom.current(other) == 1
    assert newsroom.correction(correction).state == "done"
    [change] = newsroom.clip_of(correction, clip).changes
    assert (change["text"], change["after"]) == ("Elmsworth was dark.", "Elmsworth was bright.")


def test_only_the_chosen_words_are_repaired(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    repair(newsroom, clip, start=14, end=18, alias="very dark")
    newsroom.work()

    assert newsroom.said(clip)[1] == "Elmsworth was very dark"
    assert [token["start"] for token in newsroom.lines(clip)[1].tokens] == [14, 24, 28]


def test_a_later_edit_of_other_sentences_keeps_the_repair(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    repair(newsroom, clip)
    newsroom.work()
    newsroom.publish(text=f"{TEXT.replace('First we met.', 'We came.')} More.")
    assert newsroom.said(clip) == ["We came", "Elmsworth was bright", "Last we left", "More"]
    newsroom.publish(text=TEXT.replace("dark", "light"))
    assert newsroom.said(clip)[1] == "Elmsworth was light"
    newsroom.publish(text=TEXT)
    assert newsroom.said(clip)[1] == "Elmsworth was bright"


def test_the_same_sentence_twice_is_repaired_where_it_was_heard(newsroom: Newsroom) -> None:
    clip = newsroom.publish(text="He left. He left. He left.")
    repair(newsroom, clip, alias="He stayed.")
    newsroom.work()

    assert newsroom.said(clip) == ["He left", "He stayed", "He left"]


def test_a_pause_behind_a_sentence_costs_no_synthesis_and_keeps_its_words(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    repair(newsroom, clip)
    newsroom.work()
    repair(newsroom, clip, alias=None, pause_after_ms=1500)
    jobs = newsroom.work()

    assert [line.pause_after_ms for line in newsroom.lines(clip)][1] == 1500
    assert newsroom.said(clip)[1] == "Elmsworth was bright"
    assert [job.spoken for job in jobs] == [0]


def test_another_speed_speaks_the_whole_article_now_and_after_edits(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    proposal = VoiceProposal(rate=0.8)
    repair_voice(newsroom.parts, clip, proposal, STAFF)
    [job] = newsroom.work()
    assert job.spoken == 3
    newsroom.publish(text=f"{TEXT} More.")

    assert {line.rate for line in newsroom.lines(clip)} == {0.8}


@pytest.mark.parametrize(("voice", "rate"), [("tone:beep", None), (None, 1.0), ("tone:beep", 1.0)])
def test_the_present_voice_and_speed_are_no_repair(newsroom: Newsroom, voice: str | None, rate: float | None) -> None:
    clip = newsroom.publish()
    with pytest.raises(InputRefused, match="already spoken by this voice at this speed"):
        repair_voice(newsroom.parts, clip, VoiceProposal(voice=voice, rate=rate), STAFF)
    assert newsroom.work() == []


def test_of_a_repaired_voice_and_one_chosen_when_rendering_again_the_later_holds(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    repair = repair_voice(newsroom.parts, clip, VoiceProposal(voice="tone:low", rate=0.8), STAFF)
    newsroom.work()
    heard = [newsroom.voice(clip)]
    with pytest.raises(VoiceNotFound):
        render_again(newsroom.parts, newsroom.article(clip).id, who="staff:1", voice="tone:gone")
    newsroom.workers.render(render_again(newsroom.parts, newsroom.article(clip).id, who="staff:1", voice="tone:beep"))
    heard.append(newsroom.voice(clip))
    assert {line.rate for line in newsroom.lines(clip)} == {0.8}
    take_back(newsroom.parts, repair.correction_id, "staff:2")
    newsroom.work()
    heard.append(newsroom.voice(clip))
    assert {line.rate for line in newsroom.lines(clip)} == {1.0}
    repair_voice(newsroom.parts, clip, VoiceProposal(voice="tone:low"), STAFF)
    newsroom.work()

    assert [*heard, newsroom.voice(clip)] == ["tone:low", "tone:beep", "tone:beep", "tone:low"]


def test_an_article_is_read_by_its_usual_voice_once_the_repaired_one_is_gone(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    made = repair_voice(newsroom.parts, clip, VoiceProposal(rate=0.9), STAFF)
    newsroom.work()
    newsroom.change(ArticleRepairRow, made.entry_id, voice="tone:gone")
    edited = newsroom.save(text="First we met. Elmsworth was light. Last we left.")
    assert newsroom.turn(edited), newsroom.job(edited).error
    assert newsroom.row(ClipRevisionRow, (clip, newsroom.current(clip))).voice["id"] == "tone:beep"


def test_a_repeated_webhook_finds_the_repaired_clip(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    correction = repair(newsroom, clip)
    newsroom.work()

    assert newsroom.save() == newsroom.clip_of(correction, clip).job_id


def test_a_repair_is_taken_back_without_synthesis_to_what_was_there(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    first = repair(newsroom, clip)
    newsroom.work()
    second = repair(newsroom, clip, alias="Elmsworth was black.")
    newsroom.work()
    said = []
    for correction in (second, first):
        take_back(newsroom.parts, correction, "staff:2")
        jobs = newsroom.work()
        said.append((newsroom.said(clip)[1], [job.spoken for job in jobs], newsroom.correction(correction).state))

    assert said == [("Elmsworth was bright", [0], "taken_back"), ("Elmsworth was dark", [0], "taken_back")]
    with pytest.raises(Conflict):
        take_back_clip(newsroom.parts, first, clip, "staff:2")


def test_repairs_of_other_words_of_a_sentence_stand_side_by_side(newsroom: Newsroom) -> None:
    clip = newsroom.publish(text="Xavier met Yvonne, today. Last we left.")
    first = repair(newsroom, clip, position=0, end=6, alias="Savvier")
    newsroom.work()
    second = repair(newsroom, clip, position=0, start=11, end=17, alias="Eevon")
    newsroom.work()
    assert newsroom.said(clip)[0] == "Savvier met Eevon today"
    [change] = newsroom.clip_of(second, clip).changes
    assert (change["before"], change["after"]) == ("Savvier met Yvonne, today.", "Savvier met Eevon, today.")
    take_back(newsroom.parts, first, "staff:2")
    newsroom.work()

    assert newsroom.said(clip)[0] == "Xavier met Eevon today"


def test_a_speed_and_a_voice_are_repaired_and_taken_back_apart(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    slower = repair_voice(newsroom.parts, clip, VoiceProposal(rate=0.8), STAFF).correction_id
    newsroom.work()
    repair_voice(newsroom.parts, clip, VoiceProposal(voice="tone:low"), STAFF)
    newsroom.work()
    assert repairs_for(newsroom.parts.database, "gazette", "1") == ArticleRepairs(voice="tone:low", rate=0.8)
    take_back(newsroom.parts, slower, "staff:2")
    newsroom.work()

    assert {line.rate for line in newsroom.lines(clip)} == {1.0}
    assert repairs_for(newsroom.parts.database, "gazette", "1") == ArticleRepairs(voice="tone:low")


def test_a_sentence_between_marks_is_repaired_and_a_part_of_a_word_is_named(newsroom: Newsroom) -> None:
    text = '<speak xml:lang="en">So <s>he came</s>(<s>she left</s>) and said.</speak>'
    clip = newsroom.publish(text=text, source_format=SourceFormat.SSML)
    repair(newsroom, clip, position=newsroom.said(clip).index("she left"), alias="she stayed")
    newsroom.work()
    assert "she stayed" in newsroom.said(clip)
    long = newsroom.publish("2", f"First we met. {'x' * 900}")
    with pytest.raises(InputRefused, match="inside a word"):
        repair(newsroom, long, alias="gazette")


def test_a_repair_settles_its_case_when_it_is_heard(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    case = newsroom.case(clip)
    repair(newsroom, clip, Reason(who="staff:1", case_id=case, version=1))
    assert newsroom.row(CaseRow, case).state == "confirmed"
    newsroom.work()

    assert newsroom.row(CaseRow, case).state == "corrected"
    assert newsroom.row(ClipRevisionRow, (clip, 2)).cause == "correction"


def test_a_lexicon_entry_corrects_around_a_repair(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    repair(newsroom, clip, start=14, end=18, alias="very dark")
    newsroom.work()
    newsroom.correct()
    newsroom.work()

    assert newsroom.said(clip)[1] == "Emsworth was very dark"


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"alias": None}, InputRefused),
        ({"ipa": "ˈɛm"}, InputRefused),
        ({"alias": None, "ipa": "ˈɛm♥"}, InputRefused),
        ({"alias": " "}, InputRefused),
        ({"pause_after_ms": 60_000}, InputRefused),
        ({"start": 5, "end": 5}, InputRefused),
        ({"end": 500}, InputRefused),
        ({"position": 9}, NotFound),
        ({"revision": 7}, RevisionOvertaken),
    ],
)
def test_a_repair_that_makes_no_sense_is_refused(newsroom: Newsroom, wanted: Any, error: type[Exception]) -> None:
    clip = newsroom.publish()
    with pytest.raises(error):
        repair(newsroom, clip, **wanted)


def test_a_voice_that_is_unknown_or_speaks_another_language_is_refused(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    for wanted, error in (
        (VoiceProposal(), InputRefused),
        (VoiceProposal(voice="tone:gone"), VoiceNotFound),
        (VoiceProposal(rate=9), InputRefused),
        (VoiceProposal(voice="pyttsx3:de"), InputRefused),
    ):
        with pytest.raises(error):
            repair_voice(newsroom.parts, clip, wanted, STAFF)


def test_repairs_by_api(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    with TestClient(create_app(newsroom.parts), headers=keyed(newsroom.parts, "lexicon")) as client:
        sent = {"clip": clip, "revision": 1, "position": 1, "alias": "Elmsworth was bright.", "why": "a typo"}
        made = client.post("/v1/corrections/sentence", json=sent)
        assert (made.status_code, made.json()["kind"]) == (201, "sentence")
        newsroom.work()
        is_problem(client.post("/v1/corrections/sentence", json=sent), 409, "revision_overtaken")
        assert client.post("/v1/corrections/voice", json={"clip": clip, "rate": 0.9}).json()["kind"] == "voice"
        assert "a typo" in client.get(f"/about/{clip}").text


# --- where repairs go ---

WORDS = st.sampled_from(["Elmsworth", "was", "dark.", "“He", "left.”", "Dr.", "A", "3.5", "…", "No!", "l'été"])
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@settings(deadline=None)
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=3),
    number=st.integers(0, 30),
    alias=st.sampled_from(["x", "It. Was. So.", "7"]),
    pause=st.none() | st.integers(0, 3000),
)
def test_a_repair_of_any_sentence_changes_that_sentence_alone(
    texts: list[str], number: int, alias: str, pause: int | None
) -> None:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text, language="en") for text in texts)
    before = make_utterances(blocks)
    if not before:
        return
    said = before[number % len(before)]
    sentence = blocks[said.block].text[said.start : said.end]
    occurrence = occurrence_of(blocks, sentence, said.block, said.start)
    repair = SentenceRepair(sentence=sentence, occurrence=occurrence, alias=alias, pause_after_ms=pause)
    made = repaired(blocks, ArticleRepairs(sentences=(repair,)))
    account(made)
    after = make_utterances(made)

    changed = [(one.block, one.start) for one in before if one not in after]
    assert changed in ([], [(said.block, said.start)])


def test_a_repair_stands_above_what_the_source_directs() -> None:
    inside = Direction(start=4, end=8, alias="sub")
    block = Block(kind=BlockKind.PARAGRAPH, text="One two three. Four.", language="en", directions=(inside,))
    repair = SentenceRepair(sentence="One two three.", alias="All of it.")
    [made] = repaired([block], ArticleRepairs(sentences=(repair,)))

    assert next(said.spoken_text for said in make_utterances([made])).startswith("All of it")
    assert made.directions == (Direction(start=0, end=14, alias="All of it."),)
