"""Corrections, measured: what is spoken for one, what stays as it was, how soon the reported article can be heard."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import select

from tests.measure.bench.processes import require_proc, spent, tree_cpu_s
from tests.measure.figures import Figure, exact, median
from tests.parts.factories import make_article, make_parts
from tts_service.corrections.accept import Accepted, accept_proposal
from tts_service.corrections.cases.gathering import gather
from tts_service.corrections.follow_up import follow_up
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.corrections.taking_back import take_back
from tts_service.db.tables import CaseRow, ClipRow, JobRow, ReportRow, UtteranceRow
from tts_service.engines.base import Speaks
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.tone import ToneEngine
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.lease import claim
from tts_service.jobs.owner import this_owner
from tts_service.jobs.slices import run_slice
from tts_service.jobs.submit import submit
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme

ARTICLES = 50
SENTENCES = 12
"""Of each of those articles; every fourth names the town."""
TOWN = "Elmsworth"
PIPER = "piper:en_US-joe-medium"
REPORTS = 5
"""Words of the long article that are reported and corrected one after the other."""
_NAMES = ("Holyrood", "Elmsworth", "Kirkcaldy", "Llanelli", "Auchtermuchty")
_FILLER = (
    "The council met on Monday to decide about the new bridge and the road that leads to it.",
    "Nobody in the room had expected that the debate would end before the evening.",
    "The mayor said that the work would begin in spring and take about two years.",
    "Some residents asked for a lower speed limit, others for more trees along the pavement.",
    "A spokeswoman for the builders promised that the shops would stay open.",
    "The last bridge was closed in winter after engineers had found cracks in two of its piers.",
)


def figures() -> Iterator[Figure]:
    """Fifty articles in beeps, since only what is spoken counts; then one article of 500 words by the neural voice."""
    require_proc()
    yield from _many_articles()
    yield from _one_report()


def _many_articles() -> Iterator[Figure]:
    with _parts() as parts:
        engine = cast("Speaks", ToneEngine(parts.settings.voices_folder))
        for number in range(ARTICLES):
            text = " ".join(_sentence(number, place) for place in range(SENTENCES))
            submit(parts, make_article(external_id=str(number), source=text, title=None), Wish(voice="tone:beep"))
        _work(parts, engine)
        before = _lines(parts)
        sounds = {key: _sound(parts, key) for clip in before.values() for key in clip}
        mentions = ARTICLES * len([place for place in range(SENTENCES) if place % 4 == 1])
        begun = time.perf_counter()
        accepted = _accept(parts, TOWN, "Emsworth")
        answered_s = time.perf_counter() - begun
        spoken = sum(job.spoken for job in _work(parts, engine))
        after = _lines(parts)
        same = [(old, new) for clip in before for old, new in zip(before[clip], after[clip], strict=True) if old == new]
        kept = sum(sounds[old] == _sound(parts, new) for old, new in same)
        take_back(parts, accepted.correction_id, "command line")
        back = sum(job.spoken for job in _work(parts, engine))
        restored = _lines(parts) == before
    name = f"entry saved, {ARTICLES} articles affected"
    yield exact(f"{name}: sentences spoken", spoken, target=mentions, sense="=", note="as many sound different")
    expected = ARTICLES * SENTENCES - mentions
    yield exact(
        f"{name}: unchanged sentences with the same PCM before levelling",
        kept,
        target=expected,
        sense="=",
        note=f"of {expected}, in the old and the new revision",
    )
    yield exact(f"{name}: until the answer", answered_s, "s")
    yield exact(f"{name}, then taken back: sentences spoken", back, target=0, sense="=")
    yield exact(f"{name}, then taken back: clips as before", float(restored), target=1, sense="=")


def _one_report() -> Iterator[Figure]:
    """A report at a word, its case, the accepted fix, the new clip: all that the machine does, without the people."""
    text = " ".join(f"{sentence} {name} was on everyone's lips." for name in _NAMES for sentence in _FILLER)
    with _parts() as parts, EngineChild(parts.settings) as engine:
        engine.warm(parts.voices.find(PIPER))
        submit(parts, make_article(source=text, title=None), Wish(voice=PIPER))
        _work(parts, engine)
        waits_s, cpu_s = [], []
        for name in _NAMES[:REPORTS]:
            clip, revision, position_ms = _place_of(parts, name)
            cpu, begun = tree_cpu_s(os.getpid()), time.perf_counter()
            reference = receive(parts, ReportDraft(clip_id=clip, category="pronunciation", position_ms=position_ms))
            case = gather(parts, reference)
            accepted = _accept(parts, name, f"{name[:4]} {name[4:]}", case_id=case)
            [job] = _work(parts, engine)
            waits_s.append(time.perf_counter() - begun)
            cpu_s.append(sum(spent(cpu, tree_cpu_s(os.getpid())).values()))
            with parts.database.reading() as session:
                heard = session.get_one(ClipRow, clip).current_revision
                report, state = session.get_one(ReportRow, reference), session.get_one(CaseRow, case).state
            ok = (heard, report.corrected_revision, state) == (revision + 1, revision + 1, "corrected")
            assert ok and job.correction_id == accepted.correction_id, "the new clip isn't heard"
    words = f"report → accepted fix → new clip playable, {len(text.split())} words, Piper"
    yield median(words, waits_s, "s", target=3.0)
    yield median(f"{words}: CPU", cpu_s, "s")


def _sentence(article: int, place: int) -> str:
    names = TOWN if place % 4 == 1 else "the harbour"
    return f"Item {place} of paper {article} says that {names} was quiet."


def _accept(parts: Parts, grapheme: str, alias: str, case_id: str | None = None) -> Accepted:
    lexeme = Lexeme(graphemes=(grapheme,), language="en", alias=alias)
    proposal = LexiconProposal(place=Place.of("gazette"), lexeme=lexeme)
    return accept_proposal(parts, proposal, case_id=case_id, why="as locals say it", who="command line")


def _work(parts: Parts, engine: Speaks) -> list[JobRow]:
    """What beat and a worker do until nothing is left. Returns the jobs."""
    done: list[str] = []
    while True:
        followed = follow_up(parts)
        with parts.database.reading() as session:
            waiting = session.scalars(select(JobRow.id).where(JobRow.state == "queued").order_by(JobRow.id)).all()
        if not waiting and not followed:
            break
        for job_id in waiting:
            lease = claim(parts, job_id, this_owner())
            if lease is not None and run_slice(parts, engine, lease):
                done.append(job_id)
                follow_up(parts)
    with parts.database.reading() as session:
        return list(session.scalars(select(JobRow).where(JobRow.id.in_(done))))


def _lines(parts: Parts) -> dict[str, list[str]]:
    """Segment keys of every clip's current revision, in order."""
    found: dict[str, list[str]] = {}
    query = (
        select(UtteranceRow.clip_id, UtteranceRow.segment_key)
        .join(ClipRow, (ClipRow.id == UtteranceRow.clip_id) & (ClipRow.current_revision == UtteranceRow.revision))
        .order_by(UtteranceRow.clip_id, UtteranceRow.position)
    )
    with parts.database.reading() as session:
        for clip, key in session.execute(query):
            found.setdefault(clip, []).append(key)
    return found


def _sound(parts: Parts, key: str) -> str:
    segment = parts.segments.get(key)
    return hashlib.sha256(segment.pcm).hexdigest() if segment else ""


def _place_of(parts: Parts, name: str) -> tuple[str, int, int]:
    """(clip, current revision, ms) of the first sentence that says a name."""
    with parts.database.reading() as session:
        clip = session.scalars(select(ClipRow)).one()
        mine = (UtteranceRow.clip_id == clip.id, UtteranceRow.revision == clip.current_revision)
        for row in session.scalars(select(UtteranceRow).where(*mine).order_by(UtteranceRow.position)):
            if any(name in token["spoken"] for token in row.tokens):
                rate = parts.voices.find(PIPER).sample_rate_hz
                return clip.id, clip.current_revision or 0, (row.start_sample or 0) * 1000 // rate + 100
    raise AssertionError(f"{name} isn't said")


@contextmanager
def _parts() -> Iterator[Parts]:
    with tempfile.TemporaryDirectory() as folder:
        parts = make_parts(Path(folder))
        try:
            yield parts
        finally:
            parts.close()
