"""What becomes of a sentence when the recogniser's process can't start, hangs or dies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parts.factories import make_settings
from tts_service.ears import listener
from tts_service.ears.listener import Listener
from tts_service.engines.child.framing import Header, PipeMessage
from tts_service.engines.child.process import ChildLostError
from tts_service.errors import EarsUnavailable
from tts_service.values import Segment

SECOND = Segment(key="k", pcm=bytes(48_000), sample_rate_hz=24_000, words=())


class Child:
    """Stands in for the process: answers in turn, or is lost."""

    answers: list[Header]

    def __init__(self, *_: object) -> None:
        self.ended = False

    def send(self, header: Header, deadline_s: float, pcm: bytes) -> None:
        assert (header["rate_hz"], len(pcm)) == (24_000, 48_000)

    def receive(self, deadline_s: float) -> PipeMessage:
        if not self.answers:
            raise ChildLostError("died", "it was ended by SIGSEGV")
        return PipeMessage(header=self.answers.pop(0))

    def end(self, grace_s: float) -> None:
        self.ended = True


@pytest.fixture
def ears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Listener:
    monkeypatch.setattr(listener, "missing", lambda: "")
    monkeypatch.setattr(listener, "ChildProcess", Child)
    return Listener(make_settings(tmp_path))


def test_a_sentence_is_heard(ears: Listener) -> None:
    Child.answers = [{"id": 0}, {"id": 1, "text": "It is."}]
    assert ears.hear(SECOND, "en") == "It is."


def test_a_language_that_it_does_not_know_is_not_heard(ears: Listener) -> None:
    Child.answers = [{"id": 0}, {"id": 1, "knows": False}]
    assert ears.hear(SECOND, "tlh") is None


def test_a_sentence_longer_than_it_can_hear_is_not_heard(ears: Listener) -> None:
    long = Segment(key="k", pcm=bytes(30 * 48_000), sample_rate_hz=24_000, words=())
    assert ears.hear(long, "en") is None


def test_a_process_that_dies_is_replaced_at_the_next_sentence(ears: Listener) -> None:
    Child.answers = [{"id": 0}]
    with pytest.raises(EarsUnavailable, match="SIGSEGV"):
        ears.hear(SECOND, "en")
    Child.answers = [{"id": 0}, {"id": 2, "text": "It is."}]
    assert ears.hear(SECOND, "en") == "It is."


def test_a_model_that_is_refused_says_why(ears: Listener) -> None:
    Child.answers = [{"id": 0, "error": {"code": "ears_unavailable", "message": "model.bin isn't the file"}}]
    with pytest.raises(EarsUnavailable, match=r"model\.bin"):
        ears.hear(SECOND, "en")


def test_without_the_extra_the_message_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "missing", lambda: "ctranslate2 not installed: pip install 'tts-service[ears]'")
    with pytest.raises(EarsUnavailable, match="pip install"):
        Listener(make_settings(tmp_path)).hear(SECOND, "en")
