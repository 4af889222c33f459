"""Both real engines say what the lexicon says, each word at its time; the table of sounds is espeak-ng's."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.parts.factories import make_parts
from tts_service.engines.base import Sound
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.espeak import espeak_input
from tts_service.engines.pronunciation.ipa import espeak_alphabet
from tts_service.engines.voices.registry import Registry
from tts_service.newsroom.lexicon import add, lexicon_for
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.lexicon_search import LexiconFilter, entries
from tts_service.speakable.language import codes
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind, SpokenWord, Utterance

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
VOICES = ("piper:en_US-joe-medium", "pyttsx3:en-us", "pyttsx3:en")
TEXT = "They walked to Holyrood, and then they sat down."
WHERE = 3
"""Index of the word that the lexicon is about."""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return Registry(make_parts(tmp_path_factory.mktemp("lexicon")).settings)


@pytest.fixture(scope="module")
def child(registry: Registry) -> Iterator[EngineChild]:
    with EngineChild(registry.settings) as child:
        yield child


def utterance(*lexemes: Lexeme, text: str = TEXT) -> Utterance:
    [made] = make_utterances(
        [Block(kind=BlockKind.PARAGRAPH, text=text, language="en")], lexicon=Lexicon(lexemes), first_words=50
    )
    return made


def loud_ms(sound: Sound, start_ms: float, end_ms: float) -> float:
    """How much of a stretch is heard."""
    samples = np.frombuffer(sound.pcm, np.int16).astype(float)
    step = sound.sample_rate_hz // 100
    part = samples[int(start_ms * sound.sample_rate_hz / 1000) : int(end_ms * sound.sample_rate_hz / 1000)]
    frames = part[: len(part) // step * step].reshape(-1, step)
    return float((np.abs(frames).max(axis=1) > np.abs(samples).max() / 50).sum() * 10)


def length_ms(sound: Sound) -> float:
    return len(sound.pcm) / 2 * 1000 / sound.sample_rate_hz


@pytest.mark.parametrize("voice_id", VOICES)
def test_alias_and_pronunciation_are_heard_where_the_word_is(
    registry: Registry, child: EngineChild, voice_id: str
) -> None:
    voice = registry.find(voice_id)
    lexeme = Lexeme(graphemes=("Holyrood",), language="en", ipa="ə")
    said = {
        "as written": utterance(),
        "a short sound": utterance(lexeme),
        "a long alias": utterance(Lexeme(graphemes=("Holyrood",), language="en", alias="Holiday Roderick Brewster")),
        "a long pronunciation": utterance(
            Lexeme(graphemes=("Holyrood",), language="en", ipa="ˈhɒlɪdeɪ ˈrɒdərɪk ˈbruːstə")
        ),
    }
    heard = {name: child.speak(made.words, voice) for name, made in said.items()}
    for name, sound in heard.items():
        assert len(sound.words) == len(said[name].words), name
        starts = [word.start_ms for word in sound.words]
        assert starts == sorted(starts), name
    # What is said before the word is said as before; the word alone makes the sentence shorter or longer.
    own_ms = {}
    for name, sound in heard.items():
        count = len(said[name].words) - len(said["as written"].words) + 1
        first, last = sound.words[WHERE], sound.words[WHERE + count - 1]
        before_ms = heard["as written"].words[WHERE].start_ms
        assert abs(first.start_ms - before_ms) < 0.5 * before_ms, name  # Piper varies by a fifth each time
        own_ms[name] = loud_ms(sound, first.start_ms, last.end_ms)
        rest_ms = length_ms(sound) - last.end_ms
        assert abs(rest_ms - (length_ms(heard["as written"]) - heard["as written"].words[WHERE].end_ms)) < 400, name
    assert 20 < own_ms["a short sound"] < 0.7 * own_ms["as written"]
    assert own_ms["a long alias"] > 1.6 * own_ms["as written"]
    assert own_ms["a long pronunciation"] > 1.6 * own_ms["as written"]


@pytest.mark.parametrize("voice_id", VOICES)
def test_the_same_sounds_last_equally_long_written_either_way(
    registry: Registry, child: EngineChild, voice_id: str
) -> None:
    voice = registry.find(voice_id)
    alias = utterance(Lexeme(graphemes=("Holyrood",), language="en", alias="banana"))
    ipa = utterance(
        Lexeme(graphemes=("Holyrood",), language="en", ipa="bəˈnɑːnə" if voice_id == "pyttsx3:en" else "bəˈnænə")
    )
    one, other = (child.speak(made.words, voice) for made in (alias, ipa))
    assert one.words[WHERE].end_ms - one.words[WHERE].start_ms == pytest.approx(
        other.words[WHERE].end_ms - other.words[WHERE].start_ms, rel=0.2
    )


@pytest.mark.parametrize("voice_id", VOICES)
def test_a_pronunciation_the_voice_does_not_know_leaves_the_spelling(
    registry: Registry, child: EngineChild, voice_id: str
) -> None:
    voice = registry.find(voice_id)
    spelled = child.speak(utterance().words, voice)
    unknown = child.speak(utterance(Lexeme(graphemes=("Holyrood",), language="en", ipa="ǃkoːsa")).words, voice)
    assert length_ms(unknown) == pytest.approx(length_ms(spelled), rel=0.15)


def test_brackets_in_a_text_are_no_notation_even_beside_a_pronunciation(registry: Registry, child: EngineChild) -> None:
    voice = registry.find("pyttsx3:en-us")
    words = [SpokenWord(text="yes", ipa="jɛs"), SpokenWord(text="[[@@@@@@@@@@@@@@@@@@]]"), SpokenWord(text="end.")]
    plain = [SpokenWord(text="yes", ipa="jɛs"), SpokenWord(text="@@@@@@@@@@@@@@@@@@"), SpokenWord(text="end.")]
    one, other = child.speak(words, voice), child.speak(plain, voice)
    assert length_ms(one) == pytest.approx(length_ms(other), rel=0.02)


def test_the_table_of_sounds_is_what_this_espeak_ng_says() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "tests.measure.ipa_tables"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert made.stdout == (ROOT / "tts_service/engines/pronunciation/ipa.tsv").read_text(encoding="utf-8")


SPEAKING = """
import sys
from tests.measure.ipa_tables import IPA, Espeak
espeak = Espeak()
for line in sys.stdin:
    voice, text = line.rstrip("\\n").split("\\t")
    espeak.use(voice)
    print(espeak.phonemes(text, IPA))
"""


def phonemes(asked: list[tuple[str, str]]) -> list[str]:
    """IPA by espeak-ng itself of (voice, text), in a process of its own."""
    given = "".join(f"{voice}\t{text}\n" for voice, text in asked)
    made = subprocess.run(
        [sys.executable, "-c", SPEAKING], input=given, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return made.stdout.splitlines()


def test_everyday_words_come_back_as_they_are_said() -> None:
    """A word's IPA, read by us and spoken from our notation, is the same IPA again."""
    words = dict(
        line.split(": ", 1)
        for line in (ROOT / "tests/data/ipa_words.txt").read_text("utf-8").splitlines()
        if line[0] != "#"
    )
    asked = [(voice, word) for voice in ("en-us", *codes()) for word in words[voice[:2]].split()]
    # Without words it says in another language, "(en)", and weak ones, "ðə": alone they get the stress they need.
    once = [
        (voice, said)
        for (voice, _), said in zip(asked, phonemes(asked), strict=True)
        if "ˈ" in said and "(" not in said
    ]
    notated = [(voice, espeak_input(SpokenWord(text="", ipa=said), espeak_alphabet(voice))) for voice, said in once]
    twice = phonemes(notated)
    differing = [(*one, other) for one, other in zip(once, twice, strict=True) if strong(one[1]) != strong(other)]
    assert len(once) > 690
    assert len(differing) < 0.01 * len(once), differing


def strong(said: str) -> str:
    """Without secondary stress, which espeak-ng places anew."""
    return unicodedata.normalize("NFD", said).replace("ˌ", "").replace(" ", "")


def test_entries_are_kept_on_postgresql(tmp_path: Path, postgres: str) -> None:
    parts = make_parts(tmp_path, database_url=postgres)
    place = Place(scope=Scope.SITE, site="lexicon-test")
    lexeme = Lexeme(graphemes=("Zürich",), language="en", ipa="ˈzʊərɪx", case_sensitive=False)
    add(parts.database, parts.voices, place, lexeme, note="a note", author="test")
    with parts.database.reading() as session:
        [row] = entries(session, LexiconFilter(site="lexicon-test", q="ZÜR"))
    assert (row.graphemes, row.case_sensitive) == (["Zürich"], False)
    assert lexicon_for(parts.database, "lexicon-test", "1").lexemes == (lexeme,)
    parts.close()
