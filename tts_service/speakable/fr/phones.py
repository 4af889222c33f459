"""French telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.romance.phones import account_rule, labelled_phone_rule
from tts_service.speakable.rules import Rule, rule, word_after, word_before


def phone_rules(tongue: Romance) -> Iterator[Rule]:
    """`06 12 34 56 78`, `+33 6 12 34 56 78`, `0 800 123 456`, `le 3919`."""

    def say(match: re.Match[str]) -> str:
        groups = re.findall(r"\d+", match.group())
        if len(groups) == 1:
            groups = re.findall(r"\d\d", groups[0])
        said = " ".join(filter(None, (tongue.digits(group) for group in groups)))
        return f"{tongue.words.plus} {said}" if match.group().startswith("+") else said

    def short(match: re.Match[str]) -> str | None:
        if word_before(match).lower() not in ("le", "au", "numéro", "n°", "composer") or word_after(match).endswith(
            "s"
        ):
            return None
        return f"{tongue.cardinal(match['a'], 'alone')} {tongue.digits(match['b'])}"

    gap = rf"[{SPACES}.-]?"
    yield rule("telephone", "digit", rf"0[1-9](?:{gap}\d{{2}}){{4}}(?!\w)", say)
    yield rule("telephone", "digit", rf"0[{SPACES}]?[89]\d\d(?:[{SPACES}.]\d{{2,3}}){{2,3}}(?!\w)", say)
    yield rule(
        "telephone",
        "sign",
        rf"\+\d{{1,3}}[{SPACES}.-]?(?:\(0\)[{SPACES}]?)?\d{{1,4}}(?:{gap}\d{{2,4}}){{2,5}}(?!\w)",
        say,
    )
    yield rule("telephone", "digit", r"(?P<a>3\d)[ ]?(?P<b>\d\d)(?!\w|[.,-]\d|[ ]\d)", short)
    # Belgium.
    yield rule("telephone", "digit", rf"0\d{{2,3}}/\d{{2,3}}(?:[{SPACES}.]\d\d){{2}}(?!\w)", say)
    yield account_rule(tongue)
    yield labelled_phone_rule(tongue)
