"""Where sentences begin and end, as exact places in the text.

Our own rules instead of a library's: pysbd's patterns are quadratic in places and it gives no promise about
characters; here one linear pass looks at each end mark, the word before it and the word after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tts_service.speakable.items import item_places
from tts_service.speakable.language import Ordinals, SentenceEnds, language_of
from tts_service.speakable.tables import words

MAX_SENTENCE = 400
"""Characters of a sentence; longer ones are divided."""

_CLOSING = "\"'”’“»«)\\]›‹"
_GLUED = r"(?<=[a-zß-ÿ]{2})[.!?](?=[A-ZÀ-Þ][a-zß-ÿ])"
"""A forgotten space: `in June.In July`."""
_DATELINE = r"\.(?:(?<=[^\W\d_]{3}\.)|(?<=\)\.)|(?<=\d h\.))[-–—](?=\s)"
"""`MADRID (EFE).- El Gobierno`, `20:30 h.- Concierto`"""
_END = re.compile(
    rf"(?:[.!?…‽؟۔।]{{1,50}}[{_CLOSING}]{{0,5}}(?=\s|$)|{_GLUED}|{_DATELINE}|"
    rf"[。！？｡]{{1,50}}[」』”）]{{0,3}}|\n[ \t]*\n)"
)
_END_SPACED = re.compile(rf"[.!?…]{{1,50}}[ \u00a0\u202f]»(?=\s|$)|{_END.pattern}")
"""A space may stand before the closing quote."""
_LAST_WORD = re.compile(r"(?:[^\W_]|[.’'-])+$")
_OPENING = "\"'“„«»‘‚([¿¡—–-›‹ \t\n\r"
_COMMA = re.compile(r"[,،、，](?=\s|[、，])")
_VOWELS = re.compile("[aeiouyà-æè-öø-ýÿ]", re.IGNORECASE)
_SPACE = re.compile(r"\s")
_ELIDED = re.compile(r"^[^\W\d_]{1,6}['’]")
_SPAN_BEGIN = re.compile(r"^[^\W\d_]{2,6}\.?-")
"""`lun.-dom. 9-18`"""
_CLOCK = frozenset(("a.m", "p.m"))
_ZONE = re.compile("[A-Z]{2,3}T")
"""`2:47 a.m. HST`"""
_LETTER_BEFORE = re.compile(r"(?<!\w)[^\W\d_]\.[ \u00a0]?$")
"""A letter with a dot right before another one: "z. B."."""
_ORDINALS = re.compile(r"\d{1,3}\.[-‑]\d{1,3}")
"""`die 1.-4. Klassen`"""
_SPEAKER = re.compile(r"I(?:['’]|\s(?!of|and|to|in|is|was|or)[a-z])")
"""`I read it`: no number one."""
_AMOUNT = re.compile(r"[$£€¥~]?\s?\d")
_CODE = re.compile(r"[A-Z]{1,4}-?\d")
"""`no. XR-250B`"""
_SHORT_NOUN = re.compile(r"[^\W\d_]{1,6}\.")
_DAY_BEFORE = re.compile(r"(?<!\d)\d{1,2}\.[ \u00a0]?$")
"""`3. 10. 2024`"""
_MONTH_BEHIND = re.compile(r"(?:0?[1-9]|1[0-2])\.\s?(?:[12]\d{3}|\d\d)(?!\w|[.,]\d)")
_PARTICLES = words("")["particles"]
"""They begin sentences, and names behind an initial: "R. De Luca"."""
_COMPANY = words("")["company"]
"""What companies have at their name's end, often two of them: "Co. Ltd."."""
_EXCLAIMED = words("")["exclaimed"]
"""Names that end with a mark: "Yahoo!"."""
_CAMEL = re.compile(r"[a-z]{1,2}[A-Z]")
"""A name that begins small, also at a sentence's beginning: "iPads", "eBay"."""
_LETTERED_ITEM = re.compile(r"[b-h]\)\s")
_ASIDE = re.compile(r"\s\([^()\n]{1,120}\)(?=[,;:]|\s[a-zß-ÿ])")
"""A bracket behind which the same sentence goes on."""
_JOINED = re.compile(r"\d{1,9}[-‑][a-zß-ÿ.-]{1,12}|[a-z]{3,9}[-‑](?:yr|hr|min|sec|mo|wk|ft|in|lb|oz|mi|gal)")
"""`a 10-yr. loan`, `a two-hr. drive`"""
_SYMBOLS = words("")["symbols of units"]
_COUNT = re.compile(r"(?<![\w.])\d[\d.,]{0,12}[ \u00a0\u202f]?(?:km/)?$")
_LETTERS = re.compile(r"(?:[^\W\d_]{1,4}\.[ \u00a0-]?){0,2}[^\W\d_]{1,2}$")
"""Short forms of one letter each, the last without its dot: "p. m", "av. J.-C"."""
_AT_START = re.compile(r"(?:^|(?<!\s[^\W\d_])[.!?…]\s)[\s\"“„«(]*$")
_HOUSE = re.compile(r"\d[\w-]{0,4}\s(?:[NSEW]\.?\s)?(?:[A-Z][\w'’]{1,20}\s)?$")
"""`12 Oak` and `5th` before the short form of a street."""
_NAME_BEFORE = re.compile(r"(?<!\w)[A-ZÀ-Þ][\w'’]{1,20}(?P<comma>,)?\s$")
_COUNTS = re.compile(
    r"\d[\d.,]{0,9}(?:st|nd|rd|th)?\s(?!(?:miles?|blocks?|feet|metres?|meters?|minutes?|hours?|days?)\s)[^\W\d_]{3}"
)
"""`12 people`, but not `2 miles north`."""
_ABROAD = frozenset(("u.s", "u.s.a", "u.k", "u.n", "e.u", "d.c"))


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """(start, end) of every sentence, in order; together they hold all characters but the white space between them.

    None is longer than MAX_SENTENCE, or than twice that where one word is.
    """
    ends = _ends_of(language)
    out: list[tuple[int, int]] = []
    start = 0
    for match in (_END_SPACED if ends.spaced_quotes else _END).finditer(text):
        end = match.end()
        if match.start() >= start and not _is_number_of_item(text, start, match) and _is_end(text, match, ends):
            _add(text, start, end, out, language)
            start = end
    _add(text, start, len(text), out, language)
    return out


def _add(text: str, start: int, end: int, out: list[tuple[int, int]], language: str) -> None:
    start, end = _trim(text, start, end)
    if start == end:
        return
    if out and end - out[-1][0] <= MAX_SENTENCE and not any(map(str.isalnum, text[start:end])):
        # Marks alone (a closing quote after a space) belong to the sentence before them.
        out[-1] = (out[-1][0], end)
        return
    out.extend(divide(text, start, end, MAX_SENTENCE, language))


def divide(text: str, start: int, end: int, limit: int, language: str) -> list[tuple[int, int]]:
    """The stretch in parts of at most `limit` characters: at a clause, else a comma, else a word, never inside a
    word."""
    out: list[tuple[int, int]] = []
    while end - start > limit:
        cut = cut_at(text, start, start + limit, floor=start + limit // 3, language=language)
        if cut is None:
            # One endless word: no voice survives it whole. Longer than any real one, so it may be cut.
            nearest = _SPACE.search(text, start + limit, min(end, start + 2 * limit))
            cut = nearest.start() if nearest else start + limit
        first = _trim(text, start, cut)
        if first[0] < first[1]:
            out.append(first)
        start = _trim(text, cut, end)[0]
    if start < end:
        out.append((start, end))
    return out


def cut_at(text: str, start: int, end: int, *, floor: int, language: str) -> int | None:
    """The best place to divide between `floor` and `end`: behind a clause's end, a comma, else at the last space."""
    for places in clause_places(text, start, end, language):
        if late := [place for place in places if place >= floor]:
            return late[-1]
    for place in range(end, start, -1):
        if place < len(text) and text[place].isspace():
            return place
    return None


def clause_places(text: str, start: int, end: int, language: str) -> Iterator[list[int]]:
    """Where clauses end, then where commas stand."""
    for pattern in (_clause(language), _COMMA):
        yield [match.end() for match in pattern.finditer(text, start, end)]


def words_that_part(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Articles, pronouns, prepositions and their like in lower case, and those before which a sentence may be parted:
    all but "of" and its like."""
    ends = _ends_of(language)
    return ends.function, ends.function - ends.binding


@lru_cache(maxsize=256)
def _ends_of(language: str) -> SentenceEnds:
    return language_of(language).ends()


@lru_cache(maxsize=256)
def _clause(language: str) -> re.Pattern[str]:
    return re.compile(rf"[;:](?=\s)|\s[–—-](?=\s)|,(?= (?:{_ends_of(language).joining})\b)")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_end(text: str, match: re.Match[str], ends: SentenceEnds) -> bool:
    marks = match.group()
    if not marks.strip() or marks[0] in "。！？｡":
        return True
    rest = match.end()
    while rest < len(text) and rest < match.end() + 20 and text[rest] in _OPENING:
        rest += 1
    following = text[rest : rest + 40]
    if not following.strip():
        return True
    if following[0] in "|•·/:;&":
        return False
    if "[" in text[match.end() : rest]:
        # A stage direction or an editor's note belongs to what stands before it.
        return False
    quoted = any(mark in _CLOSING for mark in marks)
    if following[0].islower() and not _CAMEL.match(following) and not _LETTERED_ITEM.match(following):
        return False
    if text[match.end() : match.end() + 2].endswith("(") and _ASIDE.match(text, match.end()):
        return False
    if len(marks.rstrip(_CLOSING)) > 1:
        # "Stop!" he said. / Wait … for it. : only a lower-case word goes on.
        return True
    if marks in ".!?" and not text[match.end()].isspace() and _is_address(text, match, ends):
        return False
    if marks[0] != ".":
        return not (marks == "!" and _goes_on(text, match, following, ends))
    before = _LAST_WORD.search(text, max(0, match.start() - 40), match.start())
    word = before.group() if before else ""
    head = text[max(0, match.start() - len(word) - 24) : match.start() - len(word)]
    if word.lower() in _CLOCK and "(" in text[match.end() : rest] and following[0].isdigit():
        # `5:58 p.m. (0.9 ft.)`
        return False
    if word and not ends.opens(following.split(None, 1)[0]) and _in_bracket(text, match.start()):
        return False
    return quoted or not _dot_belongs(_Dot(head=head, word=word, following=following, ends=ends))


def _in_bracket(text: str, place: int) -> bool:
    """`(Cat. 4)`, `(n = 500, Fehlertol. 2,5 %)`: in a bracket that stands within a sentence."""
    opened = text.rfind("(", max(0, place - 60), place)
    if opened < 1 or ")" in text[opened:place] or ")" not in text[place : place + 60]:
        return False
    return text[opened - 1].isspace() and text[:opened].rstrip()[-1:].isalnum()


def _goes_on(text: str, match: re.Match[str], following: str, ends: SentenceEnds) -> bool:
    """`Yahoo! Mail`: the mark is the name's."""
    before = _LAST_WORD.search(text, max(0, match.start() - 40), match.start())
    return before is not None and before.group() in _EXCLAIMED and not ends.opens(following.split(None, 1)[0])


def _is_address(text: str, match: re.Match[str], ends: SentenceEnds) -> bool:
    """`Booking.Com`, `www.example.Com/News`: what follows is neither a word that begins sentences nor a long one."""
    glued = text[max(0, match.start() - 40) : match.start()].split()[-1]
    following = re.split(r"[\s,;:]", text[match.end() : match.end() + 40])[0]
    if re.search(r"[\d./@_:]", glued) or re.search(r"[\d./@_]\w", following):
        return True
    return len(following) <= 3 and not ends.opens(following)


def _is_number_of_item(text: str, start: int, match: re.Match[str]) -> bool:
    """`1. Open the box.`, `Bring: 1. Bread 2. Milk`: the number belongs to what it counts."""
    number = text[start : match.start()].strip()
    if match.group() != "." or not text[match.start() - 1 : match.start()].isdecimal():
        return False
    begins = 0 < len(number) <= 2 and number.isdecimal()
    return begins or not item_places(text).isdisjoint((match.start() - 1, match.start() - 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dot:
    """A dot and what stands around it."""

    head: str
    """Before the word."""
    word: str
    """Glued to the dot; "" when none is."""
    following: str
    ends: SentenceEnds

    @property
    def bare(self) -> str:
        bare = self.word.strip("’'-").lower()
        return _ELIDED.sub("", bare) if self.ends.elision else bare

    @property
    def next_word(self) -> str:
        return self.following.split(None, 1)[0]

    @property
    def opens(self) -> bool:
        """Whether the next word begins sentences."""
        return self.ends.opens(self.next_word)

    @property
    def before(self) -> str:
        """The word before the word, in lower case."""
        return self.head.rstrip().rpartition(" ")[2].strip(_OPENING).lower()


_AGENCY = re.compile(r"[^()]{2,30}\)\.?\s?[-–—]")
_ROMAN_CODE = re.compile(r"[IVXL]{0,8}(?:(?<=[IVXL])-(?:bis|ter|quater))?")
"""`sez. II-bis`"""


def _dot_belongs(dot: _Dot) -> bool:
    """Whether a dot is part of the word before it: an abbreviation, an initial, an ordinal. What is in no list is an
    abbreviation if it has no vowel."""
    ends, bare, next_word = dot.ends, dot.bare, dot.next_word
    if not dot.word:
        return False
    if bare.replace(".", "").isdecimal():
        return ends.ordinals is not None and _is_ordinal(dot, ends.ordinals)
    if ends.ordinals is not None and _ORDINALS.fullmatch(bare):
        return not dot.opens
    if (ended := _ends_by_kind(dot)) is not None:
        return not ended
    names = ends.before_names
    pair = next_word.rstrip(",;:!?)")
    together = not ends.together.isdisjoint(((bare, pair), (bare, pair.rstrip("."))))
    if bare in names or bare.rsplit("-", 1)[-1] in names or together:
        return True
    if bare == "jr" and next_word.rstrip(",;").removesuffix(".").lower() in ends.roads and next_word[-1:] in ".,;":
        return True
    if bare in _COMPANY and next_word.strip(".,;)").lower() in _COMPANY:
        return True
    if ends.roman_ordinals and set(dot.word) <= set("IVXL") and len(dot.word) > 1:
        return not dot.opens
    named = (bare in ends.streets or bare not in ends.abbreviations) and dot.word[:1].isupper()
    if ends.streets and named and bare.endswith(ends.streets):
        return next_word[0].isdigit()
    if (_SPAN_BEGIN.sub("", bare) in ends.before_numbers or dot.word in ends.before_numbers) and not (
        len(bare) == 1 and dot.word.isupper()
    ):
        if _SPEAKER.match(dot.following) or (bare == "no" and next_word == "I"):
            # "No. I won't."
            return False
        amount = _AMOUNT.match(dot.following) is not None or _CODE.match(next_word) is not None
        return amount or (ends.roman_numbers and _ROMAN_CODE.fullmatch(next_word.strip(",;.")) is not None)
    if bare in _CLOCK:
        return next_word.strip(".,") in ends.behind_clock or _ZONE.fullmatch(next_word.strip(".,)")) is not None
    if len(bare) == 1 and bare.isalpha():
        return _is_letter_of(dot)
    if "." in bare and all(len(part) <= 2 and part.isalpha() for part in bare.replace("-", "").split(".")):
        # "in the U.S. The vote" ends; "the U.S. Senate" goes on.
        return not dot.opens and not _ends_abroad(dot)
    name = dot.word[:1].isupper() and bare in ends.capitalised
    if name and ends.nouns_are_capital and dot.head.strip() and _goes_on_small(dot, ends):
        return False
    cut = ends.cut_short is not None and dot.word.isalpha() and ends.cut_short.fullmatch(dot.word) is not None
    cut = (cut and bare not in ends.loan_words) or (ends.consonants_alone and _has_no_vowel(dot.word))
    known = name or bare in ends.abbreviations or cut
    return known and not dot.opens and bare not in ends.often_last


def _ends_by_kind(dot: _Dot) -> bool | None:
    """What the kind of short form decides, before any list of names is asked: whether the sentence ends."""
    ends, bare, head = dot.ends, dot.bare, dot.head
    capital = dot.next_word[:1].isupper()
    if _JOINED.fullmatch(bare):
        return False
    starts = len(dot.word) == 1 and dot.word.isupper() and dot.before not in ends.lettered
    if starts and _AT_START.search(head):
        return False
    if (dot.word in _SYMBOLS or bare in ends.closing_units) and _COUNT.search(head):
        return capital and dot.next_word.strip(".,") not in ends.behind_units
    if bare in ends.months and (dot.before[:1].isdigit() or dot.before in ends.before_months):
        # "Lyon, 3 déc. (AFP) - Le maire": a dateline goes on.
        return capital and not _AGENCY.match(dot.following)
    if _COUNTS.match(dot.following) and _ends_name(dot):
        return True
    if bare in ends.roads and _HOUSE.search(head):
        return dot.opens or _goes_on_small(dot, ends)
    letters = _LETTERS.search(head + dot.word) if ends.closing else None
    if letters and (tight := re.sub(r"[\s.-]", "", letters.group())):
        closed = tight in ends.closing or (tight[1:] in ends.closing and len(tight) > 2)
        return (dot.opens if ends.nouns_are_capital else capital) if closed else None
    return None


def _ends_name(dot: _Dot) -> bool:
    """Whether what stands before a number of things ends a name: "Kevin B.", "Oak St.", "Portland, Ore."."""
    name = _NAME_BEFORE.search(dot.head)
    if not name:
        return False
    if len(dot.word) == 1:
        if dot.ends.nouns_are_capital and not dot.following.split()[1][:1].isupper():
            # "Siehe S. 12 und"
            return False
        side = dot.word in "NSEW" and dot.next_word[-1:].isalpha()
        return dot.word.isupper() and not side and dot.before not in dot.ends.lettered
    if name["comma"]:
        return (
            not dot.ends.nouns_are_capital
            and dot.word[:1].isupper()
            and (dot.bare in dot.ends.capitalised or dot.bare in _ABROAD)
        )
    return dot.word[:1].isupper() and dot.bare in dot.ends.roads


def _goes_on_small(dot: _Dot, ends: SentenceEnds) -> bool:
    """`410 N. Elm St. Burial will follow`: a word with a capital and a small one behind the end of an address; a side
    or a day (`12 Oak St. Monday at`) goes on."""
    words = dot.following.split(None, 2)
    if len(words) < 2 or not words[0].isalpha() or not words[1].isalpha() or not words[1].islower():
        return False
    return words[0] not in ends.behind_clock and words[0] not in ends.behind_units and words[1] in ends.behind_subject


def _has_no_vowel(word: str) -> bool:
    """`Lkr.`, `Mgmt.`: no word, and no acronym."""
    return len(word) > 1 and word.isalpha() and not word[1:].isupper() and not _VOWELS.search(word)


def _ends_abroad(dot: _Dot) -> bool:
    """`based in the U.S. Analysts expect`: a place at a sentence's end, no part of the name that follows."""
    if dot.bare not in _ABROAD or dot.next_word.strip(",;.:?!").removesuffix("'s") in dot.ends.behind_country:
        return False
    words = dot.head.lower().split()
    if dot.next_word[0].isdigit() and words[-1:] != ["the"]:
        # "north of U.S. 31" is a road.
        return False
    while words and words[-1] == "the":
        words.pop()
    return bool(words) and words[-1] in dot.ends.prepositions


def _is_letter_of(dot: _Dot) -> bool:
    """A single letter with a dot: an initial, "Roe v. Wade", "c. 1850"; not the end of "Plan A"."""
    word, next_word = dot.word, dot.next_word
    if word in ("v", "c", "b") or _LETTER_BEFORE.search(dot.head) or (word.islower() and dot.ends.single_letters):
        return True
    if dot.before in dot.ends.lettered or (dot.opens and next_word not in _PARTICLES):
        return False
    if dot.ends.single_letters:
        return True
    if word.isupper() and word not in "NSEW" and re.search(r"[\d°]\s?$", dot.head):
        # A unit: "40 C.", "30 °C."; "1420 N. Main St." is a side.
        return False
    return (word.isupper() and word != "I") or (word in "bcdr" and next_word[0].isdigit())


def _is_ordinal(dot: _Dot, ordinals: Ordinals) -> bool:
    """`20. Jahrhundert`, `1. Oktober`; `im Jahr 1990. Danach` and `Sie ist 45. Mutter` are ends."""
    next_word = re.split(r"[^\w]|[\d_]", dot.next_word, maxsplit=1)[0]
    dated = len(dot.bare) <= 2 and _DAY_BEFORE.search(dot.head)
    if next_word.lower() in ordinals.months or dated or _MONTH_BEHIND.match(dot.following):
        return True
    if dot.opens:
        return False
    if _SHORT_NOUN.match(dot.following) and _has_no_vowel(next_word) and next_word.lower() not in dot.ends.before_names:
        return True
    if dot.bare == "1" and dot.head.endswith(": "):
        return True
    if ordinals.led_by and ordinals.led_by.search(dot.head):
        return True
    if len(dot.bare) > 2:
        return False
    return ordinals.counts is None or ordinals.counts(next_word)
