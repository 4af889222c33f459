"""W3C Pronunciation Lexicon Specification 1.0 (REC-pronunciation-lexicon-20081014): documents <-> lexemes.

    lexicon       version, xml:lang and alphabet="ipa" are required; one language a document
    lexeme        grapheme+, then phoneme or alias: the first with prefer="true" counts, else the first
    meta, metadata, example, role      taken and left out; what is left out is told

PLS knows neither case, hyphenated words nor notes: our own attributes say them, in our own namespace, which other
readers pass over.
Expat reads it; a document type is refused before anything in it is read, so there are no entities and no addresses.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from tts_service.errors import InputRefused, MarkupRefused
from tts_service.speakable.lexeme import MAX_GRAPHEME, MAX_GRAPHEMES, MAX_SAID, Lexeme, same_when, tidied

NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
OWN_NAMESPACE = "urn:tts-service:lexicon"
MAX_BYTES = 2_000_000
MAX_LEXEMES = 20_000
MAX_NOTICES = 20
"""Notices that are told one by one."""
_LANG = "http://www.w3.org/XML/1998/namespace lang"
_CHILDREN = {
    None: ("lexicon",),
    "lexicon": ("lexeme", "meta", "metadata"),
    "lexeme": ("grapheme", "phoneme", "alias", "example"),
}
_TEXT = ("grapheme", "phoneme", "alias")
_PASSED = ("meta", "metadata", "example")
"""What we have no use for, with everything inside."""
_MAX_TEXT = 4 * max(MAX_GRAPHEME, MAX_SAID)
"""Characters of one element, white space included: more can't become a grapheme or an alias."""


_DECLARATION = re.compile(r"\A\ufeff?<\?xml\s.*?\?>", re.DOTALL)
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlsLexeme:
    """A lexeme of a document, and where it stands."""

    lexeme: Lexeme
    note: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pls:
    """What a document says."""

    language: str
    lexemes: tuple[PlsLexeme, ...]
    notices: tuple[str, ...]
    """What was left out, with its place."""


def read_pls(source: bytes) -> Pls:
    """The lexemes of a document, in order. Raises MarkupRefused: line, column, reason."""
    reader = _Reader()
    if len(source) > MAX_BYTES:
        reader.refuse(f"the document has {len(source)} bytes; the limit is {MAX_BYTES}", (1, 0))
    try:
        reader.parser.Parse(source, True)
    except expat.ExpatError as error:
        reader.refuse(f"this is not well-formed XML ({expat.ErrorString(error.code)})", (error.lineno, error.offset))
    except (LookupError, UnicodeError, ValueError) as error:
        reader.refuse(f"the encoding can't be read ({error})", (1, 0))
    return Pls(language=reader.language, lexemes=tuple(reader.lexemes), notices=tuple(reader.notices))


def document_text(source: bytes) -> str:
    """A document that `read_pls` takes, as text: without its declaration, since text has no encoding."""
    declared = _ENCODING.match(source)
    encoding = declared[1].decode("ascii") if declared else "utf-8-sig"
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    return _DECLARATION.sub("", source.decode(encoding, "replace"))


def utf8_document(text: str) -> bytes:
    """A document from pasted text, whatever encoding the file that it was copied from declares."""
    return _DECLARATION.sub("", text).encode()


def write_pls(lexemes: Iterable[tuple[Lexeme, str]], language: str, notice: str = "") -> bytes:
    """A document of (tidied lexeme, note of one line), all of this language. `read_pls` gives the same ones back.

    `notice`: a comment for whoever reads the file, without "--".
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<lexicon version="1.0" xmlns="{NAMESPACE}" xmlns:tts="{OWN_NAMESPACE}" alphabet="ipa" '
        f"xml:lang={quoteattr(language)}>",
        *([f"  <!-- {notice} -->"] if notice else []),
    ]
    for lexeme, note in lexemes:
        case = "" if lexeme.case_sensitive else ' tts:case-sensitive="false"'
        case += ' tts:alone="true"' if lexeme.alone else ""
        kept = f" tts:note={quoteattr(note)}" if note else ""
        said = f"<alias>{escape(lexeme.alias)}</alias>" if lexeme.alias else ""
        said += f"<phoneme>{escape(lexeme.ipa)}</phoneme>" if lexeme.ipa else ""
        graphemes = "".join(f"<grapheme>{escape(grapheme)}</grapheme>" for grapheme in lexeme.graphemes)
        lines.append(f"  <lexeme{case}{kept}>{graphemes}{said}</lexeme>")
    return ("\n".join([*lines, "</lexicon>"]) + "\n").encode("utf-8")


@dataclass(slots=True)
class _Said:
    """A phoneme or an alias."""

    name: str
    text: str
    preferred: bool


@dataclass(slots=True)
class _Draft:
    """A lexeme while it is read."""

    line: int
    column: int
    case_sensitive: bool
    alone: bool
    note: str
    graphemes: list[str] = field(default_factory=list)
    said: list[_Said] = field(default_factory=list)


class _Reader:
    """Expat's events -> lexemes."""

    def __init__(self) -> None:
        self.language = ""
        self.lexemes: list[PlsLexeme] = []
        self.notices: list[str] = []
        self._open: list[str] = []
        self._passing = 0
        """Open elements that are passed over."""
        self._alphabet = ""
        self._draft = _Draft(0, 0, True, False, "")
        self._text = ""
        self._begun = (1, 0)
        """Where the innermost element begins."""
        self._seen: dict[tuple[bool, str], int] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def refuse(self, reason: str, place: tuple[int, int] | None = None) -> NoReturn:
        """Raises MarkupRefused: `place` is (line from 1, column from 0); None: where the parser stands."""
        line, column = place or self._place()
        raise MarkupRefused(
            f"PLS, line {line}, column {column + 1}: {reason}.", line=line, column=column + 1, reason=reason
        )

    def _place(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber

    def _notice(self, text: str) -> None:
        if len(self.notices) < MAX_NOTICES:
            self.notices.append(f"line {self._place()[0]}: {text}")
        elif len(self.notices) == MAX_NOTICES:
            self.notices.append("and more notices like these")

    def _doctype(self, *_: object) -> None:
        self.refuse("a document type declaration is not allowed")

    def _start(self, full_name: str, attributes: dict[str, str]) -> None:
        namespace, _, name = full_name.rpartition(" ")
        if self._passing:
            self._passing += 1
            return
        parent = self._open[-1] if self._open else None
        if namespace != NAMESPACE and parent is not None:
            self.refuse(f"<{name}> is not a PLS element: its namespace is {namespace[:80]!r}, not {NAMESPACE!r}")
        if namespace != NAMESPACE or name not in _CHILDREN.get(parent, ()):
            expected = ", ".join(f"<{child}>" for child in _CHILDREN.get(parent, ()))
            if not expected:
                self.refuse(f"<{name}> is not allowed here: only text is expected")
            self.refuse(f"<{name}> is not allowed here: expected {expected} of {NAMESPACE}")
        if name in _PASSED:
            self._passing = 1
            return
        self._open.append(name)
        self._text, self._begun = "", self._place()
        {"lexicon": self._start_lexicon, "lexeme": self._start_lexeme}.get(name, self._start_text)(attributes)

    def _start_lexicon(self, attributes: dict[str, str]) -> None:
        if attributes.get("version") != "1.0":
            self.refuse('<lexicon> needs version="1.0"')
        self._alphabet = attributes.get("alphabet", "")
        self._check_alphabet(self._alphabet)
        self.language = attributes.get(_LANG, "")
        if not self.language:
            self.refuse("<lexicon> needs xml:lang")

    def _check_alphabet(self, alphabet: str) -> None:
        if alphabet != "ipa":
            self.refuse(f'the alphabet is {alphabet[:40]!r}; only alphabet="ipa" is supported')

    def _start_lexeme(self, attributes: dict[str, str]) -> None:
        if len(self.lexemes) == MAX_LEXEMES:
            self.refuse(f"there are more than {MAX_LEXEMES} <lexeme>")
        if "role" in attributes:
            self._notice(f"role={attributes['role'][:40]!r} is ignored: <lexeme> applies to every role")
        case = self._flag(attributes, "case-sensitive", usual="true")
        alone = self._flag(attributes, "alone", usual="false")
        self._draft = _Draft(*self._place(), case, alone, attributes.get(f"{OWN_NAMESPACE} note", ""))

    def _flag(self, attributes: dict[str, str], name: str, *, usual: str) -> bool:
        value = attributes.get(f"{OWN_NAMESPACE} {name}", usual)
        if value not in ("true", "false"):
            self.refuse(f'{name} must be "true" or "false", not {value[:20]!r}')
        return value == "true"

    def _start_text(self, attributes: dict[str, str]) -> None:
        if self._open[-1] == "phoneme":
            self._check_alphabet(attributes.get("alphabet", self._alphabet))
        if self._open[-1] != "grapheme":
            self._draft.said.append(_Said(self._open[-1], "", attributes.get("prefer") == "true"))

    def _characters(self, data: str) -> None:
        if self._passing:
            return
        if self._open[-1] not in _TEXT:
            if data.strip():
                self.refuse(f"<{self._open[-1]}> must contain only elements, no text")
            return
        self._text += data
        if len(self._text) > _MAX_TEXT:
            self.refuse(f"<{self._open[-1]}> is too long", self._begun)

    def _end(self, _name: str) -> None:
        if self._passing:
            self._passing -= 1
            return
        closed = self._open.pop()
        if closed == "grapheme":
            self._grapheme(" ".join(self._text.split()))
        elif closed in _TEXT:
            self._draft.said[-1].text = " ".join(self._text.split())
            if not self._draft.said[-1].text:
                self.refuse(f"<{closed}> is empty", self._begun)
        elif closed == "lexeme":
            self._end_lexeme(self._draft)
        self._text = ""

    def _grapheme(self, text: str) -> None:
        if not text:
            self.refuse("<grapheme> is empty", self._begun)
        if len(self._draft.graphemes) == MAX_GRAPHEMES:
            self.refuse(f"<lexeme> has more than {MAX_GRAPHEMES} <grapheme>")
        self._draft.graphemes.append(text)

    def _end_lexeme(self, draft: _Draft) -> None:
        if not draft.said:
            self.refuse("<lexeme> has neither <phoneme> nor <alias>", (draft.line, draft.column))
        chosen = next((said for said in draft.said if said.preferred), draft.said[0])
        if len(draft.said) > 1:
            self._notice(f"of {len(draft.said)} pronunciations, {chosen.text[:40]!r} is used")
        is_alias = chosen.name == "alias"
        lexeme = Lexeme(
            graphemes=tuple(draft.graphemes),
            language=self.language,
            case_sensitive=draft.case_sensitive,
            alone=draft.alone,
            alias=chosen.text if is_alias else None,
            ipa=None if is_alias else chosen.text,
        )
        try:
            lexeme = tidied(lexeme)
        except InputRefused as error:
            self.refuse(error.message.rstrip("."), (draft.line, draft.column))
        for grapheme in lexeme.graphemes:
            form = (lexeme.case_sensitive, same_when(grapheme, lexeme.case_sensitive))
            if form in self._seen:
                self.refuse(
                    f"<grapheme> {grapheme!r} is already in line {self._seen[form]}", (draft.line, draft.column)
                )
            self._seen[form] = draft.line
        self.lexemes.append(PlsLexeme(lexeme=lexeme, note=draft.note, line=draft.line, column=draft.column + 1))
