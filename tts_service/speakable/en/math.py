"""English mathematics and signs that stand between or before numbers: `2 + 2 = 4`, `x²`, `√16`, `~50`, `<10`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.rules import Rule, rule, word_after, word_before
from tts_service.speakable.tables import pairs

_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_GREEK = pairs("en", "greek")
_BETWEEN = pairs("en", "between")
_BEFORE = pairs("en", "before")


def math_rules(amounts: Amounts) -> Iterator[Rule]:
    """Powers first, then signs between two things, then signs before a number."""
    yield from _powers(amounts)
    yield from _operators(amounts)

    def between(match: re.Match[str]) -> str | None:
        if match["sign"] == "≠" and word_before(match).lower() in ("is", "are", "was"):
            return "not equal to"
        return _BETWEEN[match["sign"]] if _operand_before(match) else None

    def before(match: re.Match[str]) -> str | None:
        if match["sign"] in _BETWEEN and _operand_before(match):
            return None
        return _BEFORE[match["sign"]]

    yield rule("math", "sign", r"(?P<sign><=|>=|!=|==|[=<>≤≥≠≈≡])(?=\s?[\w(√$£€−.±-])", between)
    yield rule("math", "sign", r"(?P<sign>\+/[-−]|[≈~∼±√∛№])(?=\s?[\d$£€.(a-z])", before)
    yield rule("math", "sign", r"(?P<sign><=|>=|[<>≤≥])(?=\s?[\d$£€.])", before)
    greek = "".join(_GREEK)
    yield rule("math", "letter", rf"[{greek}](?!\w)", lambda match: _GREEK[match.group()])


def _powers(amounts: Amounts) -> Iterator[Rule]:
    def say(match: re.Match[str]) -> str | None:
        power = (match["small"] or match["caret"]).translate(_SUPER)
        base = match["base"]
        if base in ("km", "cm", "mm", "mi") and power in ("2", "3"):
            return f"{'square' if power == '2' else 'cubic'} {amounts.units[base].many}"
        said = amounts.say(base) if base[:1].isdecimal() else " ".join(base) if base.isalpha() else base
        return f"{said} {_power(power, amounts)}".strip() if said is not None else None

    def alone(match: re.Match[str]) -> str | None:
        return _power((match["small"] or match["caret"]).translate(_SUPER), amounts)

    power = r"(?:(?P<small>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})|\^(?P<caret>[-−]?\d{1,4}|[a-z](?!\w)))"
    yield rule("power", "digit letter", rf"(?P<base>{amounts.number}|[A-Za-zα-ω]{{1,2}}){power}(?![^\W_])", say)
    yield rule("power", "sign letter digit", rf"(?<=[\w)]){power}(?![^\W_])", alone)


def _power(power: str, amounts: Amounts) -> str | None:
    if power in ("2", "3"):
        return "squared" if power == "2" else "cubed"
    digits = power.lstrip("-−")
    if not digits.isdecimal():
        return f"to the power of {digits}"
    said = numerals.ordinal(digits, amounts.language) if power[0].isdecimal() else amounts.say(digits)
    return f"to the {said}" if power[0].isdecimal() else f"to the minus {said}"


def _operators(amounts: Amounts) -> Iterator[Rule]:
    words = dict.fromkeys("×*·⋅x", "times") | dict.fromkeys("÷/", "divided by") | dict.fromkeys("-−–", "minus")
    words["+"] = "plus"

    def operator(match: re.Match[str]) -> str | None:
        sign = match["sign"]
        if not _operand_before(match):
            return None
        before, after = word_before(match), word_after(match)
        larger = before.isdecimal() and after.isdecimal() and int(before) > int(after)
        reckoned = in_equation(match) or (sign in "-–" and larger) or (sign in "*x" and _digits_around(match))
        return words[sign] if reckoned or sign not in "-–/x*·" else None

    def named(match: re.Match[str]) -> str:
        return f"{match['f']} of {match['x']}"

    yield rule("math", "sign letter", r"(?P<sign>[×*·⋅÷/+−–x-])(?=\s(?:[\d(√π]|[a-z](?!\w))|[\d(])", operator)
    yield rule("math", "digit", rf"{amounts.number}(?=\s?[-–−/]\s?[\d(a-z])", lambda m: _first(m, amounts))
    yield rule("math", "letter", r"(?P<f>[fgh])\((?P<x>[a-z])\)", named)


def _first(match: re.Match[str], amounts: Amounts) -> str | None:
    """A number before a minus or stroke of an equation, which would be read as a range or fraction else."""
    tail = re.match(r"\s?(.)\s?(\d{0,9})", match.string[match.end() : match.end() + 12])
    sign, other = (tail.group(1), tail.group(2)) if tail else ("", "")
    if sign == "/" and not (other.strip("0") and match.group().isdecimal() and int(match.group()) % int(other) == 0):
        return None
    return amounts.say(match.group()) if sign == "−" or in_equation(match) or _subtraction(match, sign, other) else None


def _subtraction(match: re.Match[str], sign: str, other: str) -> bool:
    """`9 - 4`: with spaces the larger first, and no team behind, is no range and no score."""
    number = match.group()
    spaced = match.string[match.end() : match.end() + 1].isspace()
    behind = match.string[match.end() : match.end() + 20].split()[2:3]
    team = bool(behind) and behind[0][:1].isupper()
    larger = number.isdecimal() and other.isdecimal() and int(number) > int(other)
    return sign in "-–" and spaced and larger and not team


def in_equation(match: re.Match[str]) -> bool:
    """Whether an equals sign stands near, or letters are reckoned with."""
    return "=" in match.string[max(0, match.start() - 40) : match.end() + 40]


def _digits_around(match: re.Match[str]) -> bool:
    return word_before(match)[-1:].isdigit() and (
        word_after(match)[:1].isdigit() or match.string[match.end() : match.end() + 1].isdigit()
    )


def _operand_before(match: re.Match[str]) -> bool:
    head = match.string[max(0, match.start() - 12) : match.start()].rstrip(" \u00a0")
    if not head:
        return False
    last = head.split()[-1]
    return head[-1].isdigit() or head[-1] in ")²³%⁰¹⁴⁵⁶⁷⁸⁹" or last in _GREEK or (len(last) == 1 and last.isalpha())
