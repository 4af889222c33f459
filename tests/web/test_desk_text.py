"""What the desk's pages are made of, with inputs that nobody thought of: marked texts, lists of cases, sent drafts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parts.places import ROOT
from tts_service.errors import InputRefused
from tts_service.speakable.language import codes as language_codes
from tts_service.speakable.normalize import rules_for
from tts_service.web.languages import catalogue, duration
from tts_service.web.pages.names import NAMES, code_name
from tts_service.web.pages.rule_names import RULES, rule_name
from tts_service.web.pages.voice_names import language_name, voice_name
from tts_service.web.staff.desk.draft import EntryDraft
from tts_service.web.staff.desk.marked import MarkedText, cut_end, differing_words
from tts_service.web.staff.desk.queue import named_cases
from tts_service.web.staff.desk.queue_view import short_voice
from tts_service.web.staff.desk.try_view import sound_palette

TEXT = st.text(max_size=400)
FIELDS = (
    "written",
    "way",
    "alias",
    "ipa",
    "scope",
    "case_sensitive",
    "alone",
    "language",
    "why",
    "voice",
    "use",
    "except-a",
)


@pytest.mark.parametrize("language", ["en", "en-US", "de", "de-AT", "fr", "es", "it"])
def test_every_sound_of_the_palette_is_named_by_a_word_that_has_it(language: str) -> None:
    vowels, consonants, marks = sound_palette(language, catalogue("en"))
    names = {one["sound"]: one["name"] for one in (*vowels["sounds"], *consonants["sounds"])}
    assert len(names) > 30
    for sound, name in names.items():
        named = re.fullmatch(r"(\w+) as in “(\w+)”", name)
        assert named, sound
        assert named[1] in named[2].casefold(), sound
    assert marks["sounds"][0] == {"sound": "ˈ", "name": "stress: before the stressed syllable"}


@given(TEXT, st.integers(-5, 400), st.integers(-5, 400))
def test_marking_loses_and_adds_nothing(text: str, start: int, end: int) -> None:
    marked = MarkedText.of(text, start, end)
    assert marked.before + marked.word + marked.after == text


@given(TEXT, st.integers(0, 400), st.integers(0, 400))
def test_a_shortened_text_keeps_its_word_and_ends(text: str, start: int, end: int) -> None:
    marked = MarkedText.of(text, start, end)
    short = marked.shortened()
    assert len(short.before + short.word + short.after) <= 300
    if marked.word:
        assert short.word.removesuffix(" …") == marked.word[: len(short.word.removesuffix(" …"))]
    if len(text) <= 60:
        assert short == marked


@given(TEXT, TEXT)
def test_texts_differ_where_they_are_marked(one: str, other: str) -> None:
    left, right = differing_words(one, other)
    for text, marked in ((one, left), (other, right)):
        assert (marked.before + marked.word + marked.after).split() == text.split()
    assert left.before.split() == right.before.split()[: len(left.before.split())] or not (left.word or left.after)
    if one.split() == other.split():
        assert left.word == right.word == ""


def test_one_changed_word_is_marked_alone() -> None:
    left, right = differing_words("We met at Holyrood today", "We met at Holly rood today")
    assert (left.before, left.word, left.after) == ("We met at ", "Holyrood", " today")
    assert (right.before, right.word, right.after) == ("We met at ", "Holly rood", " today")


@given(st.dictionaries(st.from_regex(r"case_[a-z0-9.]{1,20}", fullmatch=True), st.integers(1, 10**8), max_size=5))
def test_a_list_of_cases_is_read_as_it_is_written(cases: dict[str, int]) -> None:
    assert named_cases("~".join(f"{case}.{version}" for case, version in cases.items())) == cases


@given(TEXT)
def test_any_other_list_is_refused_or_read(text: str) -> None:
    try:
        found = named_cases(text)
    except InputRefused:
        return
    assert all(version >= 0 for version in found.values())


@given(
    st.dictionaries(st.sampled_from(FIELDS), TEXT | st.sampled_from(["ipa", "alias", "site", "global", "on", "ipa:x"]))
)
def test_any_draft_is_refused_or_read(form: dict[str, str]) -> None:
    try:
        draft = EntryDraft.of(form)
    except InputRefused:
        return
    assert draft.digest == EntryDraft.of(form | {"why": "another", "voice": "another"}).digest


@pytest.mark.parametrize(
    ("voice", "short"),
    [
        ("piper:en_US-joe-medium", "Joe medium"),
        ("hibari:heart", "Heart"),
        ("pyttsx3:en-gb", "eSpeak en-gb"),
        ("tone:beep", "beep"),
        ("odd", "odd"),
    ],
)
def test_voices_have_short_names(voice: str, short: str) -> None:
    assert short_voice(voice) == short


@given(st.from_regex(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,2}", fullmatch=True))
def test_every_language_has_a_name(code: str) -> None:
    assert language_name(code, "en")


@pytest.mark.parametrize(
    ("voice", "name"),
    [
        ("piper:en_US-joe-medium", "Joe medium, Englisch (Vereinigte Staaten)"),
        ("piper:en_GB-southern_english_female-low", "Southern english female low, Englisch (Vereinigtes Königreich)"),
        ("pyttsx3:de", "eSpeak, Deutsch"),
        ("pyttsx3:en-gb", "eSpeak, Englisch (Vereinigtes Königreich)"),
        ("kokoro:bf_emma", "Emma, Englisch (Vereinigtes Königreich)"),
        ("kokoro:df_sara_siwis", "Sara Siwis, Deutsch"),
        ("tone:beep", "beep"),
        ("odd", "odd"),
    ],
)
def test_voices_are_called_by_name_and_language(voice: str, name: str) -> None:
    assert voice_name(voice, "de") == name


def test_every_rule_has_a_name() -> None:
    sets = [rules_for(tag, emoji) for tag in (*language_codes(), "nl") for emoji in ("dropped", "named")]
    names = {rule.name for one in sets for rule in (*one.digit, *one.letter, *one.word, *one.sign)}
    assert len(names) > 50
    assert sorted(names - RULES.keys()) == []
    english = catalogue("en")
    assert rule_name("say-as date", english) == rule_name("sub", english) == "marked in the article"
    assert rule_name("a rule of tomorrow", english) == "rule of the language"


@pytest.mark.parametrize(
    ("ms", "english", "german"),
    [
        (0, "0 secs", "0 Sek."),
        (120, "120 ms", "120 ms"),
        (11_400, "11 secs", "11 Sek."),
        (59_600, "1 min", "1 Min."),
        (684_000, "11 mins 24 secs", "11 Min. 24 Sek."),
        (720_000, "12 mins", "12 Min."),
        (3_605_000, "1 hr", "1 Std."),
        (93_600_000, "1 day 2 hrs", "1 Tg. 2 Std."),
    ],
)
def test_lengths_of_time_are_written_in_one_way(ms: int, english: str, german: str) -> None:
    assert (duration(ms, "en"), duration(ms, "de")) == (english, german)


def test_languages_are_named_in_the_pages_language() -> None:
    assert language_name("en-GB", "de") == "Englisch (Vereinigtes Königreich)"
    assert language_name("bpy", "en") == "Bishnupriya"


@given(TEXT, st.integers(1, 50))
def test_a_cut_text_is_short(text: str, most: int) -> None:
    assert len(cut_end(text, most)) <= most + 2


def test_every_doubt_and_reason_of_an_impact_has_words() -> None:
    from tts_service.corrections.impact.doubts import DoubtReason, NoMatch
    from tts_service.corrections.trials.suggestions import SuggestionKind

    words = catalogue("en")
    for group, codes in (("doubt", DoubtReason), ("no match", NoMatch), ("suggestion", SuggestionKind)):
        assert [code for code in codes if code_name(words, group, code) == code] == []


def test_every_deed_of_the_log_has_words() -> None:
    noted = re.compile(r'(?:\bwhat=|note_deed\([^"]*)"(\w+\.[\w-]+)"')
    files = (ROOT / "tts_service").rglob("*.py")
    deeds = {what for file in files for what in noted.findall(file.read_text("utf-8"))}
    assert {"recording.sent", "case.noted", "correction.accepted"} <= deeds
    assert sorted(deeds - NAMES["deed"].keys()) == []
