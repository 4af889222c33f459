"""The credit line of a voice: on the clip's page, in the feed, in its files' tags and in what search engines read."""

from __future__ import annotations

import html
import json
import re

from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.parts.web_rows import provenance, ready_clip
from tts_service.db.tables import ClipRevisionRow
from tts_service.engines.kokoro import SPEAKERS, KokoroEngine
from tts_service.engines.voices.catalogue import Commercial, voice_catalogue
from tts_service.narration.labels import tags_of
from tts_service.parts import Parts
from tts_service.provenance.record import record_from, voices_heard

LINE = "Trained with Möwe & Söhne, CC BY 4.0"


def test_it_stands_wherever_the_clip_is_met(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    record = provenance(credit=LINE)
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(provenance=record.as_json()))
    about = html.unescape(client.get("/about/clip_1").text)
    assert f'<dt>Credit</dt><dd lang="en">{LINE}</dd>' in about
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get("/listen/clip_1").text, re.S)
    assert found and json.loads(found.group(1))["creditText"] == f"tone:beep (Apache-2.0); {LINE}"
    assert LINE in html.unescape(html.unescape(client.get("/feeds/gazette.rss").text))
    sent = client.get("/v1/clips/clip_1").json()["provenance"]
    assert [voice["credit"] for voice in sent["voices"]] == [LINE]
    assert tags_of(record_from(sent), "en", title="Bridge").credit == LINE


def test_without_one_nothing_is_said_of_it(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    assert "Credit" not in client.get("/about/clip_1").text
    assert "credit" not in client.get("/v1/clips/clip_1").json()["provenance"]["voices"][0]
    assert tags_of(provenance(), "en").credit == ""


def test_a_voice_that_is_free_with_a_credit_line_brings_one() -> None:
    for voice in voice_catalogue().values():
        assert (voice.licence.commercial is Commercial.CREDIT) == bool(voice.licence.credit), voice.id


def test_kokoros_french_voice_names_siwis_and_only_voices_with_its_style_do() -> None:
    engine = object.__new__(KokoroEngine)
    engine._espeak = "1"
    for name, speaker in SPEAKERS.items():
        (entry,) = voices_heard([engine._voice(name, speaker)])
        assert ("SIWIS" in entry.credit) == ("ff_siwis" in speaker.styles), name
