"""The player in a real WebKit, which lets only those elements play that a press was for."""

from __future__ import annotations

import pytest

from tests.parts import webkit
from tests.parts.held_worker import held
from tests.parts.player_pages import clip_of
from tests.parts.service import Running
from tests.slow.test_journey import long_text

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(webkit.why_missing()), reason=webkit.why_missing())]
PLAYER = "const player = document.querySelector('article-audio'), sound = player?.sound, audio = sound?.audio; return "
BUTTON = PLAYER + "[...player.shadowRoot.querySelectorAll('button')].find((one) => one.ariaLabel === 'Play')"


def test_it_moves_over_to_the_finished_file_while_it_plays(service: Running) -> None:
    clip_of(service, {"site": "g", "id": "warm", "title": "Warm", "language": "en", "text": "Hello there."}, None)
    text = long_text(28, "webkit")
    job = service.post({"site": "g", "id": "webkit", "title": "The ferry", "language": "en", "text": text})
    with webkit.tab() as tab, held(service, job["id"], 8) as go_on:
        tab.open(f"{service.url}/listen/{job['clip']['id']}")
        tab.wait(PLAYER + "player?.state === 'rendering' && player.shadowRoot")
        tab.press(BUTTON)
        tab.wait(PLAYER + "sound.live && sound.source && audio.currentTime > 0.5")
        go_on()
        tab.wait(PLAYER + "player.state === 'ready' && !sound.live")
        before = tab.ask(PLAYER + "sound.time")
        tab.wait(PLAYER + f"!audio.paused && audio.src.endsWith('/r/1/audio.mp3') && sound.time > {before} + 0.5")
