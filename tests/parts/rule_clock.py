"""How long each rule takes on what it likes least: timed alone, one after the other."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

from tests.measure.text.pairs import own_pairs
from tests.parts.processor import cpu_s
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.rules import First, Rule, RuleSet
from tts_service.speakable.tokens import tokens

SMALL = 500
"""Characters of a hostile text; a rule never looks far, so that 100 kB take it 200 times as long."""
_ATOMS = (
    "1",
    "1 ",
    "1,",
    "1,1",
    "1.",
    "1.1.",
    "1-",
    "1–1",
    "1/",
    "1:",
    "1 000 ",
    "123 ",
    "000",
    "12:",
    "1st",
    "1m ",
    "1 km",
    "$",
    "$1",
    "-",
    "- ",
    "-1",
    "+1 ",
    "(1)",
    "0 ",
    "a",
    "a ",
    "a.",
    "A",
    "A.",
    "A. ",
    "A-",
    "a-",
    "A&",
    "AB ",
    "I",
    "IV ",
    "X",
    "M",
    "MC",
    "aB",
    "A1",
    "a1-",
    "@",
    "@a",
    "a@",
    "a@a.",
    "a.a",
    "www.",
    "http://",
    "http://a.",
    "a/",
    "#",
    "#a",
    "_",
    "a_",
    "'",
    "'s",
    "’s ",
    "s'",
    '"',
    '1"',
    "“",
    "May ",
    "May 1",
    "1 May ",
    "Mon–",
    "St. ",
    "No. ",
    "No. 1 ",
    "p.m. ",
    "1 p.m.",
    "%",
    "1%",
    "½",
    "1½",
    "²",
    "1²",
    "x² ",
    "=",
    "1=",
    "<",
    "1 + ",
    "5'",
    "1x1",
    "1 x ",
    "👍",
    "👨‍👩‍👧",
    "🇫🇷",
    "\u00a0",
    "é",
    "ß ",
    "Bd. ",
    "Jan.",
    "d'",
    "l'1",
)


class RuleClock:
    """Counts the time of each rule, and keeps its calls."""

    def __init__(self, rules: RuleSet) -> None:
        self._untimed = rules
        self._spent: dict[str, float] = defaultdict(float)
        self._calls: dict[str, list[tuple[Callable[..., Any], Any]]] = defaultdict(list)
        kinds: tuple[First, ...] = ("digit", "letter", "word", "sign")
        self._rules = replace(rules, **{kind: tuple(map(self._timed, getattr(rules, kind))) for kind in kinds})

    def _timed(self, rule: Rule) -> Rule:
        key = f"{rule.name}: {rule.pattern.pattern[:60]}"

        def timed(call: Callable[..., Any]) -> Callable[..., Any]:
            def run(*given: Any) -> Any:
                began = time.perf_counter_ns()
                answer = call(*given)
                self._spent[key] += (time.perf_counter_ns() - began) / 1e9
                self._calls[key].append((call, given))
                return answer

            return run

        class Pattern:
            match = staticmethod(timed(rule.pattern.match))

        return replace(rule, pattern=cast(Any, Pattern), say=timed(rule.say))

    def all_on(self, text: str) -> float:
        """CPU seconds of all rules together for one text: no rule alone takes longer."""
        return cpu_s(lambda: tokens(text, 0, len(text), self._untimed))

    def on(self, text: str) -> dict[str, float]:
        """Seconds of each rule for one text."""
        self._spent.clear()
        self._calls.clear()
        tokens(text, 0, len(text), self._rules)
        return dict(self._spent)

    def again(self, rule: str) -> float:
        """CPU seconds of a rule's calls for the last text: other programs don't lengthen them."""
        return min(cpu_s(lambda: [call(*given) for call, given in self._calls[rule]]) for _ in range(3))


def slowest_rule(language: str, above: float = 0.1) -> tuple[float, str, str]:
    """(CPU seconds of 100 kB, rule, its worst input) of the slowest rule of a language; zero when none takes more than
    `above`."""
    clock = RuleClock(rules_for(language))
    worst = (0.0, "", "")
    for text in _hostile(language):
        if clock.all_on(text) * 100_000 / SMALL <= max(worst[0], above):
            continue
        for rule, spent in clock.on(text).items():
            if spent * 100_000 / SMALL > max(worst[0], above):
                worst = max(worst, (clock.again(rule) * 100_000 / SMALL, rule, text[:20]))
    return worst


def _hostile(language: str) -> Iterator[str]:
    """Atoms again and again, and every rule's own examples: with a space between them, and without."""
    liked: dict[str, str] = {}
    rules = rules_for(language)
    for pair in own_pairs()[language]:
        for token in tokens(pair.written, 0, len(pair.written), rules):
            if token.rules:
                liked.setdefault(token.rules[0], pair.written)
    for atom in (*_ATOMS, *liked.values()):
        yield (atom * SMALL)[:SMALL]
    for example in liked.values():
        yield (f"{example} " * SMALL)[:SMALL]
