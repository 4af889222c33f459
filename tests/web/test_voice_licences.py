"""What `GET /v1/voices` says of the licences of the voices that come with the package."""

from __future__ import annotations

from fastapi.testclient import TestClient

from tests.parts.places import ROOT
from tts_service.engines.voices.licences import VOICE_LICENCES
from tts_service.engines.voices.order import is_trained
from tts_service.parts import Parts


def test_every_trained_voice_of_the_package_has_its_facts(parts: Parts) -> None:
    trained = {voice.id for voice in parts.voices.voices() if is_trained(voice)}
    assert trained <= VOICE_LICENCES.keys()


def test_the_list_says_what_a_voice_was_trained_from(client: TestClient, parts: Parts) -> None:
    listed = {voice["id"]: voice["licences"] for voice in client.get("/v1/voices").raise_for_status().json()["voices"]}
    for voice_id in listed.keys() & VOICE_LICENCES.keys():
        facts = VOICE_LICENCES[voice_id]
        assert (listed[voice_id]["parent"], listed[voice_id]["commercial"]) == (facts.parent, facts.commercial.value)
    assert listed["tone:beep"] is None


def test_notice_names_the_parents() -> None:
    notice = " ".join((ROOT / "NOTICE").read_text("utf-8").split())
    parents = {facts.parent.split(",")[0] for facts in VOICE_LICENCES.values() if facts.parent}
    assert parents == {"Kokoro-82M", "lessac"}
    assert all(parent in notice for parent in parents)
