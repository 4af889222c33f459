"""The points of a tie-break behind its set: `7-6 (7/5)`."""

from __future__ import annotations

import re
from collections.abc import Callable

from tts_service.speakable.rules import Rule, rule

_SET = re.compile(r"(?:7[-–/]6|6[-–/]7) ?\($")


def tie_break_rule(say: Callable[[str], str | None]) -> Rule:
    """Two numbers in a row, no fraction. `say`: digits -> words."""

    def points(match: re.Match[str]) -> str | None:
        if not _SET.search(match.string, max(0, match.start() - 6), match.start()):
            return None
        return f"{say(match['a'])} {say(match['b'])}"

    return rule("score", "digit", r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?=\))", points)
