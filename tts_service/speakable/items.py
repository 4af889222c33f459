"""Where numbers with a dot or a bracket count items or headings: `You need: 1. Bread 2. Milk`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from tts_service.speakable.rules import Rule, rule

_NUMBER = re.compile(r"(?<!\S)(\d{1,2})[.)][ \u00a0\t](?=\S)")
_LEAD = re.compile(r"(?:^|[:;.!?…])[\s\"“„«•*–-]*$")
"""What stands before the first number of a list."""
FARTHEST = 400
"""Characters from one number of a list to the next."""


@lru_cache(maxsize=8)
def item_places(text: str) -> frozenset[int]:
    """The places of numbers that count: a list from 1 on, or the number at the text's beginning."""
    found = [(match.start(), int(match[1])) for match in _NUMBER.finditer(text)] if "." in text or ")" in text else []
    out: set[int] = set()
    last, wanted = 0, -1  # no list has begun, and a number 0 begins none
    for index, (place, number) in enumerate(found):
        follows = number == wanted and place - last <= FARTHEST
        begins = _LEAD.search(text, max(0, place - 5), place) is not None
        if follows or (begins and (place == 0 or (number == 1 and _goes_on(found[index + 1 : index + 9], place)))):
            out.add(place)
            last, wanted = place, number + 1
    return frozenset(out)


def _goes_on(later: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether the second item follows soon; a few other numbers may stand between."""
    return any(number == 2 and other <= place + FARTHEST for other, number in later)


def item_rule(
    inline: Callable[[str], str | None],
    opening: Callable[[str], str | None] | None = None,
    is_other: Callable[[re.Match[str]], bool] = lambda match: False,
) -> Rule:
    """`1. Bread 2. Milk`: "one, Bread, two, Milk".

    Args:
        inline: digits -> words.
        opening: the same where a sentence or a heading begins: "thirdly"; None: as inline.
        is_other: whether a number with a dot is no item: "1. Bundesliga", "3. Oktober".
    """

    def say(match: re.Match[str]) -> str | None:
        text, start = match.string, match.start()
        if start not in item_places(text) or is_other(match):
            return None
        before = text[max(0, start - 20) : start].rstrip()[-1:]
        begins = not before or before in ".!?…"
        said = (opening or inline)(match["number"]) if begins else inline(match["number"])
        pause = "," if before.isalnum() or (before in ')"”»“' and before) else ""
        return f"{pause}{said}," if said else None

    return rule("item", "digit", r"(?P<number>\d{1,2})[.)](?=\s)", say)
