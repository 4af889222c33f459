"""What German sport and games write: places (`wurde 3.`), minutes of play (`45.+2`), halves of points, chess."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.de.grammar import ending_of, ordinal
from tts_service.speakable.de.grammar import words_before as german_words_before
from tts_service.speakable.rules import Rule, rule
from tts_service.speakable.tables import words

_PLACED = words("de")["placed"]
_LAST_PLACE = 12
"""At a sentence's end a larger number is an age: `Sie wurde 17.`"""
_PIECES = {"K": "König", "D": "Dame", "T": "Turm", "L": "Läufer", "S": "Springer", "": ""}
_EARLIER = re.compile(r"(?:wurden?|wird|werden|als|Platz)\s\d{1,2}\.,?\s(?:und|sowie|[^\W\d_]{2,30}\s)[^.!?]{0,60}$")
"""A place before this one: `Talheim wurde 3. und Seedorf 12.`"""


_TOLD = re.compile(
    r"\b(?:(?:wurde|wird|war|ist|blieb)\s(?P<who>sie|er)|(?P<first>[Ss]ie|[Ee]r)\s(?:wurde|wird|war|ist|blieb))\s(?:in\s\d[\d:,.]{1,8}(?:\s(?:Min|Std|Sek)\.)?|mit\s\d[\d.,]{0,8}\s\w{1,9}\.?)\s$"
)
"""`wurde sie in 41:08 Min. 2. der W40`"""


_WOMAN = re.compile(r"(?:^|\W)[Ss]ie(?:(?:\W+\w+){0,2}\W*|\s[a-zäöü]{2,15}\s[^!?]{1,60}\sund\swurde\s)$")
"""`Sie wurde 1.`, `Sie lief 55 Sek. und wurde 1.`"""


def game_rules(amounts: Amounts) -> Iterator[Rule]:
    """Asked before ordinals, times and scores."""
    yield from _places()
    yield from _minutes()
    yield _halves(amounts)
    yield from _chess()


def _places() -> Iterator[Rule]:
    def place(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 120) : match.start()]
        before = german_words_before(match, 2)
        tail = match.string[match.end() : match.end() + 4].lstrip()
        ends = not tail or tail[0].isupper()
        if ends and (int(match["number"]) > _LAST_PLACE or before[-1:] in (["ist"], ["war"])):
            return None
        told = _TOLD.search(head)
        if (before[-1:] == [] or before[-1] not in _PLACED) and not _EARLIER.search(head) and not told:
            return None
        subject = f"{told['who'] or ''}{told['first'] or ''}".lower() if told else ""
        woman = subject == "sie" if told else _WOMAN.search(head)
        return ordinal(match["number"], "e" if woman else "er").capitalize()

    behind = "ins|im|in|und|vor|hinter|mit|durchs?|bei|auf|geworden|wurde|wird|an|sowie|der|des"
    end = rf"(?=\s(?:{behind})\s|[,;:!?)]|\s?$|\s?\.)"
    yield rule("ordinal", "digit", rf"(?P<number>\d{{1,3}})\.{end}", place)


def _minutes() -> Iterator[Rule]:
    """`in der 90.+3 Minute`, `Kaya (12.)`, `Holt (45.+2)`."""

    def added(match: re.Match[str]) -> str:
        end = ending_of(match) if "inute" in match.string[match.end() : match.end() + 30] else "e"
        return f"{ordinal(match['minute'], end)} plus {ordinal(match['more'], end)}"

    yield rule("minute", "digit", r"(?P<minute>\d{1,3})[.'’]\s?\+\s?(?P<more>\d{1,2})(?!\d)\.?", added)
    scored = r"(?P<minute>\d{1,3})[.'’](?=/(?:FE|HE|ET|Elfm|Elfmeter|Foulelfmeter|Handelfmeter|Eigentor)(?!\w))"
    yield rule("minute", "digit", scored, lambda match: ordinal(match["minute"], "e"))
    alone = r"(?<=\()(?P<minute>\d{1,3})[.'’](?=[),/])"
    yield rule("minute", "digit", alone, lambda match: ordinal(match["minute"], "e"))


def _halves(amounts: Amounts) -> Rule:
    """`2½:1½`"""

    def side(written: str) -> str:
        if "½" not in written:
            return amounts.say(written) or written
        whole = written[:-1]
        return f"{'ein' if whole == '1' else amounts.say(whole)}einhalb" if whole.strip("0") else "ein halb"

    points = r"(?P<a>\d{0,2}½|\d{1,2})\s?:\s?(?P<b>\d{0,2}½|\d{1,2})(?![\w:])"
    pattern = rf"(?=[\d½\s]{{1,5}}:[\d\s]{{0,3}}½|\d{{0,2}}½\s?:){points}"
    return rule("score", "digit sign letter", pattern, lambda match: f"{side(match['a'])} zu {side(match['b'])}")


def _chess() -> Iterator[Rule]:
    """`23.Dh5+`, `14. Sf3`: the move's number, then the move."""
    move = r"(?P<piece>[KDTLS])(?P<from>[a-h]?[1-8]?)(?P<takes>x?)(?P<to>[a-h][1-8])(?P<check>[+#]?)(?!\w)"

    def say(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 8) : match.start()]
        if not re.search(r"\d\.{1,3}\s?$|\d\.\s?[KDTLS]?x?[a-h][1-8][+#]?\s$", head):
            return None
        places = [*match["from"], "schlägt" if match["takes"] else "", *match["to"]]
        said = [numerals.cardinal(part, "de") or part if part.isdecimal() else part for part in places]
        check = {"+": "Schach", "#": "matt", "": ""}[match["check"]]
        return " ".join(filter(None, (_PIECES[match["piece"]], *said, check)))

    number = rf"(?P<number>\d{{1,3}})\.(?:\.\.)?(?=\s?{move.replace('?P<', '?P<next_')})"
    pawn = r"(?P<number>\d{1,3})\.(?=\s?[a-h][1-8]\s[KDTLS]?x?[a-h][1-8](?!\w))"
    yield rule("chess", "digit", pawn, lambda match: f"{numerals.cardinal(match['number'], 'de')},")
    yield rule("chess", "digit", number, lambda match: f"{numerals.cardinal(match['number'], 'de')},")
    yield rule("chess", "letter", move, say)
