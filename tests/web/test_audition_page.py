"""A site's audition: a text in each voice, a sentence a step; what is spoken is kept, and admins choose a voice."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.parts.staff import Signed, signed
from tests.parts.web_rows import ready_clip
from tts_service.audio.loudness import Meter
from tts_service.engines.base import Sound
from tts_service.engines.tone import BEEP, LOW, ToneEngine
from tts_service.errors import EarsUnavailable, EngineUnavailable, InputRefused
from tts_service.newsroom import audition as auditions
from tts_service.newsroom.audition import MAX_TEXT, SiteAudition, first_paragraphs, levelled_sound
from tts_service.newsroom.lexicon import Place, add
from tts_service.newsroom.policies import policy_for, set_policy
from tts_service.parts import Parts
from tts_service.settings import Settings
from tts_service.speakable.lexeme import Lexeme
from tts_service.values import Block, BlockKind, Segment, SpokenWord, Voice
from tts_service.web.staff.sites import audition as audition_steps
from tts_service.web.staff.sites import audition_page

PAGE = "/staff/sites/gazette/audition"
TEXT = "Two herons stood at the weir.\r\n\r\nNobody minded. A third one came at noon."
COSTLY = replace(LOW, cpu_s_per_minute=48.0)


class Recorder:
    """The tone engine, with what it was asked to say; `broken`: it fails from then on."""

    def __init__(self, parts: Parts) -> None:
        self._engine = ToneEngine(parts.settings.voices_folder)
        self.said: list[tuple[str, str]] = []
        self.broken = False

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        if self.broken:
            raise EngineUnavailable("The engine process failed.")
        self.said.append((voice.id, " ".join(word.text for word in words)))
        return self._engine.speak(words, voice, rate)

    def close(self) -> None:
        self.broken = True


@pytest.fixture
def engine(parts: Parts, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Stands in for the resident engine; two voices are installed, the costly one first, and a step is one sentence."""
    for module in (auditions, audition_page):
        monkeypatch.setattr(module, "voices_to_audition", lambda voices, language: (COSTLY, BEEP))
    monkeypatch.setattr(auditions, "STEP_S", 0.0)
    recorder = Recorder(parts)
    client.app.state.resident_engine = recorder  # type: ignore[attr-defined]
    return recorder


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed(parts)


def post(client: TestClient, who: Signed, path: str = PAGE, status: int = 200, **form: str) -> str:
    fields = {"form_token": who.token, "text": TEXT, "language": "en"} | form
    got: Any = client.post(path, data=fields, headers=who.headers | {"Accept": "text/html"})
    assert got.status_code == status, got.text
    return str(got.text)


def row_of(page: str, voice: str) -> str:
    """The part of the page about a voice."""
    return next(one for one in page.split('<article class="report audition"') if f'<code class="quiet">{voice}<' in one)


def test_each_step_speaks_one_sentence_until_there_is_a_sound(
    client: TestClient, anna: Signed, engine: Recorder
) -> None:
    pages = [post(client, anna, voice="tone:beep") for _ in range(3)]
    assert engine.said == [
        ("tone:beep", "Two herons stood at the weir."),
        ("tone:beep", "Nobody minded."),
        ("tone:beep", "A third one came at noon."),
    ]
    assert ["data-more" in page for page in pages] == [True, True, False]
    assert "1 of 3 sentences spoken" in row_of(pages[0], "tone:beep")
    assert "2 of 3 sentences spoken" in row_of(pages[1], "tone:beep")
    done = row_of(pages[2], "tone:beep")
    address = re.search(r'<audio [^>]*src="([^"]+)"', done)
    assert address
    assert "LUFS" in done
    assert "<audio" not in row_of(pages[2], "tone:low")
    assert post(client, anna, voice="tone:beep").count("<audio") == 1
    assert len(engine.said) == 3

    sound = client.get(address[1], headers=anna.headers)
    with wave.open(io.BytesIO(sound.content)) as file:
        meter = Meter(file.getframerate())
        meter.push(file.readframes(file.getnframes()))
    assert meter.read()[0] == pytest.approx(-16, abs=0.5)


def test_a_step_speaks_as_many_sentences_as_there_is_time_for(
    client: TestClient, anna: Signed, engine: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditions, "STEP_S", 60.0)
    assert "<audio" in row_of(post(client, anna, voice="tone:beep"), "tone:beep")


def test_a_sound_that_was_pruned_is_put_together_again(
    client: TestClient, parts: Parts, anna: Signed, engine: Recorder
) -> None:
    for _ in range(3):
        page = post(client, anna, voice="tone:beep")
    address = re.search(r"[0-9a-f]{64}", row_of(page, "tone:beep"))
    assert address
    parts.segments.delete(address[0])
    got = client.get(f"{PAGE}/{address[0]}.wav", headers=anna.headers)
    assert got.status_code == 404
    assert "let the voice speak the text again" in got.text
    post(client, anna, voice="tone:beep")
    assert client.get(f"{PAGE}/{address[0]}.wav", headers=anna.headers).status_code == 200
    assert len(engine.said) == 3


def test_every_voice_speaks_the_cheapest_first(client: TestClient, anna: Signed, engine: Recorder) -> None:
    steps = 0
    while "data-more" in post(client, anna, voice=""):
        steps += 1
    assert steps == 5
    assert [voice for voice, _ in engine.said] == ["tone:beep"] * 3 + ["tone:low"] * 3


def test_what_was_spoken_before_a_failure_is_kept(client: TestClient, anna: Signed, engine: Recorder) -> None:
    post(client, anna, voice="tone:beep")
    engine.broken = True
    page = post(client, anna, voice="tone:beep", status=503)
    assert "The engine process failed." in page
    assert "Two herons stood" in page
    assert "data-more" not in page
    engine.broken = False
    assert "2 of 3" in post(client, anna, voice="tone:beep")
    assert [text for _, text in engine.said] == ["Two herons stood at the weir.", "Nobody minded."]


@pytest.mark.parametrize(
    ("form", "status", "complaint"),
    [
        ({"text": " \r\n "}, 400, "Enter a text"),
        ({"text": "a" * (MAX_TEXT + 1)}, 400, "at most 600"),
        ({"voice": "tone:none"}, 400, "No installed voice of this language"),
        ({"text": "😀"}, 422, "no word that can be spoken"),
    ],
)
def test_what_cannot_be_spoken_is_said_at_the_form(
    client: TestClient, anna: Signed, engine: Recorder, form: dict[str, str], status: int, complaint: str
) -> None:
    assert complaint in post(client, anna, status=status, **form)
    assert engine.said == []


def test_line_ends_of_a_form_do_not_count_twice(parts: Parts) -> None:
    text = "One.\r\n" * (MAX_TEXT // 5)
    SiteAudition(parts, "gazette", text, "en")
    with pytest.raises(InputRefused):
        SiteAudition(parts, "gazette", text + "More.", "en")


def test_the_sites_pronunciations_hold(client: TestClient, parts: Parts, anna: Signed, engine: Recorder) -> None:
    lexeme = Lexeme(graphemes=("weir",), language="en", alias="wear")
    add(parts.database, parts.voices, Place.of("gazette"), lexeme, author="test")
    post(client, anna, voice="tone:beep")
    assert engine.said == [("tone:beep", "Two herons stood at the wear.")]


def test_a_voice_is_chosen_for_the_language_or_for_a_kind_of_block(
    client: TestClient, parts: Parts, anna: Signed, engine: Recorder
) -> None:
    set_policy(parts.database, parts.voices, "gazette", {"emoji": "named", "blocks": {"quote": {"rate": 0.9}}})
    assert "Saved." in post(client, anna, f"{PAGE}/choose", chosen="tone:beep", use="")
    page = post(client, anna, f"{PAGE}/choose", chosen="tone:beep", use="quote")
    assert "speaks this language’s articles now" in row_of(page, "tone:beep")
    assert "speaks blocks of the kind “Quote” now" in row_of(page, "tone:beep")
    policy = policy_for(parts.database, parts.settings, "gazette")
    assert policy.voice_for("en-GB") == "tone:beep"
    quotes = policy.of(BlockKind.QUOTE)
    assert (quotes.voice, quotes.rate, policy.emoji) == ("tone:beep", 0.9, "named")


@pytest.mark.parametrize(
    ("form", "status"),
    [({"chosen": ""}, 400), ({"use": "song"}, 400), ({"language": "xx"}, 400), ({"chosen": "tone:none"}, 422)],
)
def test_a_choice_that_cannot_be_made_changes_nothing(
    client: TestClient, parts: Parts, anna: Signed, engine: Recorder, form: dict[str, str], status: int
) -> None:
    before = policy_for(parts.database, parts.settings, "gazette")
    got = client.post(
        f"{PAGE}/choose",
        data={"form_token": anna.token, "language": "en", "chosen": "tone:beep"} | form,
        headers=anna.headers | {"Accept": "text/html"},
    )
    assert got.status_code == status
    assert policy_for(parts.database, parts.settings, "gazette") == before


def test_editors_hear_and_do_not_choose(client: TestClient, parts: Parts, engine: Recorder) -> None:
    ben = signed(parts, "ben@example.org", "staff", ["gazette"])
    assert "Choose a voice" not in post(client, ben, voice="tone:beep")
    post(client, ben, f"{PAGE}/choose", status=403, chosen="tone:beep")
    post(client, ben, "/staff/sites/herald/audition", status=403, voice="tone:beep")


def test_an_articles_first_paragraphs_fill_the_form(client: TestClient, parts: Parts, anna: Signed) -> None:
    ready_clip(parts)
    ready_clip(parts, name="2", site="herald")
    page = client.get(f"{PAGE}?article=art_1", headers=anna.headers | {"Accept": "text/html"}).text
    text = re.search(r"<textarea[^>]*>([^<]+)</textarea>", page)
    assert text
    assert 'value="art_1"' in page
    assert "art_2" not in page
    got = client.get(f"{PAGE}?article=art_2", headers=anna.headers | {"Accept": "text/html"})
    assert got.status_code == 404


def test_silence_is_served_as_it_is(parts: Parts) -> None:
    silent = Segment(key="0" * 64, pcm=bytes(16_000), sample_rate_hz=16_000, words=())
    parts.segments.put(silent)
    assert levelled_sound(parts, silent.key).pcm == silent.pcm


def test_a_beginning_is_whole_sentences_that_fit() -> None:
    sentence = "The ferry left the quay at noon, eleven minutes late, with a cake. "
    skipped = Block(kind=BlockKind.CAPTION, text="Photo", language="en", spoken=False, skip_reason="caption")
    blocks = [Block(kind=BlockKind.PARAGRAPH, text=(sentence * 4).strip(), language="en") for _ in range(3)]
    found = first_paragraphs((skipped, *blocks))
    assert len(found) <= MAX_TEXT
    assert len(found) > MAX_TEXT - len(sentence) - 4
    assert found.count("\n\n") == 1
    assert found.endswith("with a cake.")
    assert "Photo" not in found


def test_the_licence_says_whether_commercial_use_is_settled(client: TestClient, anna: Signed) -> None:
    page = client.get(PAGE, headers=anna.headers | {"Accept": "text/html"}).text
    assert "commercial use: have it checked" in row_of(page, "piper:en_US-joe-medium")


class Ears:
    """Stands in for the recogniser: hears "moon" for "noon", and all else as it is to be said."""

    heard = 0

    def __init__(self, settings: Settings) -> None:
        self._wanted = iter(("Two herons stood at the weir.", "Nobody minded.", "A third one came at moon."))

    def __enter__(self) -> Ears:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def hear(self, segment: Segment, language: str) -> str:
        Ears.heard += 1
        return next(self._wanted)


def test_the_recogniser_hears_each_voice_once_it_has_spoken(
    client: TestClient, anna: Signed, engine: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audition_steps, "missing", lambda: "")
    monkeypatch.setattr(audition_steps, "Listener", Ears)
    Ears.heard = 0
    while "data-more" in (page := post(client, anna, voice="tone:beep")):
        assert "<dd>not measured</dd>" in row_of(page, "tone:beep")
    letters = len("twoheronsstoodattheweirnobodymindedathirdonecameatnoon")
    share = f"{100 / letters:.1f}\u00a0%"
    assert share in row_of(page, "tone:beep")
    assert share not in row_of(page, "tone:low")
    assert share in row_of(post(client, anna, voice="tone:beep"), "tone:beep")
    assert Ears.heard == 3


def test_a_recogniser_that_fails_costs_no_sound(
    client: TestClient, anna: Signed, engine: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Ears, segment: Segment, language: str) -> str:
        raise EarsUnavailable("The recogniser's process failed: lost.")

    monkeypatch.setattr(audition_steps, "missing", lambda: "")
    monkeypatch.setattr(audition_steps, "Listener", Ears)
    monkeypatch.setattr(Ears, "hear", fail)
    post(client, anna, voice="tone:beep", text="Four geese came.")
    page = post(client, anna, voice="tone:beep", text="Four geese came.", status=EarsUnavailable.status)
    assert "The recogniser’s process failed" in page or "The recogniser&#39;s process failed" in page
    assert "<audio" in row_of(page, "tone:beep")
    assert "data-more" not in page
