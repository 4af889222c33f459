"""Reports and cases for the desk's pages, made as listeners and the service make them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tests.parts.made_once import made_once
from tests.parts.web_rows import Made, ready_clip
from tts_service.corrections.cases.gathering import gather
from tts_service.db.tables import CaseRow
from tts_service.jobs.clip_words import index_clip
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.parts import Parts

SENTENCES = (
    "Members gathered at Holyrood on Tuesday to debate the ferry contract.",
    "The vote at Holyrood was delayed until 14:30.",
    "Councillor Adeyemi said the crossing would open within weeks.",
)
"""What is said in the first clip of a site."""
PAYLOAD = "<script>alert(1)</script>"
BIDI = "\u202e"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """A word that a listener tapped."""

    sentence: int
    word: str


def holyrood(parts: Parts, *, name: str = "holyrood", site: str = "gazette") -> Made:
    """A clip in which "Holyrood" is said twice."""
    made = ready_clip(parts, name=name, site=site, sentences=SENTENCES)
    with parts.database.writing() as session:
        index_clip(session, made.id)
    return made


def report(
    parts: Parts,
    clip: Made,
    tapped: Tapped | None = None,
    *,
    category: str = "pronunciation",
    comment: str = "",
    email: str | None = None,
) -> str:
    """A listener's report, gathered into its case; its reference. `tapped` None: about the first sentence."""
    tapped = tapped or Tapped(sentence=0, word="")
    written = [word.rstrip(".,") for word in clip.sentences[tapped.sentence].split()]
    token = written.index(tapped.word) if tapped.word else None
    position_ms = 1000 + tapped.sentence * 2000 + (token or 0) * 200
    reference = receive(
        parts,
        ReportDraft(
            clip_id=clip.id, category=category, position_ms=position_ms, token=token, comment=comment, email=email
        ),
    )
    gather(parts, reference)
    return reference


def case_of(parts: Parts, written: str, site: str = "gazette") -> CaseRow:
    """The case about a word."""
    with parts.database.reading() as session:
        return session.scalars(select(CaseRow).where(CaseRow.written == written, CaseRow.site == site)).one()


@made_once
def desk(parts: Parts) -> dict[str, str]:
    """A few cases of each kind; the ids of cases by word, and `clip`."""
    clip, other = holyrood(parts), holyrood(parts, name="second")
    report(parts, clip, Tapped(sentence=0, word="Holyrood"), comment="It is HOLLY-rood", email="ines@example.org")
    report(parts, clip, Tapped(sentence=1, word="Holyrood"))
    report(parts, other, Tapped(sentence=0, word="Holyrood"), comment=f"{PAYLOAD} {BIDI}evil")
    report(parts, clip, Tapped(sentence=1, word="14:30"), category="number", comment="half past two")
    report(parts, clip, Tapped(sentence=2, word="Adeyemi"), comment="a-day-YEM-ee")
    report(parts, other, category="sound", comment="a click")
    german = ready_clip(
        parts,
        name="german",
        site="bote",
        language="de",
        sentences=("Auch Müllers Antrag im Ausschuss für Verkehr fand keine Mehrheit.",),
    )
    report(parts, german, Tapped(sentence=0, word="Müllers"), comment="Das klingt wie Mullers.")
    with parts.database.reading() as session:
        cases = {row.written or row.kind: row.id for row in session.scalars(select(CaseRow))}
    return cases | {"clip": clip.id, "case": cases["Holyrood"]}
