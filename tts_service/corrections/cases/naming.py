"""The case that somebody names by its number, by its address or by its word."""

from __future__ import annotations

import re

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.likeness import folded
from tts_service.db.tables import CaseRow
from tts_service.db.tables.listeners import OPEN
from tts_service.errors import InputRefused

_ID = re.compile(r"case_[\w-]{1,60}")
_QUOTES = "“”„‟‘’«»\"'"


def case_named(session: Session, case: CaseRow, text: str) -> str:
    """The id of another case: the one in a text, or the only open one about the word that the text is, in the site and
    language of `case`. Raises InputRefused, whose detail `cases` names those that the word fits."""
    found = _ID.search(text)
    if found is not None:
        return found.group()
    word = text.strip().strip(_QUOTES).strip()
    if not word:
        raise InputRefused("Enter the word, the number or the address of the other case.")
    fitting = open_cases_about(session, case, word)
    if not fitting:
        raise InputRefused(f"No other open case of this site and language is about {word[:80]!r}.")
    if len(fitting) > 1:
        raise InputRefused(f"{len(fitting)} open cases are about {word[:80]!r}: choose one of them.", cases=fitting)
    return fitting[0]


def open_cases_about(session: Session, case: CaseRow, word: str) -> list[str]:
    """Ids of the other open cases about a word, however it is capitalized, in the site and language of a case."""
    base = case.language.split("-", 1)[0]
    row, wanted = CaseRow, folded(word)
    query = select(row.id, row.written).where(
        row.site == case.site,
        row.state.in_(OPEN),
        row.kind == "word",
        row.id != case.id,
        or_(row.language == base, row.language.startswith(f"{base}-", autoescape=True)),
    )
    return [one.id for one in session.execute(query.order_by(row.rank.desc())) if folded(one.written) == wanted]
