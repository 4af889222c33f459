"""What the current work is about: job, article and site, for log lines and for the engine's process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_subject: ContextVar[Mapping[str, str]] = ContextVar("subject", default={})  # noqa: B039 (never changed in place)


@contextmanager
def working_on(**names: str) -> Iterator[None]:
    """While the block runs, the work is about these things too. Names: job, article (the CMS's id), site, trace_id."""
    token = _subject.set({**_subject.get(), **names})
    try:
        yield
    finally:
        _subject.reset(token)


def subject() -> Mapping[str, str]:
    """What the current work is about, by name."""
    return _subject.get()
