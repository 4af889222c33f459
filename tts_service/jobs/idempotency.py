"""Idempotency keys: a request repeated with its key is answered and processed once.

The header is the string of draft-ietf-httpapi-idempotency-key-header-07, also taken without its quotes, as Stripe and
others send it. The answer is kept in the transaction that keeps the job: there is never one without the other.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tts_service.db.session import Database
from tts_service.db.tables import IdempotencyKeyRow
from tts_service.errors import IdempotencyKeyMalformed, IdempotencyKeyReused, RequestInFlight

KEPT_MS = 24 * 3_600_000
MAX_LENGTH = 255
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
"""A string of RFC 8941, 3.3.3."""
_BARE = re.compile(r"[!#-+\--~]+")
"""Visible ASCII but for quotes and commas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What a request is answered."""

    status: int
    headers: dict[str, str]
    body: str
    """JSON."""


Keep = Callable[[Session, StoredAnswer, str], None]
"""(session, answer, job id): keeps the answer in that session's transaction."""


class _AnsweredMeanwhileError(Exception):
    """The same request was answered elsewhere while this one was worked on: its transaction is given up."""

    def __init__(self, answer: StoredAnswer) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """A request that is to be answered once."""

    database: Database
    api_key: str
    """Id of the caller's key: another client's same words are another key."""
    key: str
    request_sha256: str
    """Hash of method, path and body."""

    def find(self) -> StoredAnswer | None:
        """What this request was answered before. Raises IdempotencyKeyReused when it was another request."""
        with self.database.reading() as session:
            return self._found(session)

    def keep(self, session: Session, answer: StoredAnswer, job_id: str) -> None:
        """Keep the answer. Raises IdempotencyKeyReused, and IntegrityError when two come at once: then begin again."""
        found = self._found(session)
        if found is not None:
            raise _AnsweredMeanwhileError(found)
        old = session.get(IdempotencyKeyRow, (self.api_key, self.key))
        if old is not None:  # its day is over, and nobody has swept it up yet
            session.delete(old)
            session.flush()
        now = self.database.now_ms(session)
        row = IdempotencyKeyRow(
            api_key=self.api_key,
            key=self.key,
            request_sha256=self.request_sha256,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            job_id=job_id,
            created_ms=now,
            expires_ms=now + KEPT_MS,
        )
        session.add(row)
        session.flush()

    def _found(self, session: Session) -> StoredAnswer | None:
        row = session.get(IdempotencyKeyRow, (self.api_key, self.key))
        if row is None or row.expires_ms <= self.database.now_ms(session):
            return None
        if row.request_sha256 != self.request_sha256:
            raise IdempotencyKeyReused(
                f"This Idempotency-Key was used for a different request, which created job {row.job_id}: send a "
                "new key with each new request.",
                job=row.job_id,
            )
        return StoredAnswer(status=row.status, headers=row.headers, body=row.body)


class InFlight:
    """Requests with a key that this process is working on. Another replica's are found by the database instead: who
    comes second waits for the first one's transaction there, and then has its answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: set[tuple[str, str]] = set()

    @contextmanager
    def holding(self, once: Once) -> Iterator[None]:
        """Raises RequestInFlight when the same key is being worked on."""
        which = (once.api_key, once.key)
        with self._lock:
            if which in self._held:
                raise RequestInFlight(
                    "A request with this Idempotency-Key is still being processed: "
                    "repeat it in a second to get its response."
                )
            self._held.add(which)
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(which)


def answer_once(once: Once, in_flight: InFlight, do: Callable[[Keep], StoredAnswer]) -> tuple[StoredAnswer, bool]:
    """The answer of `do`, or the kept one; and whether it was kept before.

    Raises RequestInFlight, IdempotencyKeyReused, and what `do` raises: then nothing is kept, and the key is free.
    """
    with in_flight.holding(once):
        found = once.find()
        if found is not None:
            return found, True
        try:
            return do(once.keep), False
        except _AnsweredMeanwhileError as meanwhile:
            return meanwhile.answer, True


def read_key(sent: Sequence[str]) -> str | None:
    """The key in a request's `Idempotency-Key` headers; None without any. Raises IdempotencyKeyMalformed."""
    if not sent:
        return None
    if len(sent) > 1:
        raise IdempotencyKeyMalformed("Send only one Idempotency-Key.")
    value = sent[0].strip(" \t")
    if len(value) > 2 * MAX_LENGTH + 2:  # every character of it escaped, in quotes
        raise IdempotencyKeyMalformed(f"An Idempotency-Key must have at most {MAX_LENGTH} characters.")
    quoted = _QUOTED.fullmatch(value)
    key = re.sub(r"\\(.)", r"\1", quoted.group(1)) if quoted else value if _BARE.fullmatch(value) else None
    if key is None:
        raise IdempotencyKeyMalformed(
            'An Idempotency-Key must be a string such as "8e03978e-40d5-43dd-bc93-6894a57f9324": '
            "visible ASCII, with or "
            "without quotes around it."
        )
    if not 0 < len(key) <= MAX_LENGTH:
        raise IdempotencyKeyMalformed(
            f"An Idempotency-Key must have 1 to {MAX_LENGTH} characters; this one has {len(key)}."
        )
    return key


def forget_keys(database: Database) -> int:
    """Drop keys whose time is over. Returns how many."""
    with database.writing() as session:
        over = IdempotencyKeyRow.expires_ms <= database.now_ms(session)
        return int(session.execute(delete(IdempotencyKeyRow).where(over)).rowcount)  # type: ignore[attr-defined]
