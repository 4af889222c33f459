"""Which characters a rule's pattern can begin with, so that a rule is asked only where it can match.

Read from Python's own parser of patterns, which has no public name. A part that this file
doesn't know can begin with any character: a rule is then asked too often, never too rarely.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from re import _constants as op  # type: ignore[attr-defined]  # isort: skip
from re import _parser as parser  # type: ignore[attr-defined]  # isort: skip

Test = Callable[[str], bool]
"""Whether a pattern can begin with a character."""
_BEFORE_ANY = (op.AT, op.ASSERT, op.ASSERT_NOT)
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_CLASSES: dict[Any, Test] = {
    op.CATEGORY_DIGIT: str.isdecimal,
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_WORD: lambda character: character.isalnum() or character == "_",
    op.CATEGORY_NOT_DIGIT: lambda character: not character.isdecimal(),
    op.CATEGORY_NOT_SPACE: lambda character: not character.isspace(),
    op.CATEGORY_NOT_WORD: lambda character: not (character.isalnum() or character == "_"),
}
_LIKE = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f"}
"""Letters beyond ASCII that Python takes for these if case is ignored."""


class _UnknownError(Exception):
    """A part of a pattern whose first characters can't be determined."""


@lru_cache(maxsize=4096)
def beginning(pattern: str, flags: int = 0) -> Test:
    """The test of a pattern's first character; it is true for all characters where nothing is certain."""
    try:
        parsed = parser.parse(pattern, flags)
        tests, empty = _of_sequence(parsed, parsed.state.flags)
    except _UnknownError:
        return _any
    return _any if empty else lambda character: any(test(character) for test in tests)


def _any(character: str) -> bool:
    return True


def _of_sequence(parts: Iterable[tuple[Any, Any]], flags: int) -> tuple[list[Test], bool]:
    """The tests of a sequence's first characters, and whether all of it can be empty."""
    if flags & re.ASCII:
        raise _UnknownError
    found: list[Test] = []
    for name, given in parts:
        tests, empty = _of_part(name, given, flags)
        found += tests
        if not empty:
            return found, False
    return found, True


def _of_part(name: Any, given: Any, flags: int) -> tuple[list[Test], bool]:
    if name in _BEFORE_ANY:
        return [], True
    if name is op.LITERAL:
        return [_literal(given, flags)], False
    if name is op.IN:
        return [_set(given, flags)], False
    if name is op.BRANCH:
        branches = [_of_sequence(branch, flags) for branch in given[1]]
        return [test for tests, _ in branches for test in tests], any(empty for _, empty in branches)
    if name is op.SUBPATTERN:
        _, more, less, inside = given
        return _of_sequence(inside, (flags | more) & ~less)
    if name is op.ATOMIC_GROUP:
        return _of_sequence(given, flags)
    if name in _REPEATS:
        least, _, inside = given
        tests, empty = _of_sequence(inside, flags)
        return tests, empty or least == 0
    raise _UnknownError


def _literal(code: int, flags: int) -> Test:
    wanted = chr(code)
    if not flags & re.IGNORECASE:
        return lambda character: character == wanted
    equal = _cases(wanted)
    return (lambda character: character in equal) if wanted.isascii() else _any


def _set(parts: Iterable[tuple[Any, Any]], flags: int) -> Test:
    tests: list[Test] = []
    negated = False
    for name, given in parts:
        if name is op.NEGATE:
            negated = True
        elif name is op.LITERAL:
            tests.append(_literal(given, 0))
        elif name is op.RANGE:
            tests.append(_range(*given))
        elif name is op.CATEGORY and given in _CLASSES:
            tests.append(_CLASSES[given])
        else:
            raise _UnknownError

    def test(character: str) -> bool:
        return any(one(character) for one in tests) != negated

    if not flags & re.IGNORECASE:
        return test
    return lambda character: not character.isascii() or any(map(test, _cases(character)))


def _cases(character: str) -> str:
    """A letter in both cases, and those others that Python takes for the same letter."""
    return f"{character}{character.lower()}{character.upper()}{_LIKE.get(character.lower(), '')}"


def _range(first: int, last: int) -> Test:
    return lambda character: first <= ord(character) <= last
