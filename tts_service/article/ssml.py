"""SSML -> pieces: a safe subset of W3C SSML 1.1, read into our own values. No markup ever reaches an engine.

    p s           paragraphs and sentences            sub alias         spoken in its place
    break         time="500ms", strength="medium"     say-as            interpret-as, format (speakable/say_as.py)
    lang          xml:lang                            phoneme           alphabet="ipa" ph="…"
    prosody       rate="slow", "120%", "+10%"         emphasis          accepted, without effect

Everything else is refused with line and column, so that authors hear of unsupported markup when they submit it.
Parsed with Expat; a document type declaration is refused before its content is read, so there are no entities.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn
from xml.parsers import expat

from tts_service.article.clean import clean
from tts_service.article.language import tidy_tag
from tts_service.article.pieces import Piece, word_set
from tts_service.errors import MarkupRefused
from tts_service.values import BlockKind, Direction, SayAs
from tts_service.values.speech_policy import MAX_RATE, MIN_RATE

NAMESPACE = "http://www.w3.org/2001/10/synthesis"
MAX_DEPTH = 40
"""Maximum nesting depth; real documents have five levels."""
MAX_BREAK_MS = 10_000

_LANG = "http://www.w3.org/XML/1998/namespace lang"
_LOCATION = "http://www.w3.org/2001/XMLSchema-instance schemaLocation"
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "speak": frozenset(("version", _LANG, _LOCATION)),
    "p": frozenset((_LANG,)),
    "s": frozenset((_LANG,)),
    "break": word_set("time strength"),
    "sub": word_set("alias"),
    "say-as": word_set("interpret-as format detail"),
    "phoneme": word_set("alphabet ph"),
    "prosody": word_set("rate"),
    "lang": frozenset((_LANG,)),
    "emphasis": word_set("level"),
}
_PLAIN = word_set("sub say-as phoneme")
"""Elements that may contain text only."""
_STRENGTH_MS = {"none": 0, "x-weak": 100, "weak": 200, "medium": 400, "strong": 700, "x-strong": 1_000}
_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.6}
_TIME = re.compile(r"\+?(\d{1,6}(?:\.\d{1,3})?)(ms|s)")
_RATE = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{1,3})?)(%?)")
_SAY_AS = frozenset(known.value for known in SayAs)
_IPA = re.compile(r"[^\x00-\x1f\[\]<>{}0-9]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSsml:
    """Content of an SSML document."""

    pieces: list[Piece]
    language: str | None
    """xml:lang of the document; None if absent."""


def read_ssml(source: str) -> ReadSsml:
    """The paragraphs of an SSML document. Raises MarkupRefused with line, column and reason."""
    reader = _Reader()
    try:
        reader.parser.Parse(source, True)
    except expat.ExpatError as error:
        reader.refuse(f"this is not well-formed XML ({expat.ErrorString(error.code)})", (error.lineno, error.offset))
    return ReadSsml(pieces=reader.pieces, language=reader.language)


@dataclass(slots=True)
class _Open:
    """An open element."""

    name: str
    start: int
    """Start of its text in the paragraph."""
    direction: Direction | None
    place: tuple[int, int]


@dataclass(slots=True)
class _Paragraph:
    text: str = ""
    gap: bool = False
    """White space was read that counts only if more text follows."""
    directions: list[Direction] = field(default_factory=list)


class _Reader:
    """Expat's events -> pieces."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.language: str | None = None
        self._paragraph = _Paragraph()
        self._open: list[_Open] = []
        self._languages: list[str | None] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction

    def refuse(self, reason: str, place: tuple[int, int] | None = None) -> NoReturn:
        """Raises MarkupRefused at `place`, (line from 1, column from 0); None: the parser's position."""
        line, column = place or (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber)
        raise MarkupRefused(
            f"SSML, line {line}, column {column + 1}: {reason}.", line=line, column=column + 1, reason=reason
        )

    def _doctype(self, *_: object) -> None:
        self.refuse("a document type declaration is not allowed")

    def _instruction(self, *_: object) -> None:
        self.refuse("processing instructions are not allowed")

    def _start(self, full_name: str, attributes: dict[str, str]) -> None:
        namespace, _, name = full_name.rpartition(" ")
        if namespace not in ("", NAMESPACE) or name not in _ATTRIBUTES:
            known = " ".join(sorted(_ATTRIBUTES))
            self.refuse(f"<{name}> is not supported; the supported elements are {known}")
        self._check_place(name)
        for attribute in attributes:
            if attribute not in _ATTRIBUTES[name]:
                self.refuse(f"<{name}> must not have the attribute {attribute.rpartition(' ')[2]!r}")
        if name == "speak":
            self.language = self._tag(attributes)
        if name in ("speak", "p"):
            self._flush()
            self._languages.append(self._tag(attributes) or (self._languages[-1] if self._languages else None))
        if name == "break":
            self._break(attributes)
        start = len(self._paragraph.text)
        direction = _DIRECTIONS[name](self, attributes) if name in _DIRECTIONS else None
        place = (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber)
        self._open.append(_Open(name, start, direction, place))

    def _check_place(self, name: str) -> None:
        parent = self._open[-1].name if self._open else None
        if (name == "speak") != (parent is None):
            self.refuse("the document must be a single <speak> element")
        if len(self._open) >= MAX_DEPTH:
            self.refuse(f"elements are nested more than {MAX_DEPTH} deep")
        if parent == "break" or parent in _PLAIN:
            self.refuse(f"<{parent}> must {'be empty' if parent == 'break' else 'contain only text'}, not <{name}>")
        if name == "p" and parent != "speak":
            self.refuse("<p> must be directly inside <speak>")
        if name == "s" and parent not in ("p", "speak"):
            self.refuse("<s> must be directly inside <p> or <speak>")

    def _end(self, full_name: str) -> None:
        closed = self._open.pop()
        paragraph = self._paragraph
        start = closed.start
        while start < len(paragraph.text) and paragraph.text[start].isspace():
            start += 1
        if closed.direction is not None and start < len(paragraph.text):
            paragraph.directions.append(replace(closed.direction, start=start, end=len(paragraph.text)))
        elif closed.name in _PLAIN:
            self.refuse(f"<{closed.name}> is empty: put the word that it applies to inside it", closed.place)
        if closed.name in ("p", "speak"):
            self._flush()
            self._languages.pop()

    def _characters(self, data: str) -> None:
        if self._open[-1].name == "break":
            if data.strip():
                self.refuse("<break> must be empty")
            return
        paragraph = self._paragraph
        for word in re.split(r"(\s+)", clean(data)[0]):
            if not word or word.isspace():
                paragraph.gap = paragraph.gap or bool(word)
                continue
            paragraph.text += (" " if paragraph.gap and paragraph.text else "") + word
            paragraph.gap = False

    def _flush(self) -> None:
        """Ends the current paragraph, if any."""
        paragraph, self._paragraph = self._paragraph, _Paragraph()
        if not paragraph.text:
            return
        directions = sorted(paragraph.directions, key=lambda direction: (direction.start, -direction.end))
        self.pieces.append(
            Piece(
                kind=BlockKind.PARAGRAPH,
                text=paragraph.text,
                language=self._languages[-1],
                directions=tuple(directions),
            )
        )

    def _break(self, attributes: Mapping[str, str]) -> None:
        silence_ms = self._silence(attributes)
        paragraph = self._paragraph
        if paragraph.text:
            place = len(paragraph.text)
            paragraph.directions.append(Direction(start=place, end=place, break_ms=silence_ms))
            paragraph.gap = True
        elif self.pieces:  # between two paragraphs: silence after the first
            last = self.pieces[-1]
            place = len(last.text)
            silence = Direction(start=place, end=place, break_ms=silence_ms)
            self.pieces[-1] = replace(last, directions=(*last.directions, silence))

    def _silence(self, attributes: Mapping[str, str]) -> int:
        if (time := attributes.get("time")) is not None:
            match = _TIME.fullmatch(time.strip())
            silence = float(match[1]) * (1 if match[2] == "ms" else 1_000) if match else -1.0
            if not 0 <= silence <= MAX_BREAK_MS:
                self.refuse(
                    f'<break time="{time[:20]}"> is not a valid time: write it as "500ms" or "1.5s", at most 10 s'
                )
            return round(silence)
        strength = attributes.get("strength", "medium")
        if strength not in _STRENGTH_MS:
            self.refuse(f'<break strength="{strength[:20]}"> is not valid: use one of {", ".join(_STRENGTH_MS)}')
        return _STRENGTH_MS.get(strength, 0)

    def _tag(self, attributes: Mapping[str, str]) -> str | None:
        declared = attributes.get(_LANG)
        if declared is None:
            return None
        tag = tidy_tag(declared)
        if tag is None:
            self.refuse(f"xml:lang={declared[:20]!r} is not a language tag")
        return tag

    def sentence(self, attributes: Mapping[str, str]) -> Direction:
        return Direction(start=0, end=0, sentence=True, language=self._tag(attributes))

    def lang(self, attributes: Mapping[str, str]) -> Direction:
        tag = self._tag(attributes)
        if tag is None:
            self.refuse("<lang> needs xml:lang")
        return Direction(start=0, end=0, language=tag)

    def sub(self, attributes: Mapping[str, str]) -> Direction:
        alias = clean(attributes.get("alias", ""))[0].strip()
        if not any(map(str.isalnum, alias)) or len(alias) > 200:
            self.refuse("<sub> needs an alias with a word to say, of at most 200 characters")
        return Direction(start=0, end=0, alias=alias)

    def phoneme(self, attributes: Mapping[str, str]) -> Direction:
        if attributes.get("alphabet", "ipa") != "ipa":
            self.refuse('<phoneme> must have alphabet="ipa"')
        ipa = attributes.get("ph", "").strip()
        if not _IPA.fullmatch(ipa):
            self.refuse("<phoneme> needs ph with a pronunciation in IPA, of at most 200 characters")
        return Direction(start=0, end=0, ipa=ipa)

    def say_as(self, attributes: Mapping[str, str]) -> Direction:
        name = attributes.get("interpret-as", "")
        requested = f"{name} {form}" if name == "date" and (form := attributes.get("format")) else name
        if requested not in _SAY_AS:
            self.refuse(f"<say-as> doesn't support {requested[:30]!r}; it supports {', '.join(SayAs)}")
        return Direction(start=0, end=0, say_as=SayAs(requested))

    def prosody(self, attributes: Mapping[str, str]) -> Direction:
        text = attributes.get("rate", "")
        rate = _RATES.get(text) or _relative(text)
        if rate is None or not MIN_RATE <= rate <= MAX_RATE:
            self.refuse(f'<prosody rate="{text[:20]}"> is not valid: use 50% to 200%, or one of {", ".join(_RATES)}')
        return Direction(start=0, end=0, rate=rate)

    def emphasis(self, attributes: Mapping[str, str]) -> None:
        level = attributes.get("level", "moderate")
        if level not in ("none", "reduced", "moderate", "strong"):
            self.refuse(f'<emphasis level="{level[:20]}"> is not valid: use none, reduced, moderate or strong')


def _relative(rate: str) -> float | None:
    """Parses a rate: `120%`, `1.2` and `+20%` are all 1.2."""
    match = _RATE.fullmatch(rate.strip())
    if not match or (match[1] and not match[3]):
        return None
    value = float(match[2]) / 100 if match[3] else float(match[2])
    return {"+": 1 + value, "-": 1 - value}.get(match[1], value)


_DIRECTIONS: Mapping[str, Callable[[_Reader, Mapping[str, str]], Direction | None]] = {
    "s": _Reader.sentence,
    "lang": _Reader.lang,
    "sub": _Reader.sub,
    "phoneme": _Reader.phoneme,
    "say-as": _Reader.say_as,
    "prosody": _Reader.prosody,
    "emphasis": _Reader.emphasis,
}
