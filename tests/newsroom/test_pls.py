"""PLS documents: what is taken, what comes back the same, and each refusal with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parts.places import ROOT
from tts_service.errors import InputRefused, MarkupRefused
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import ArticleName, Place
from tts_service.newsroom.pls import Taking, export_pls, import_pls
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, tidied
from tts_service.speakable.pls import MAX_BYTES, MAX_NOTICES, NAMESPACE, read_pls, write_pls
from tts_service.web.languages import catalogue
from tts_service.web.pages.refusals import translated

SAMPLES = ROOT / "samples"


HEAD = 'version="1.0" alphabet="ipa" xml:lang="en"'


def document(*lexemes: str, head: str = HEAD, before: str = "") -> bytes:
    """A document whose lexemes begin in line 2, column 1."""
    return (
        f'{before}<lexicon {head} xmlns="{NAMESPACE}" xmlns:o="urn:o">\n'.encode()
        + "\n".join([*lexemes, "</lexicon>"]).encode()
    )


def lexeme(inside: str) -> str:
    return f"<lexeme>{inside}</lexeme>"


def test_a_document_as_the_recommendation_shows_them() -> None:
    source = document(
        "<meta name='author' content='me'/><metadata><o:rdf><o:x>y</o:x></o:rdf></metadata>",
        "<lexeme xml:id='a'><grapheme>St Ives</grapheme> <grapheme> St.\n Ives </grapheme>",
        "<alias>Saint Ives</alias><example>He lives in St Ives.</example></lexeme>",
        "<lexeme><grapheme>R&amp;B</grapheme><phoneme>ˈɑːɹənˌbiː</phoneme><!-- a comment --></lexeme>",
        before='<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="x"?>',
    )
    read = read_pls(source)
    assert read.language == "en"
    assert [(x.lexeme.graphemes, x.lexeme.alias, x.lexeme.ipa, x.line) for x in read.lexemes] == [
        (("St Ives", "St. Ives"), "Saint Ives", None, 3),
        (("R&B",), None, "ˈɑːɹənˌbiː", 6),
    ]
    assert read.notices == ()


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<phoneme>a</phoneme><phoneme>b</phoneme>", "a"),
        ("<phoneme>a</phoneme><phoneme prefer='true'>b</phoneme><phoneme prefer='true'>c</phoneme>", "b"),
        ("<phoneme>a</phoneme><alias prefer='true'>b</alias>", "b"),
        ("<alias prefer='false'>a</alias><phoneme>b</phoneme>", "a"),
    ],
)
def test_the_preferred_pronunciation_counts_else_the_first(inside: str, said: str) -> None:
    read = read_pls(document(lexeme("<grapheme>x</grapheme>" + inside)))
    assert (read.lexemes[0].lexeme.alias or read.lexemes[0].lexeme.ipa) == said
    assert read.notices == (f"line 2: of {inside.count('</')} pronunciations, {said!r} is used",)


def test_a_role_is_left_out_and_told_and_the_telling_ends() -> None:
    entries = [f"<lexeme role='o:noun'><grapheme>x{n}</grapheme><alias>y</alias></lexeme>" for n in range(50)]
    read = read_pls(document(*entries))
    assert read.notices[0] == "line 2: role='o:noun' is ignored: <lexeme> applies to every role"
    assert len(read.lexemes) == 50
    assert len(read.notices) == MAX_NOTICES + 1


X = "<grapheme>x</grapheme>"


@pytest.mark.parametrize(
    ("source", "place", "reason"),
    [
        (document(lexeme("<grapheme> </grapheme><alias>y</alias>")), (2, 9), "<grapheme> is empty"),
        (document(lexeme("<grapheme>—</grapheme><alias>y</alias>")), (2, 1), "has no letter or digit"),
        (document("", lexeme("<alias>y</alias>")), (3, 1), "0"),
        (document(lexeme(X)), (2, 1), "neither <phoneme> nor <alias>"),
        (document(lexeme(X + "<alias></alias>")), (2, 31), "<alias> is empty"),
        (document(lexeme(X + X + "<alias>y</alias>")), (2, 1), "is listed twice"),
        (document(lexeme(X + "<alias>y</alias>"), " " + lexeme(X + "<alias>z</alias>")), (3, 2), "already in line 2"),
        (document(lexeme(X + "<alias>y<b/></alias>")), (2, 39), "<b> is not allowed here: only text"),
        (
            document(lexeme(X + "<o:alias>y</o:alias>")),
            (2, 31),
            "<alias> is not a PLS element: its namespace is 'urn:o'",
        ),
        (document(lexeme("text" + X)), (2, 13), "must contain only elements, no text"),
        (document(X), (2, 1), "<grapheme> is not allowed here: expected <lexeme>, <meta>, <metadata>"),
        (document(lexeme(X + f"<alias>{'y' * 900}</alias>")), (2, 31), "too long"),
        (document(lexeme(X + f"<alias>{'y' * 300}</alias>")), (2, 1), "300 characters"),
        (document(lexeme(X + "<phoneme alphabet='x-sampa'>y</phoneme>")), (2, 31), "the alphabet is 'x-sampa'"),
        (document(head='version="1.0" xml:lang="en"'), (1, 1), "the alphabet is ''"),
        (document(head='version="1.0" alphabet="ipa"'), (1, 1), "needs xml:lang"),
        (document(lexeme(X + "<alias>y</alias>"), head=HEAD.replace('"en"', '"no tag"')), (2, 1), "'no tag'"),
        (document(head='alphabet="ipa" xml:lang="en"'), (1, 1), 'version="1.0"'),
        (b"<lexicon version='1.0'/>", (1, 1), "<lexicon> of http://www.w3.org/2005/01/pronunciation-lexicon"),
        (b"<speak/>", (1, 1), "<speak> is not allowed here"),
        (b"", (1, 1), "no element found"),
        (b"no xml", (1, 1), "syntax error"),
        (document(lexeme(X)[:-3]), (3, 1), "well-formed"),
        (document(lexeme("<grapheme>&nbsp;</grapheme>")), (2, 19), "undefined entity"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', (1, 1), "encoding"),
        (b"\xff\xfe\xfd<a/>", (1, 2), "well-formed"),
        (b" " * (MAX_BYTES + 1), (1, 1), f"the limit is {MAX_BYTES}"),
    ],
)
def test_a_refusal_names_line_column_and_reason(source: bytes, place: tuple[int, int], reason: str) -> None:
    with pytest.raises(MarkupRefused) as refused:
        read_pls(source)
    details = refused.value.details
    assert reason in details["reason"]
    assert (details["line"], details["column"]) == place
    assert refused.value.message.startswith(f"PLS, line {place[0]}, column {place[1]}: ")
    german = catalogue("de")
    assert translated(details["reason"], german) or translated(f"{details['reason']}.", german)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE lexicon [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE lexicon SYSTEM "http://127.0.0.1:9/pls.dtd">',
        f'<!DOCTYPE lexicon [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE lexicon [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>',
        "<!DOCTYPE lexicon>",
    ],
)
def test_a_document_type_is_refused_before_it_is_read(doctype: str) -> None:
    entry = lexeme("<grapheme>&l9;&x;</grapheme><alias>y</alias>")
    with pytest.raises(MarkupRefused, match=r"line 1, column \d+: a document type declaration is not allowed"):
        read_pls(document(entry, before=doctype))


def test_deep_nesting_in_what_is_passed_over_is_harmless() -> None:
    deep = "<metadata>" + "<o:x>" * 100_000 + "</o:x>" * 100_000 + "</metadata>"
    assert read_pls(document(deep, lexeme(X + "<alias>y</alias>"))).lexemes[0].line == 3


def test_the_samples_are_read() -> None:
    for name, language in (("lexicon.pls", "en"), ("lexicon-de.pls", "de")):
        read = read_pls((SAMPLES / name).read_bytes())
        assert (read.language, read.notices) == (language, ())
        assert 4 < len(read.lexemes) < 20


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


def tidy(graphemes: list[str], said: str, is_alias: bool, case_sensitive: bool, alone: bool) -> Lexeme | None:
    try:
        return tidied(
            Lexeme(
                graphemes=tuple(graphemes),
                language="en-GB",
                case_sensitive=case_sensitive,
                alone=alone,
                alias=said if is_alias else None,
                ipa=None if is_alias else said,
            )
        )
    except InputRefused:
        return None


LEXEME = st.builds(tidy, st.lists(TEXT, min_size=1, max_size=3), TEXT, *[st.booleans()] * 3)


@given(st.lists(st.tuples(LEXEME, TEXT.map(lambda text: " ".join(text.split()))), max_size=4))
def test_what_was_written_is_read_again(entries: list[tuple[Lexeme | None, str]]) -> None:
    seen: set[str] = set()
    kept = []
    for entry, note in entries:
        forms = {grapheme.casefold() for grapheme in entry.graphemes} if entry else seen
        if entry and not forms & seen and note.isprintable():
            kept.append((entry, note))
            seen |= forms
    read = read_pls(write_pls(kept, "en-GB"))
    assert [(found.lexeme, found.note) for found in read.lexemes] == kept
    assert read.language == "en-GB"


def test_exceptions_for_articles_are_named_where_a_file_loses_them(parts: Parts) -> None:
    place = Place.of("gazette")
    lexeme = Lexeme(graphemes=("Lead",), language="en", alias="leed")
    add(parts.database, parts.voices, place, lexeme, author="test", except_articles=[ArticleName("gazette", "7")])
    written = export_pls(parts.database, place)
    assert b"Left out: the articles that 1 of these entries don't apply to" in written
    taking = Taking(author="test", replace=True)
    done = import_pls(parts.database, parts.voices, written.replace(b"leed", b"led"), place, taking)
    assert done.notices == ("Replaced entries that no longer leave articles out (1): Lead",)


def test_words_that_differ_in_invisible_characters_are_one(parts: Parts) -> None:
    source = document(*(lexeme(f"<grapheme>{word}</grapheme><alias>x</alias>") for word in ("Lead", "Le\u200dad")))
    with pytest.raises(MarkupRefused, match=r"line 3, column 1: The spelling 'Lead' is listed twice"):
        import_pls(parts.database, parts.voices, source, Place.of("gazette"), Taking(author="test"))


def test_case_and_notes_are_kept_in_our_namespace() -> None:
    entry = Lexeme(graphemes=("wi-fi",), language="en", alias='why "fie" <&>', case_sensitive=False)
    written = write_pls([(entry, 'said "so"\'')], "en")
    assert b'tts:case-sensitive="false"' in written
    assert [(found.lexeme, found.note) for found in read_pls(written).lexemes] == [(entry, 'said "so"\'')]
    with pytest.raises(MarkupRefused, match='case-sensitive must be "true" or "false"'):
        read_pls(written.replace(b'"false"', b'"no"'))
