"""Cases on PostgreSQL: many who gather and decide at once, and the same queue and pages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.corrections.reporting import all_cases, case_of, gathered, report
from tests.parts.factories import delete_all_rows, make_parts
from tests.parts.waiting import until_one_waits
from tests.parts.web_rows import ready_clip
from tts_service.corrections.cases import decisions, regrouping
from tts_service.corrections.cases.case_filter import CaseFilter
from tts_service.corrections.cases.following import follow_articles
from tts_service.corrections.cases.gathering import gather
from tts_service.corrections.cases.page import case_page
from tts_service.corrections.cases.queue import choices, queue
from tts_service.corrections.cases.undoing import undo
from tts_service.corrections.cases.weight import recount
from tts_service.corrections.changes import QueueWatch
from tts_service.corrections.hearing.cases import OddSentence, case_for
from tts_service.errors import CaseChanged
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.retention.erasure import erase_article
from tts_service.speakable.lexeme import Lexeme, Scope

pytestmark = pytest.mark.slow
TEXTS = ("The parliament at Holyrood voted on Monday.", "Gruyères is near.", "The bandage was wound twice.")
WHO = "staff:stf_1"


@pytest.fixture
def parts(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path_factory.mktemp("cases"), database_url=postgres)
    delete_all_rows(built.database)
    ready_clip(built, sentences=TEXTS)
    yield built
    built.close()


def at_once(calls: list[Callable[[], object]]) -> None:
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        start.wait()
        call()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_reports_that_come_at_once_make_one_case(parts: Parts) -> None:
    references = [report(parts, word=3) for _ in range(12)]
    at_once([lambda one=one: gather(parts, one) for one in references])
    assert [case.reports for case in all_cases(parts)] == [12]


def test_sentences_that_are_heard_to_be_odd_at_once_make_one_case(parts: Parts) -> None:
    odd = OddSentence(site="gazette", language="en-GB", voice="tone:beep", written=TEXTS[0])

    def other() -> str:
        with parts.database.writing() as session:
            return case_for(parts, session, odd).id

    with ThreadPoolExecutor(1) as thread:
        with parts.database.writing() as session:
            mine = case_for(parts, session, odd).id
            second = thread.submit(other)
            until_one_waits(parts, second)
        assert second.result() == mine


def test_of_many_who_decide_at_once_one_decides(parts: Parts) -> None:
    case = gathered(parts, word=3)
    told: list[str] = []

    def decide(number: int) -> None:
        try:
            decisions.reject(parts, case.id, version=case.version, who=WHO, reason=f"Reason {number}.")
            told.append("decided")
        except CaseChanged:
            told.append("told")

    at_once([lambda number=number: decide(number) for number in range(8)])
    assert sorted(told) == ["decided", *["told"] * 7]


def test_reports_gathered_while_a_case_is_decided_get_its_answer(parts: Parts) -> None:
    case = gathered(parts, word=3)
    references = [report(parts, word=3) for _ in range(8)]
    calls: list[Callable[[], object]] = [lambda one=one: gather(parts, one) for one in references]
    calls.append(lambda: decisions.reject(parts, case.id, version=1, who=WHO, reason="No."))
    at_once(calls)
    with parts.database.reading() as session:
        page = case_page(session, case.id)
    assert {one.state for one in page.reports} == {"rejected"}
    assert page.case.reports == len(page.reports) == 9


def test_two_merges_crosswise_end(parts: Parts) -> None:
    one, other = gathered(parts, word=3), gathered(parts, sentence=2, word=3)
    told: list[str] = []

    def merge(into: str, this: str) -> None:
        try:
            regrouping.merge(parts, into, version=1, who=WHO, others={this: 1})
            told.append("merged")
        except CaseChanged:
            told.append("told")

    at_once([lambda: merge(one.id, other.id), lambda: merge(other.id, one.id)])
    assert sorted(told) == ["merged", "told"]


def test_queue_page_search_and_changes_are_the_same_there(parts: Parts) -> None:
    with parts.database.reading() as session:
        watch = QueueWatch(parts.database.now_ms(session))
    case = gathered(parts, sentence=1, word=0, comment="soft g")
    heavy = gathered(parts, word=3)
    gathered(parts, word=3)
    lexeme = Lexeme(graphemes=("GRUYÈRES",), language="en", alias="gree air", scope=Scope.GLOBAL)
    add(parts.database, parts.voices, Place.of(), lexeme, author=WHO)
    assert recount(parts) == ""
    assert follow_articles(parts) == 0
    with parts.database.reading() as session:
        first = queue(session, CaseFilter(), most=1)
        rest = queue(session, CaseFilter(), after=first.after, most=1)
        assert [one.id for page in (first, rest) for one in page.cases] == [heavy.id, case.id]
        assert [one.id for one in queue(session, CaseFilter(words="gruyères")).cases] == [case.id]
        assert choices(session, CaseFilter()).by_state["new"] == 2
        page = case_page(session, case.id)
        assert ([entry.graphemes for entry in page.entries], page.case.can_undo) == ([["GRUYÈRES"]], False)
        assert sum(change.new_reports for change in watch.look(session)) >= 2
        assert watch.look(session) == ()


def test_merging_undoing_and_erasing_work_there(parts: Parts) -> None:
    one, other = gathered(parts, word=3), gathered(parts, sentence=2, word=3)
    merged = regrouping.merge(parts, one.id, version=1, who=WHO, others={other.id: 1})
    undo(parts, one.id, version=merged.version, who=WHO)
    assert [case_of(parts, each).reports for each in (one.id, other.id)] == [1, 1]
    decisions.reject(parts, other.id, version=case_of(parts, other.id).version, who=WHO, reason="No.")
    erase_article(parts, "gazette", "1", WHO)
    assert all_cases(parts) == []


def test_an_endless_word_is_gathered(parts: Parts) -> None:
    endless = "".join(chr(0x4E00 + at) for at in range(3000))
    ready_clip(parts, name="2", sentences=(f"See {endless} now.",))
    assert gathered(parts, clip="clip_2", word=1).written == endless[:2000]
