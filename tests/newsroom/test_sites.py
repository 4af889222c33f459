"""What is settled for a site: entered by API, command line or code, checked, and followed by the next article."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tests.parts.factories import make_article, make_parts
from tts_service.access.keys import create_key
from tts_service.commands import app as command_line
from tts_service.errors import InputRefused, NotFound, PolicyRefused, VoiceNotFound
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.newsroom.policies import policy_for, policy_version, remove_policy, set_policy, whole
from tts_service.newsroom.sites import list_sites
from tts_service.parts import Parts
from tts_service.values import BlockKind
from tts_service.values.speech_policy import BlockPolicy, PauseTable, SpeechPolicy, Treatment
from tts_service.web.app import create_app

TONE = Wish(voice="tone:beep")
QUOTES = {"blocks": {"quote": {"voice": "tone:low", "rate": 0.9}}}


def entered(parts: Parts, given: dict[str, Any], site: str = "gazette") -> SpeechPolicy:
    set_policy(parts.database, parts.voices, site, given)
    return policy_for(parts.database, parts.settings, site)


def test_a_site_without_a_policy_is_spoken_as_usual(parts: Parts) -> None:
    policy = policy_for(parts.database, parts.settings, "gazette")

    assert policy == SpeechPolicy()
    assert [policy.of(kind).treatment for kind in (BlockKind.TABLE, BlockKind.CAPTION, BlockKind.QUOTE)] == [
        Treatment.ANNOUNCED,
        Treatment.SKIPPED,
        Treatment.SPOKEN,
    ]


def test_a_policy_is_each_sites_own(parts: Parts) -> None:
    policy = entered(parts, QUOTES)

    assert policy.of(BlockKind.QUOTE) == BlockPolicy(treatment=Treatment.SPOKEN, voice="tone:low", rate=0.9)
    assert policy_for(parts.database, parts.settings, "herald") == SpeechPolicy()


def test_a_captions_speed_does_not_make_it_spoken(parts: Parts) -> None:
    assert entered(parts, {"blocks": {"caption": {"rate": 1.2}}}).of(BlockKind.CAPTION).treatment is Treatment.SKIPPED


def test_pauses_stand_above_the_settings_and_those_above_the_usual(tmp_path: Path) -> None:
    parts = make_parts(tmp_path, pauses={"paragraph_ms": 600, "quote_ms": 610})
    pauses = entered(parts, {"pauses": {"quote_ms": 700}}).pauses
    parts.close()

    assert (pauses.paragraph_ms, pauses.quote_ms, pauses.heading_ms) == (600, 700, PauseTable().heading_ms)


def test_pauses_are_read_from_the_environment_and_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from tts_service.settings import load_settings

    monkeypatch.setenv("TTS_PAUSES", '{"paragraph_ms": 600}')
    settings = load_settings()
    monkeypatch.setenv("TTS_PAUSES", settings.environment()["TTS_PAUSES"])

    assert load_settings().pauses == settings.pauses == PauseTable(paragraph_ms=600)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"blocks": {"qoute": {}}}, "blocks.qoute"),
        ({"blocks": {"quote": {"rate": 2.5}}}, "blocks.quote.rate"),
        ({"blocks": {"quote": {"rate": 0.4}}}, "blocks.quote.rate"),
        ({"blocks": {"quote": {"rate": float("nan")}}}, "blocks.quote.rate"),
        ({"blocks": {"quote": {"language": "germán"}}}, "blocks.quote.language"),
        ({"blocks": {"quote": {"treatment": "sung"}}}, "blocks.quote.treatment"),
        ({"blocks": {"quote": {"vioce": "tone:low"}}}, "blocks.quote.vioce"),
        ({"blocks": {"quote": {"voice": "tone:low", "language": "de"}}}, "blocks.quote.voice"),
        ({"blocks": []}, "blocks"),
        ({"pauses": {"paragraph_ms": -1}}, "pauses.paragraph_ms"),
        ({"pauses": {"paragraph_ms": 60_000}}, "pauses.paragraph_ms"),
        ({"pauses": {"paragraf_ms": 1}}, "pauses.paragraf_ms"),
        ({"pauses": None}, "pauses"),
        ({"emoji": "sung"}, "emoji"),
        ({"captions": "spoken"}, "captions"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused_by_its_field(
    parts: Parts, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(PolicyRefused) as refused:
        set_policy(parts.database, parts.voices, "gazette", given)

    assert refused.value.message.startswith(f"{field}: ")
    assert refused.value.details["errors"][0]["field"] == field
    assert list_sites(parts.database) == []


def test_an_unknown_voice_is_refused(parts: Parts) -> None:
    with pytest.raises(VoiceNotFound, match=r"blocks\.quote\.voice: .*'tone:nobody'"):
        set_policy(parts.database, parts.voices, "gazette", {"blocks": {"quote": {"voice": "tone:nobody"}}})


@pytest.mark.parametrize("given", [{"emoji": "x" * 30_000}, {"x" * 30_000: 1}, {"blocks": {"\ud800": {}}}])
def test_a_policy_beyond_reason_is_refused(parts: Parts, given: dict[str, Any]) -> None:
    with pytest.raises(PolicyRefused) as refused:
        set_policy(parts.database, parts.voices, "gazette", given)
    assert len(refused.value.message) < 500


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 65, "gazette\n"])
def test_a_name_that_can_be_no_sites_is_refused(parts: Parts, name: str) -> None:
    with pytest.raises(InputRefused):
        set_policy(parts.database, parts.voices, name, {})


def test_a_removed_policy_is_gone(parts: Parts) -> None:
    entered(parts, QUOTES)
    remove_policy(parts.database, "gazette")

    assert policy_for(parts.database, parts.settings, "gazette") == SpeechPolicy()
    with pytest.raises(NotFound):
        remove_policy(parts.database, "gazette")


def test_sites_are_those_with_articles_or_a_policy(parts: Parts) -> None:
    entered(parts, QUOTES, "herald")
    submit(parts, make_article(), TONE)

    assert [(site.name, site.policy) for site in list_sites(parts.database)] == [("gazette", None), ("herald", QUOTES)]


class TestVersion:
    def test_the_same_wishes_are_the_same_version_however_written(self) -> None:
        written = SpeechPolicy(blocks={BlockKind.QUOTE: BlockPolicy(treatment=Treatment.SPOKEN)})

        assert policy_version(written) == policy_version(SpeechPolicy())
        assert policy_version(SpeechPolicy(emoji="named")) != policy_version(SpeechPolicy())

    def test_everything_a_policy_says_is_in_it(self) -> None:
        assert set(whole(SpeechPolicy())) == {"blocks", "emoji", "pauses"}
        assert set(whole(SpeechPolicy())["blocks"]) == {kind.value for kind in BlockKind}

    def test_an_article_sent_again_is_the_same_job_until_the_policy_changes(self, parts: Parts) -> None:
        first = submit(parts, make_article(), TONE)
        again = submit(parts, make_article(), TONE)
        entered(parts, QUOTES)
        changed = submit(parts, make_article(), TONE)
        settled = submit(parts, make_article(), TONE)

        assert (again.job_id, again.created) == (first.job_id, False)
        assert changed.created
        assert (settled.job_id, settled.created) == (changed.job_id, False)

    def test_another_sites_policy_changes_nothing(self, parts: Parts) -> None:
        first = submit(parts, make_article(), TONE)
        entered(parts, QUOTES, "herald")

        assert submit(parts, make_article(), TONE).job_id == first.job_id


class TestApi:
    @pytest.fixture
    def client(self, parts: Parts) -> TestClient:
        return TestClient(create_app(parts), raise_server_exceptions=False)

    def key(self, parts: Parts, *scopes: str, site: str | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {create_key(parts.database, 'test', scopes, site)}"}

    def test_a_policy_is_entered_shown_and_dropped(self, parts: Parts, client: TestClient) -> None:
        key = self.key(parts, "sites")
        put = client.put("/v1/sites/gazette/policy", json=QUOTES, headers=key)
        shown = client.get("/v1/sites/gazette/policy", headers=key)
        listed = client.get("/v1/sites", headers=key)
        dropped = client.delete("/v1/sites/gazette/policy", headers=key)

        assert (put.status_code, dropped.status_code) == (200, 204)
        assert put.json() == shown.json()
        assert shown.json()["policy"] == QUOTES
        assert shown.json()["effective"]["blocks"]["table"]["treatment"] == "announced"
        assert [site["site"] for site in listed.json()["sites"]] == ["gazette"]
        assert client.get("/v1/sites/gazette/policy", headers=key).json()["policy"] is None
        assert client.delete("/v1/sites/gazette/policy", headers=key).status_code == 404

    def test_a_refused_policy_names_its_fields(self, parts: Parts, client: TestClient) -> None:
        given = {"blocks": {"quote": {"rate": 9, "language": "!"}}}
        answer = client.put("/v1/sites/gazette/policy", json=given, headers=self.key(parts, "sites"))

        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "policy_refused"
        assert [error["field"] for error in answer.json()["errors"]] == ["blocks.quote.language", "blocks.quote.rate"]

    @pytest.mark.parametrize("body", ["[]", "{", "null", '"x"'])
    def test_what_is_no_policy_is_refused(self, parts: Parts, client: TestClient, body: str) -> None:
        headers = {**self.key(parts, "sites"), "Content-Type": "application/json"}
        answer = client.put("/v1/sites/gazette/policy", content=body, headers=headers)

        assert answer.status_code in (400, 422)
        assert answer.headers["content-type"] == "application/problem+json"

    def test_a_sites_key_settles_its_own_site_only(self, parts: Parts, client: TestClient) -> None:
        key = self.key(parts, "sites", site="gazette")
        entered(parts, QUOTES, "herald")

        assert client.put("/v1/sites/gazette/policy", json=QUOTES, headers=key).status_code == 200
        for answer in (
            client.get("/v1/sites/herald/policy", headers=key),
            client.put("/v1/sites/herald/policy", json={}, headers=key),
            client.delete("/v1/sites/herald/policy", headers=key),
        ):
            assert answer.status_code == 403
        assert [site["site"] for site in client.get("/v1/sites", headers=key).json()["sites"]] == ["gazette"]

    def test_other_rights_do_not_suffice(self, parts: Parts, client: TestClient) -> None:
        key = self.key(parts, "jobs:write", "jobs:read", "reports")

        assert client.get("/v1/sites", headers=key).status_code == 403
        assert client.put("/v1/sites/gazette/policy", json={}, headers=key).status_code == 403
        assert client.get("/v1/sites").status_code == 401


class TestCommands:
    @pytest.fixture(autouse=True)
    def _own_data(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TTS_DATA_DIR", str(tmp_path / "data"))

    def run(self, *words: str) -> str:
        result = CliRunner().invoke(command_line, ["sites", *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    def test_a_policy_is_set_shown_listed_and_removed(self, tmp_path: Path) -> None:
        file = tmp_path / "policy.json"
        file.write_text(json.dumps({"blocks": {"caption": {"treatment": "spoken"}}}))
        self.run("set", "gazette", str(file))

        assert json.loads(self.run("show", "gazette"))["effective"]["blocks"]["caption"]["treatment"] == "spoken"
        assert self.run("list") == self.run() == "gazette  own policy\n"
        self.run("remove", "gazette")
        assert json.loads(self.run("--json")) == [{"site": "gazette", "policy": None}]

    @pytest.mark.parametrize("text", ["{", "[]", "\ufeff", "3"])
    def test_a_file_that_is_no_policy_is_refused(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "policy.json"
        file.write_text(text)

        with pytest.raises(InputRefused, match=r"policy\.json"):
            self.run("set", "gazette", str(file))
