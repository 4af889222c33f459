"""What a costly voice costs stands where staff choose it."""

from __future__ import annotations

from html import unescape

import pytest
from fastapi.testclient import TestClient

from tests.parts.staff import Signed, signed
from tts_service.newsroom.policies import set_policy
from tts_service.parts import Parts
from tts_service.values import DigitalSourceType, Voice
from tts_service.web.staff.articles.voice_choice import voices_offered


def voice(name: str, cpu_s_per_minute: float | None) -> Voice:
    return Voice(
        engine="kokoro",
        name=name,
        language="fr",
        sample_rate_hz=24_000,
        licence="Apache-2.0",
        digital_source_type=DigitalSourceType.TRAINED,
        cpu_s_per_minute=cpu_s_per_minute,
    )


class Installed:
    """An engine with a costly voice, a cheap one, and one that nobody measured."""

    name = "kokoro"

    def voices(self) -> list[Voice]:
        return [voice("ff_siwis", 48.0), voice("ff_light", 0.6), voice("ff_new", None)]


@pytest.fixture
def staff(parts: Parts) -> Signed:
    parts.voices.engines._loaded["kokoro"] = Installed()  # type: ignore[assignment]
    return signed(parts)


def shown(client: TestClient, staff: Signed, path: str) -> str:
    got = client.get(path, headers={**staff.headers, "Accept": "text/html"})
    assert got.status_code == 200, got.text
    return unescape(got.text)


def speaks_french(parts: Parts, name: str) -> None:
    set_policy(parts.database, parts.voices, "gazette", {"voices": {"fr": f"kokoro:{name}"}})


def test_a_costly_voice_is_compared_with_the_one_that_the_site_has(
    parts: Parts, client: TestClient, staff: Signed
) -> None:
    speaks_french(parts, "ff_light")
    page = shown(client, staff, "/staff/sites/gazette")
    cost = "Siwis, French – 48 s of CPU time per minute of speech, 80 times as much as ff_light"
    assert page.count(f"{cost}</option>") == page.count(">ff_light</option>")
    assert f"{cost}</li>" in page


@pytest.mark.parametrize("name", ["ff_siwis", "ff_new"])
def test_without_another_known_cost_its_own_is_told(parts: Parts, client: TestClient, staff: Signed, name: str) -> None:
    speaks_french(parts, name)
    page = shown(client, staff, "/staff/sites/gazette")
    assert "Siwis, French – 48 s of CPU time per minute of speech</li>" in page


def test_the_page_of_a_new_article_tells_it(client: TestClient, staff: Signed) -> None:
    assert "Siwis, French – 48 s of CPU time per minute of speech" in shown(client, staff, "/staff/articles/new")


def test_a_voice_like_others_has_no_cost_beside_it(parts: Parts, staff: Signed) -> None:
    costs = {voice.id for voice in voices_offered(parts) if voice.cost}
    assert costs == {"kokoro:ff_siwis"}
