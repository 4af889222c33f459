"""Spanish telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.es import numbers
from tts_service.speakable.romance.amounts import SPACES, Romance
from tts_service.speakable.romance.phones import account_rule, labelled_phone_rule
from tts_service.speakable.rules import Rule, rule


def phone_rules(tongue: Romance) -> Iterator[Rule]:
    """`91 123 45 67`, `600 123 456`, `+34 …`, `912345678`."""

    def say(match: re.Match[str]) -> str | None:
        groups = re.findall(r"\d+", match.group())
        if sum(map(len, groups)) != 9 and match.group()[0] != "+":
            return None
        if [len(group) for group in groups] == [3, 3, 3] and numbers.form(match) != "alone":
            return None
        if len(groups) == 1:
            groups = re.findall(r"\d{3}", groups[0])
        said = " ".join(filter(None, (tongue.digits(group) for group in groups)))
        return f"{tongue.words.plus} {said}" if match.group().startswith("+") else said

    gap = f"[{SPACES}.-]"
    yield rule("telephone", "sign", rf"\+\d{{1,3}}{gap}?\d{{1,3}}(?:{gap}?\d{{2,4}}){{2,5}}(?!\w)", say)
    yield rule("telephone", "digit", rf"[6-9]\d{{1,2}}(?:[{SPACES}]\d{{2,3}}){{2,3}}(?![\w]|[.,]\d)", say)
    yield rule("telephone", "digit", r"[6-9]\d{8}(?!\w)", say)
    if tongue.language == "es-MX":
        pairs = rf"\d\d[{SPACES}]\d{{4}}[{SPACES}]\d{{4}}(?!\w)"
        yield rule(
            "telephone",
            "digit",
            pairs,
            lambda m: " ".join(tongue.digits(two) or two for two in re.findall(r"\d\d", m.group())),
        )
    yield account_rule(tongue)
    yield labelled_phone_rule(tongue)
