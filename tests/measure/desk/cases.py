"""The desk with 100,000 reports in 5,000 open cases: how long its queue and pages take, and in how many statements."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from tests.measure.desk.databases import on_postgresql, on_sqlite
from tests.measure.desk.listeners import MadeArticle, MadeRevision, words_of
from tests.measure.desk.world import SENTENCE_MS, clip_of, put_articles
from tests.measure.figures import Figure, exact, p95
from tests.parts.statements import statements
from tts_service.corrections.cases import decisions
from tts_service.corrections.cases.case_filter import CaseFilter
from tts_service.corrections.cases.following import follow_articles
from tts_service.corrections.cases.gathering import gather
from tts_service.corrections.cases.page import case_page
from tts_service.corrections.cases.queue import choices, queue
from tts_service.corrections.cases.weight import rank_of, recount
from tts_service.corrections.changes import QueueWatch
from tts_service.db.session import new_id
from tts_service.db.tables import (
    AuditRow,
    CaseNoteRow,
    CaseRow,
    LexiconEntryRow,
    ListeningRow,
    ReportRow,
)
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.parts import Parts

REPORTS, OPEN_CASES, SETTLED_CASES, ARTICLES = 100_000, 5_000, 3_000, 400
MOST_MS, MOST_STATEMENTS = 200, 12
_TIMES = 60
_CATEGORIES = ("pronunciation", "pronunciation", "number", "missing", "sound")


def figures() -> Iterator[Figure]:
    """The figures on SQLite and PostgreSQL."""
    for kind, database in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql)):
        with database() as parts:
            ids = fill(parts)
            yield from _pages(parts, kind, ids)
            yield from _changes(parts, kind)


def fill(parts: Parts, reports: int = REPORTS, cases: int = OPEN_CASES, settled: int = SETTLED_CASES) -> list[str]:
    """Articles, cases of very different weight and their reports; returns the ids of the cases, heaviest first."""
    chance = random.Random(5)
    articles = [_article(chance, number) for number in range(ARTICLES)]
    put_articles(parts, articles)
    now = int(time.time() * 1000)
    rows = [_case(chance, number, articles, now, number < cases) for number in range(cases + settled)]
    # A few words are reported again and again, most once or twice.
    weights = [1 / (1 + place) ** 0.7 for place in range(len(rows))]
    chosen = chance.choices(range(len(rows)), weights, k=reports)
    made = []
    for number, at in enumerate(chosen):
        # A word is reported in a few articles of its site.
        article = articles[(at + 8 * chance.randrange(4)) % ARTICLES]
        made.append(_report(chance, number, rows[at], article))
        rows[at]["reports"] += 1
    for row in rows:
        row["rank"] = rank_of(row["reports"], row["plays"], row["last_ms"])
    with parts.database.writing() as session:
        session.execute(insert(CaseRow), rows)
        for start in range(0, len(made), 5000):
            session.execute(insert(ReportRow), made[start : start + 5000])
        session.execute(insert(ListeningRow), [_plays(article, day) for article in articles for day in range(10, 28)])
        session.execute(insert(CaseNoteRow), [_note(row, number) for row in rows for number in range(3)])
        session.execute(insert(AuditRow), [_deed(row, number) for row in rows for number in range(4)])
        session.execute(insert(LexiconEntryRow), [_entry(number) for number in range(5000)])
    if not parts.database.is_sqlite:
        with parts.database.at_once() as connection:
            connection.execute(text("ANALYZE"))
    return [row["id"] for row in sorted(rows[:cases], key=lambda row: -row["rank"])]


def _pages(parts: Parts, kind: str, ids: list[str]) -> Iterator[Figure]:
    chance = random.Random(7)
    shown = ids[:10] + chance.sample(ids, _TIMES - 10)
    wanted = {
        "queue page": lambda session: _queue(session, CaseFilter()),
        "queue page of a site": lambda session: _queue(session, CaseFilter(sites=("site3",), category="number")),
        "queue page of a search": lambda session: _queue(session, CaseFilter(words="name17")),
        "settled cases": lambda session: _queue(session, CaseFilter(states=("corrected", "rejected"))),
        "tenth page": _tenth_page,
    }
    for name, read in wanted.items():
        yield from _measured(parts, f"{name}, {kind}", [read] * (_TIMES // 3))
    pages = [lambda session, one=one: case_page(session, one) for one in shown]
    yield from _measured(parts, f"case page, {kind}", pages)


def _queue(session: Session, wanted: CaseFilter) -> None:
    assert queue(session, wanted).cases
    choices(session, wanted)


def _tenth_page(session: Session) -> None:
    after = None
    for _ in range(10):
        after = queue(session, CaseFilter(), after=after).after
    assert after


def _measured(parts: Parts, name: str, reads: list[Callable[[Session], object]]) -> Iterator[Figure]:
    times, most = [], 0
    with parts.database.reading() as session:
        reads[0](session)
    for read in reads:
        began = time.perf_counter()
        with parts.database.reading() as session, statements(parts.database.engine) as made:
            read(session)
        times.append(1000 * (time.perf_counter() - began))
        most = max(most, len(made))
    yield p95(f"{name}: p95", times, "ms", target=None if "tenth" in name else MOST_MS)
    if "tenth" not in name:
        yield exact(f"{name}: statements", most, "", target=MOST_STATEMENTS)


def _changes(parts: Parts, kind: str) -> Iterator[Figure]:
    """What happens beside the pages: gathering, deciding, the ticks, the look for open desks."""
    with parts.database.reading() as session:
        page = queue(session, CaseFilter())
        watch = QueueWatch(parts.database.now_ms(session))
    draft = {"clip_id": clip_of("site0-0"), "category": "pronunciation", "position_ms": 100, "token": 3}
    references = [receive(parts, ReportDraft(**draft)) for _ in range(20)]
    yield p95(f"gather one report, {kind}: p95", [_ms(gather, parts, one) for one in references], "ms")
    largest = page.cases[0]
    took = _ms(lambda: decisions.confirm_case(parts, largest.id, version=largest.version, who="staff:s"))
    yield exact(f"confirm the heaviest case ({largest.reports} reports), {kind}", took, "ms")
    with parts.database.reading() as session:
        yield exact(f"look for open desks, {kind}", _ms(watch.look, session), "ms")
        yield exact(f"look again, {kind}", _ms(watch.look, session), "ms")
    yield exact(f"tick that follows edited articles, nothing to do, {kind}", _ms(follow_articles, parts), "ms")
    yield exact(f"tick that counts plays again, 200 cases, {kind}", _ms(recount, parts), "ms")


def _ms(call: Callable[..., object], *values: object) -> float:
    began = time.perf_counter()
    call(*values)
    return 1000 * (time.perf_counter() - began)


def _article(chance: random.Random, number: int) -> MadeArticle:
    one, other = (f"Name{chance.randrange(3000)}" for _ in range(2))
    sentences = [f"The town of {one}{at} has asked {other} for {chance.randrange(900)} trees." for at in range(30)]
    blocks = tuple(tuple(sentences[at : at + 5]) for at in range(0, 30, 5))
    site = f"site{number % 8}"
    return MadeArticle(name=f"{site}-{number}", site=site, language="en", revisions=(MadeRevision(blocks=blocks),))


def _case(chance: random.Random, number: int, articles: list[MadeArticle], now: int, is_open: bool) -> dict[str, Any]:
    article = articles[number % ARTICLES]
    sentence = chance.choice(article.revisions[0].spoken())[1]
    word = words_of(sentence)[3]
    first = now - chance.randrange(60 * 86_400_000)
    state = chance.choice(("new", "new", "confirmed")) if is_open else chance.choice(("corrected", "rejected"))
    return {
        "id": new_id("case"),
        "site": article.site,
        "language": "en",
        "voice": "tone:en",
        "kind": "word",
        "key": f"{word.lower()} {number}",
        "category": chance.choice(_CATEGORIES),
        "written": word,
        "sentence": sentence,
        "state": state,
        "reason": "",
        "version": 1,
        "reports": 0,
        "articles": 1,
        "plays": chance.randrange(5000),
        "breaking": chance.random() < 0.01,
        "rank": 0.0,
        "first_ms": first,
        "last_ms": first + chance.randrange(86_400_000),
        "updated_ms": first,
        "settled_ms": None if is_open else now,
    }


def _report(chance: random.Random, number: int, case: dict[str, Any], article: MadeArticle) -> dict[str, Any]:
    sentences = [sentence for _, sentence in article.revisions[0].spoken()]
    sentence = chance.randrange(len(sentences))
    created = case["first_ms"] + number % 86_400_000
    return {
        "id": f"R-{number:08d}",
        "site": article.site,
        "clip_id": clip_of(article.name),
        "revision": 1,
        "position_ms": sentence * SENTENCE_MS + 500,
        "utterance": sentence,
        "token": 3,
        "sentence": sentences[sentence],
        "voice": "tone:en",
        "category": case["category"],
        "comment": "It is said otherwise here, ask anybody in the town." if number % 3 else "",
        "state": case["state"],
        "note": "",
        "created_ms": created,
        "updated_ms": created,
        "settled_ms": case["settled_ms"],
        "case_id": case["id"],
        "language": "en",
        "written": words_of(sentences[sentence])[3],
    }


def _plays(article: MadeArticle, day: int) -> dict[str, Any]:
    return {
        "clip_id": clip_of(article.name),
        "revision": 1,
        "day": f"2026-11-{day}",
        "what": "start",
        "times": day,
    }


def _note(case: dict[str, Any], number: int) -> dict[str, Any]:
    note = {"id": new_id("note"), "case_id": case["id"], "who": f"staff:s{number}", "created_ms": case["first_ms"]}
    return note | {"text": "Ask the correspondent before you decide."}


def _deed(case: dict[str, Any], number: int) -> dict[str, Any]:
    deed = {"id": new_id("aud"), "at_ms": case["first_ms"] + number, "who": f"staff:s{number}", "details": {}}
    return deed | {"what": "case.confirmed", "subject": case["id"], "site": case["site"]}


def _entry(number: int) -> dict[str, Any]:
    return {
        "id": f"lex_{number}",
        "scope": "global",
        "site": None,
        "article": None,
        "language": "en",
        "graphemes": [f"Name{number}"],
        "alias": "somebody",
        "ipa": None,
        "case_sensitive": True,
        "alone": False,
        "note": "",
        "author": "test",
        "created_ms": 1,
        "updated_ms": 1,
    }
