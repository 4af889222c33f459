"""The journey with an installed wheel, outside the checkout: what a user of the package does first."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import httpx

from tests.measure.pythons.steps import (
    ROOT,
    Bench,
    Failed,
    Served,
    demo,
    examined,
    fresh,
    install_into,
    program,
    says_a_sentence,
    serving,
)
from tests.parts.releases import clips_in, released_versions, unpack_release

ENVIRONMENT = "installed"
_CLIENT = """
import os, sys, tts_service
from tts_service.client import Article, Client
assert tts_service.__file__.startswith(sys.prefix), tts_service.__file__
article = Article(site="gazette", id="42", title="New bridge opens", html="<p>Traffic starts tomorrow.</p>")
with Client(os.environ["AUDIO_URL"], os.environ["AUDIO_KEY"]) as audio:
    clip = audio.wait(audio.request(article))
    print(clip.id, audio.embed_code(clip))
"""
"""The example of docs/api.md."""
_PAGES = {
    "/player.js": "article-audio",
    "/openapi.json": "/v1/jobs",
    "/": "künstlicher Stimme",
    "/staff/sign-in": "Anmelden",
}
"""Script, document and pages in German: address, and words that must be there. A clip's pages are in its language."""


def install(bench: Bench, wheel: Path) -> str:
    fresh(bench, ENVIRONMENT)
    packages = install_into(bench, ENVIRONMENT, "-c", str(ROOT / "constraints.txt"), f"{wheel}[engines]")
    says_a_sentence(bench, ENVIRONMENT)
    return f"{packages}; a sentence was spoken and verified"


def whole_demo(bench: Bench) -> str:
    """`tts-service demo --once` with a copy of the samples."""
    samples = bench.folder / "samples"
    shutil.copytree(ROOT / "samples" / "articles", samples / "articles", dirs_exist_ok=True)
    shutil.copy(ROOT / "samples" / "reports.json", samples)
    return demo(bench, ENVIRONMENT, samples / "articles")


def service(bench: Bench) -> str:
    """Doctor, a job by the client, and pages in another language."""
    with serving(bench, ENVIRONMENT, bench.folder / "served") as served:
        checks = examined(bench, ENVIRONMENT, served.settings)
        clip = _by_client(bench, served)
        pages = _pages(served, clip)
    return f"doctor: {checks}; a job by the client; {pages} pages and scripts"


def migrations(bench: Bench) -> str:
    """Data of the first release, brought up to date, with its clips as they were."""
    version, data = released_versions()[0], bench.folder / "old"
    unpack_release(version, data)
    clips = clips_in(data)
    with serving(bench, ENVIRONMENT, data) as served, _client(served) as client:
        for clip, sha256 in clips.items():
            sound = client.get(f"/v1/clips/{clip}/audio.mp3", follow_redirects=True).raise_for_status().content
            if hashlib.sha256(sound).hexdigest() != sha256:
                raise Failed(f"{clip} of {version} sounds different")
    return f"data of {version}, {len(clips)} clips as they were"


def _by_client(bench: Bench, served: Served) -> str:
    script = bench.folder / "request.py"
    script.write_text(_CLIENT, "utf-8")
    given = {"AUDIO_URL": _address(served), "AUDIO_KEY": served.key}
    said = bench.run([program(bench, ENVIRONMENT, "python"), str(script)], 300, given)
    return said.split()[0]


def _pages(served: Served, clip: str) -> int:
    wanted = _PAGES | {f"/about/{clip}": "artificially generated", f"/listen/{clip}": "article-audio"}
    with _client(served) as client:
        for path, words in wanted.items():
            answer = client.get(path, headers={"Accept-Language": "de"}, follow_redirects=True)
            if not answer.is_success or words not in answer.text:
                raise Failed(f"{path} answers {answer.status_code}, or lacks “{words}”")
    return len(wanted)


def _client(served: Served) -> httpx.Client:
    return httpx.Client(base_url=_address(served), trust_env=False, timeout=60)


def _address(served: Served) -> str:
    return f"http://127.0.0.1:{served.settings['TTS_PORT']}"
