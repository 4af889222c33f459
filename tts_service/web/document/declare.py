"""What a function's types don't say, said at the function: errors it raises, answers it makes itself, who may call.

Dependencies are marked as routes are: what one raises belongs to every operation that has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import BaseModel

from tts_service.errors import ServiceError

_ATTRIBUTE = "__openapi__"
_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class TextBody:
    """A body that is text but no JSON."""

    example: str


@dataclass(frozen=True, slots=True)
class Bytes:
    """A body that is shown nowhere: audio and the like."""


Body = type[BaseModel] | type[Any] | TextBody | Bytes
"""What a body is: a model (or anything pydantic knows) for JSON, text, bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that a route makes itself."""

    status: int
    says: str
    content: Mapping[str, Body] = field(default_factory=dict)
    """By media type; empty: no body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Name and meaning of those that matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Everything that was said at one function."""

    raises: tuple[type[ServiceError], ...] = ()
    spares: tuple[type[ServiceError], ...] = ()
    """Errors of its dependencies that can't come here after all."""
    problems: tuple[tuple[int, str, str], ...] = ()
    """Problems that are no ServiceError: (status, code, title)."""
    gives: tuple[Reply, ...] = ()
    takes: Mapping[str, Body] = field(default_factory=dict)
    """Request body by media type, where the route reads it itself."""
    guards: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    """Who may call, any one of these: security schemes that go together, each with the rights it needs."""


def declared_of(function: Callable[..., Any] | None) -> Declared:
    """What was said at a function."""
    return getattr(function, _ATTRIBUTE, Declared())


def raises(*errors: type[ServiceError]) -> Callable[[_Function], _Function]:
    """A decorator: these errors of ours end a request here."""
    return _marking(lambda known: replace(known, raises=known.raises + errors))


def spares(*errors: type[ServiceError]) -> Callable[[_Function], _Function]:
    """A decorator for routes: what a dependency may raise elsewhere can't come here."""
    return _marking(lambda known: replace(known, spares=known.spares + errors))


def answers_problem(status: int, code: str, title: str) -> Callable[[_Function], _Function]:
    """A decorator: a problem that the framework makes."""
    return _marking(lambda known: replace(known, problems=(*known.problems, (status, code, title))))


def gives(*answers: Reply) -> Callable[[_Function], _Function]:
    """A decorator: answers besides the one that the return type tells, or in its place."""
    return _marking(lambda known: replace(known, gives=known.gives + answers))


def takes(content: Mapping[str, Body]) -> Callable[[_Function], _Function]:
    """A decorator: the request's body, by media type."""
    return _marking(lambda known: replace(known, takes=content))


def guarded(*ways: Mapping[str, tuple[str, ...]]) -> Callable[[_Function], _Function]:
    """A decorator: who may call. Several ways: any of them will do."""
    return _marking(lambda known: replace(known, guards=known.guards + ways))


def _marking(change: Callable[[Declared], Declared]) -> Callable[[_Function], _Function]:
    def mark(function: _Function) -> _Function:
        setattr(function, _ATTRIBUTE, change(declared_of(function)))
        return function

    return mark
