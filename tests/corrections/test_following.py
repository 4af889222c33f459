"""A report follows its sentence when the article changes, or is obsolete."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.corrections.reporting import report, report_of
from tests.measure.desk.listeners import made_world
from tests.measure.desk.world import clip_of, put_articles
from tests.parts.clip_rows import RowArticle, insert_clips, paragraphs
from tests.parts.statements import statements
from tests.parts.web_rows import ready_clip
from tts_service.corrections.cases.following import follow_articles, same_sentence
from tts_service.corrections.cases.gathering import gather
from tts_service.corrections.cases.page import case_page
from tts_service.db.tables import ClipRevisionRow, ClipRow, ReportRow, UtteranceRow
from tts_service.parts import Parts

TEXTS = ("Traffic starts tomorrow.", "The parliament at Holyrood voted on Monday.", "Nobody was hurt.")


def edited(parts: Parts, *sentences: str, clip: str = "clip_1") -> None:
    """A newer revision of the clip, with these sentences."""
    with parts.database.writing() as session:
        row = session.get_one(ClipRow, clip)
        old = session.get_one(ClipRevisionRow, (clip, row.current_revision))
        number = (row.current_revision or 0) + 1
        values = {column.name: getattr(old, column.name) for column in old.__table__.columns}
        blocks = [old.blocks[0], old.blocks[1] | {"text": " ".join(sentences)}, old.blocks[2]]
        session.add(ClipRevisionRow(**values | {"revision": number, "blocks": blocks}))
        session.flush()
        at = 0
        for position, sentence in enumerate(sentences):
            tokens, start = [], at
            for word in sentence.split():
                bare = word.rstrip(".,")
                token = {"start": at, "end": at + len(bare), "spoken": [bare], "ipa": None, "rules": []}
                tokens.append(token | {"before": "", "after": ""})
                at += len(word) + 1
            said = UtteranceRow(clip_id=clip, revision=number, position=position, block=1, start=start, end=at - 1)
            said.language, said.pause_after_ms, said.tokens, said.segment_key = "en", 1, tokens, "k"
            said.samples, said.start_sample = 100, (1 + position) * old.sample_rate_hz
            session.add(said)
        row.current_revision = row.last_revision = number


@pytest.fixture
def reference(parts: Parts) -> str:
    """A report at Holyrood, in its case."""
    ready_clip(parts, sentences=TEXTS)
    reference = report(parts, sentence=1, word=3)
    gather(parts, reference)
    return reference


def where(parts: Parts, reference: str) -> tuple[int | None, int | None, int | None, bool]:
    row = report_of(parts, reference)
    return row.now_revision, row.now_utterance, row.now_token, row.obsolete_ms is not None


def test_an_unchanged_article_is_not_looked_at(parts: Parts, reference: str) -> None:
    assert follow_articles(parts) == 0


def test_a_look_costs_the_same_however_many_articles_were_ever_edited(parts: Parts, reference: str) -> None:
    with statements(parts.database.engine) as few:
        follow_articles(parts)
    paragraph = paragraphs("Nobody was hurt.")
    others = [RowArticle(external_id=f"other-{n}", blocks=paragraph, sentences=False) for n in range(1200)]
    insert_clips(parts, others, current_revision=2, last_revision=2)
    with statements(parts.database.engine) as many:
        follow_articles(parts)

    assert len(many) == len(few)
    query = next(one for one in many if "FROM reports" in one)
    with parts.database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (20, 0)).all()
    assert any("ix_reports_open" in row.detail for row in plan), plan


def test_a_moved_sentence_is_found_by_its_words(parts: Parts, reference: str) -> None:
    edited(parts, "A new first sentence.", *TEXTS)
    assert follow_articles(parts) == 1
    assert where(parts, reference) == (2, 2, 3, False)
    assert follow_articles(parts) == 0


def test_an_edited_sentence_is_found_by_likeness_and_the_word_in_it(parts: Parts, reference: str) -> None:
    edited(parts, TEXTS[0], "On Monday the old parliament at Holyrood voted.", TEXTS[2])
    edited(parts, TEXTS[0], "The old parliament at Holyrood voted again on Monday.", TEXTS[2])
    follow_articles(parts)
    assert where(parts, reference) == (3, 1, 4, False)


def test_a_report_without_its_sentence_is_obsolete_until_it_comes_back(parts: Parts, reference: str) -> None:
    edited(parts, TEXTS[0], "Everything is different now and shorter.", TEXTS[2])
    follow_articles(parts)
    assert where(parts, reference) == (2, None, None, True)
    edited(parts, *TEXTS)
    follow_articles(parts)
    assert where(parts, reference) == (3, 1, 3, False)


def test_a_report_whose_word_is_gone_is_obsolete(parts: Parts, reference: str) -> None:
    edited(parts, TEXTS[0], "The parliament at Stormont voted on Monday.", TEXTS[2])
    follow_articles(parts)
    assert where(parts, reference) == (2, None, None, True)


def test_a_broken_revision_keeps_no_other_reports_behind(parts: Parts, reference: str) -> None:
    ready_clip(parts, name="0", sentences=TEXTS)  # looked at first
    broken = report(parts, clip="clip_0", sentence=1, word=3)
    gather(parts, broken)
    for clip in ("clip_0", "clip_1"):
        edited(parts, "More.", *TEXTS, clip=clip)
    with parts.database.writing() as session:
        session.execute(update(UtteranceRow).where(UtteranceRow.clip_id == "clip_0").values(tokens=[{}]))

    assert [follow_articles(parts) for _ in range(2)] == [2, 0]
    assert where(parts, reference) == (2, 2, 3, False)
    assert where(parts, broken) == (2, None, None, False)


def test_the_page_of_a_case_says_where_its_sentence_is_now(parts: Parts, reference: str) -> None:
    edited(parts, "A new first sentence.", *TEXTS)
    case_id = report_of(parts, reference).case_id
    assert case_id is not None
    follow_articles(parts)
    with parts.database.reading() as session:
        page = case_page(session, case_id)
    assert page.now is not None
    assert (page.now.revision, page.now.at_ms, page.reports[0].still_there) == (2, 3000, True)


def test_settled_reports_are_left_alone(parts: Parts, reference: str) -> None:
    with parts.database.writing() as session:
        session.execute(update(ReportRow).values(state="rejected"))
    edited(parts, "Other words.")
    assert follow_articles(parts) == 0


def test_of_equal_sentences_the_nearest_is_taken() -> None:
    assert same_sentence(["Yes.", "No.", "Yes.", "Yes."], "Yes.", near=2) == 2
    assert same_sentence([], "Yes.", near=0) is None


def test_every_sentence_of_made_articles_is_found_in_their_updates() -> None:
    articles, _ = made_world(count=0)
    looked = 0
    for article in articles:
        old, new = article.revisions[0].spoken(), article.revisions[-1].spoken()
        for at, (_, sentence) in enumerate(old):
            found = same_sentence([one for _, one in new], sentence, at)
            assert found is not None
            assert new[found][1].startswith(sentence.rstrip("."))
            looked += 1
    assert looked > 200


def test_made_reports_follow_into_the_newest_revision(parts: Parts) -> None:
    articles, _ = made_world(count=0)
    article = next(one for one in articles if len(one.revisions) == 3)
    put_articles(parts, [article])
    first = article.revisions[0].spoken()
    references = []
    for at in range(len(first)):
        references.append(report(parts, clip=clip_of(article.name), revision=1, position_ms=at * 3000 + 10))
        gather(parts, references[-1])
    follow_articles(parts)
    newest = [sentence for _, sentence in article.revisions[-1].spoken()]
    for (_, sentence), reference in zip(first, references, strict=True):
        place = report_of(parts, reference).now_utterance
        assert place is not None
        assert newest[place].startswith(sentence.rstrip("."))
