"""The gettext catalogues: each message of code and templates is translated in each, and nothing else is in them."""

from __future__ import annotations

import shutil
import string
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

import tts_service
from tts_service.web.languages import catalogue, language_for, moment, page_languages
from tts_service.web.player_texts import player_texts

ROOT = Path(tts_service.__file__).parent
KEYWORDS = DEFAULT_KEYWORDS | parse_keywords(["gettext_noop", "pgettext_noop:1c,2"])
SHORT = 40
"""Characters of a message that may well be the same in two languages."""


def extracted() -> Catalog:
    """What `make messages` finds."""
    with (ROOT / "locale" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for name, _, message, comments, context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
    ):
        found.add(message, locations=[(f"tts_service/{name}", 0)], auto_comments=comments, context=context)
    return found


def catalogues() -> dict[str, Catalog]:
    found = {}
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            found[path.parts[-3]] = read_po(file, locale=path.parts[-3], abort_invalid=True)
    return found


MESSAGES = {(message.context, message.id): message for message in extracted() if message.id}
CATALOGUES = catalogues()


def of(lang: str) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Each message of a catalogue, with what it says in English and in the language."""
    for message in CATALOGUES[lang]:
        if message.id:
            said = (message.string,) if isinstance(message.string, str) else tuple(message.string)
            yield message, (message.id,) if isinstance(message.id, str) else tuple(message.id), said


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}


def names(messages: Iterable[Message]) -> list[str]:
    return sorted(str(message.id) for message in messages)


def test_the_languages_are_those_that_have_a_catalogue() -> None:
    assert page_languages() == ("en", *(name.replace("_", "-") for name in CATALOGUES))
    assert {"de", "es", "fr", "it"} <= set(CATALOGUES)


@pytest.mark.parametrize("lang", CATALOGUES)
def test_a_catalogue_holds_every_message_and_no_other(lang: str) -> None:
    known = {(message.context, message.id): message for message in CATALOGUES[lang] if message.id}
    assert names(MESSAGES[key] for key in MESSAGES.keys() - known.keys()) == [], "missing: run `make messages`"
    assert names(known[key] for key in known.keys() - MESSAGES.keys()) == [], "unused: run `make messages`"
    assert names(CATALOGUES[lang].obsolete.values()) == [], "obsolete: delete these"


@pytest.mark.parametrize("lang", CATALOGUES)
def test_every_message_is_translated(lang: str) -> None:
    plurals = CATALOGUES[lang].num_plurals
    assert names(message for message, _, _ in of(lang) if message.fuzzy) == []
    assert names(message for message, _, said in of(lang) if not all(text.strip() for text in said)) == []
    assert names(message for message, english, said in of(lang) if len(english) > 1 and len(said) != plurals) == []
    assert names(message for message, english, said in of(lang) if said[0] == english[0] and len(said[0]) > SHORT) == []


@pytest.mark.parametrize("lang", CATALOGUES)
def test_a_translation_names_what_its_message_names(lang: str) -> None:
    """A plural form may leave out the number: "the last day"."""
    wrong = []
    for message, english, said in of(lang):
        allowed = [fields(text) for text in english]
        exact = fields(english[0]) if len(english) == 1 else set.intersection(*allowed)
        wrong += [text for text in said if not exact <= fields(text) <= set.union(*allowed)]
        assert len(english) == 1 or message.pluralizable
    assert wrong == []


@pytest.mark.parametrize("lang", CATALOGUES)
def test_a_translation_begins_and_ends_as_its_message(lang: str) -> None:
    """Blanks at the edges and a full stop: what is joined on a page reads on in every language."""
    wrong = [
        text
        for _, english, said in of(lang)
        for text in said
        if text != text.strip() or (english[0].endswith(".") and not text.endswith("."))
    ]
    assert wrong == []


def test_a_new_catalogue_is_all_that_a_language_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "locale" / "it", tmp_path / "pt_BR")
    monkeypatch.setattr("tts_service.values.translations._CATALOGUES", tmp_path)
    for cached in (page_languages, catalogue):
        cached.cache_clear()
    try:
        assert page_languages() == ("en", "pt-BR")
        assert [language_for(tag) for tag in ("pt-br", "pt_BR", "de")] == ["pt-BR", "pt-BR", "en"]
        assert player_texts("pt-BR")["play"] == "Riproduci"
        assert moment(0, "pt-BR").startswith("1 de janeiro de 1970")
    finally:
        for cached in (page_languages, catalogue):
            cached.cache_clear()
