"""Speech on request over a real connection: by OpenAI's own client, and by one that leaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest
from starlette.types import Receive

from tests.parts.doctor_setting import installation
from tts_service.access.keys import create_key
from tts_service.engines.base import Sound
from tts_service.engines.child.resident import ResidentEngine
from tts_service.values import WordTime
from tts_service.web.sound import spoken
from tts_service.web.sound.live import client_gone

ASKED = {"model": "tts-1", "input": "One. Two. Three. Four. Five. Six. Seven. Eight.", "voice": "tone:beep"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(address, key) of a service."""
    with installation(tmp_path_factory.mktemp("speech")) as parts:
        yield f"{parts.settings.local_url}/v1", create_key(parts.database, "tools", ("jobs:write",))


def test_openais_client_speaks_lists_and_shows_errors(served: tuple[str, str]) -> None:
    openai = pytest.importorskip("openai")
    with openai.OpenAI(base_url=served[0], api_key=served[1], max_retries=0) as client:
        sound = client.audio.speech.create(**ASKED, response_format="wav", speed=1.5, instructions="Cheerfully.")
        assert sound.content.startswith(b"RIFF") and len(sound.content) > 20_000
        asked = client.audio.speech.with_streaming_response.create(**ASKED, extra_body={"site": "gazette"})
        with asked as answer:
            assert (answer.headers["content-type"], answer.headers["speech-voice"]) == ("audio/mpeg", "tone:beep")
            assert sum(map(len, answer.iter_bytes())) > 5_000
        assert "tts-1" in [model.id for model in client.models.list()]
        with pytest.raises(openai.UnprocessableEntityError, match="ask for mp3, opus") as refused:
            client.audio.speech.create(**ASKED, response_format="ogg")
        assert (refused.value.code, refused.value.type) == ("unknown_format", "invalid_request_error")
        with pytest.raises(openai.NotFoundError, match="There is no model 'whisper-1'"):
            client.audio.speech.create(**{**ASKED, "model": "whisper-1"})
    stranger = openai.OpenAI(base_url=served[0], api_key="sk-none", max_retries=0)
    with stranger, pytest.raises(openai.AuthenticationError, match="Send an API key"):
        stranger.models.list()


def test_nothing_more_is_spoken_once_the_client_has_left(
    served: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    left, ended, said = threading.Event(), threading.Event(), list[str]()

    def speak(_self: ResidentEngine, words: object, *_: object) -> Sound:
        said.append(str(words))
        assert len(said) == 1 or left.wait(20)
        return Sound(pcm=b"\x20\x20" * 20_000, sample_rate_hz=22_050, words=(WordTime(start_ms=0, end_ms=1),))

    async def noticed(receive: Receive) -> None:
        await client_gone(receive)
        left.set()

    class Watched(spoken.SpokenStream):
        async def __call__(self, *args: object) -> None:
            await super().__call__(*args)  # type: ignore[arg-type]
            ended.set()

    monkeypatch.setattr(ResidentEngine, "speak", speak)
    monkeypatch.setattr(spoken, "client_gone", noticed)
    monkeypatch.setattr("tts_service.web.api.speech.SpokenStream", Watched)
    key = {"Authorization": f"Bearer {served[1]}"}
    with httpx.stream("POST", f"{served[0]}/audio/speech", json=ASKED, headers=key) as answer:
        assert next(answer.iter_raw())
    assert ended.wait(20)
    assert len(said) <= 2  # the second may have been begun
