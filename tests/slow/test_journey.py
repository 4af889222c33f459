"""The main job on real parts: Piper, Valkey, Celery, a real HTTP server; then each part killed while jobs run."""

from __future__ import annotations

import io
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import httpx
import pytest

from tests.parts.service import Running, descendants, running, until

pytestmark = pytest.mark.slow

SENTENCES = [
    "The ferry left the harbour at dawn with forty passengers on board.",
    "Its captain had waited two days for the storm to pass.",
    "On the pier a small crowd waved until the ship was out of sight.",
    "The fishermen went back to their nets and spoke of the weather.",
    "By noon the market was full and the bakery had sold its last loaf.",
    "A school class from the hills counted seagulls along the wall.",
    "Nobody noticed the letter that lay under the old bench.",
]


def long_text(sentences: int, salt: str) -> str:
    """Paragraphs of seven sentences, different in every article, so that nothing comes from the store."""
    lines = [f"Report {salt} number {n}. {SENTENCES[n % len(SENTENCES)]}" for n in range(sentences // 2)]
    return "\n\n".join(" ".join(lines[i : i + 4]) for i in range(0, len(lines), 4))


def article(name: str, text: str) -> dict[str, Any]:
    return {"site": "gazette", "id": name, "title": f"The ferry {name}", "language": "en", "text": text}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    # Short lease and sweep, so that a killed worker's job goes on within seconds instead of a minute.
    with running(tmp_path_factory.mktemp("run") / "d", lease_s=6, sweep_s=2) as service:
        yield service


def listen(service: Running, clip_id: str, into: list[bytes]) -> None:
    """A listener who keeps the line."""
    with (
        httpx.Client(base_url=service.url, timeout=60, trust_env=False) as client,
        client.stream("GET", f"/v1/clips/{clip_id}/live.mp3?r=1") as answer,
    ):
        assert answer.status_code == 200
        into.append(b"".join(answer.iter_raw()))


def listen_cut_and_resumed(service: Running, clip_id: str, into: list[bytes]) -> None:
    """A listener whose line is cut after 20 kB and who goes on by Range."""
    heard = b""
    with httpx.Client(base_url=service.url, timeout=60, trust_env=False) as client:
        with client.stream("GET", f"/v1/clips/{clip_id}/live.mp3?r=1") as answer:
            for chunk in answer.iter_raw():
                heard += chunk
                if len(heard) > 20_000:
                    break
        while True:
            answer = client.get(f"/v1/clips/{clip_id}/live.mp3?r=1", headers={"Range": f"bytes={len(heard)}-"})
            if answer.status_code == 416:
                break
            assert answer.status_code == 206
            assert answer.headers["content-range"].startswith(f"bytes {len(heard)}-")
            heard += answer.content
            if not answer.headers["content-range"].endswith("/*") and len(heard) >= int(
                answer.headers["content-range"].rsplit("/", 1)[1]
            ):
                break
    into.append(heard)


def decoded_seconds(data: bytes) -> float:
    with av.open(io.BytesIO(data), format="mp3") as container:
        samples = sum(frame.samples for frame in container.decode(audio=0))
        return samples / container.streams.audio[0].rate


def test_the_journey(service: Running) -> None:
    job = service.post(article("journey", long_text(24, "alpha")))
    clip = job["clip"]["id"]
    heard: list[bytes] = []
    listeners = [threading.Thread(target=listen, args=(service, clip, heard)) for _ in range(2)]
    listeners.append(threading.Thread(target=listen_cut_and_resumed, args=(service, clip, heard)))
    for listener in listeners:
        listener.start()
    events = list(service.events(job["id"]))
    for listener in listeners:
        listener.join(60)

    assert events[-1]["event"] == "succeeded"
    dones = [event["data"]["progress"]["done"] for event in events]
    assert dones == sorted(dones)
    assert len(set(dones)) > 3
    assert len(heard) == 3
    assert heard[0] == heard[1] == heard[2]
    with service.client() as client:
        public = client.get(f"/v1/clips/{clip}").json()
        assert public["state"] == "ready"
        assert abs(decoded_seconds(heard[0]) * 1000 - public["duration_ms"]) < 60
        whole = client.get(f"/v1/clips/{clip}/audio.mp3", follow_redirects=True)
        part = client.get(f"/v1/clips/{clip}/r/1/audio.mp3", headers={"Range": "bytes=30000-39999"})
        assert part.status_code == 206
        assert part.content == whole.content[30000:40000]
        assert abs(decoded_seconds(whole.content) * 1000 - public["duration_ms"]) < 50
        marks = client.get(f"/v1/clips/{clip}/marks.json").json()
        sentence = marks["sentences"][5]
        report = {
            "clip": clip,
            "revision": 1,
            "position_ms": int(sentence["start_ms"]) + 200,
            "category": "pronunciation",
            "comment": "The name sounded wrong.",
        }
        token = client.get(f"/v1/clips/{report['clip']}").json()["feedback_token"]
        sent = client.post("/v1/feedback", json=report | {"clip_token": token})
        assert sent.status_code == 201
        assert client.get(f"/v1/feedback/{sent.json()['reference']}").json()["state"] == "new"


def test_the_same_article_again_renders_nothing(service: Running) -> None:
    body = article("again", "One short sentence stands here. Another one follows it.")
    first = service.ended(service.post(body)["id"])
    again = service.post(body)

    assert first["state"] == "succeeded"
    assert (again["id"], again["state"]) == (first["id"], "succeeded")


def three_jobs(service: Running, salt: str) -> list[dict[str, Any]]:
    return [service.post(article(f"{salt}-{n}", long_text(24, f"{salt} {n}"))) for n in range(3)]


def speaking(service: Running, jobs: list[dict[str, Any]]) -> bool:
    with service.client() as client:
        return any(client.get(f"/v1/jobs/{job['id']}").json()["progress"]["done"] >= 2 for job in jobs)


def all_finish_whole(service: Running, jobs: list[dict[str, Any]]) -> None:
    """Every job succeeds by itself, each sentence is there once and in order, live and final are as long."""
    for job in jobs:
        ended = service.ended(job["id"])
        assert ended["state"] == "succeeded", ended
        clip = ended["clip"]["id"]
        with service.client() as client:
            sentences = client.get(f"/v1/clips/{clip}/marks.json").json()["sentences"]
            starts = [sentence["start_ms"] for sentence in sentences]
            texts = [sentence["text"] for sentence in sentences]
            assert len(sentences) == ended["progress"]["total"] >= 20
            assert starts == sorted(starts)
            assert len(set(texts)) >= len(SENTENCES)
            live = client.get(f"/v1/clips/{clip}/live.mp3?r=1").content
            duration = client.get(f"/v1/clips/{clip}").json()["duration_ms"]
        assert abs(decoded_seconds(live) * 1000 - duration) < 60


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("engine child", ("tts_service.engines.child",)),
        ("worker", ("celery", "worker")),
        ("valkey", ("valkey-server",)),
    ],
)
def test_jobs_survive_the_death_of_a_part(service: Running, part: str, words: tuple[str, ...]) -> None:
    jobs = three_jobs(service, part)
    until(lambda: speaking(service, jobs), 60, "two sentences spoken")
    victims = service.pids(*words)
    assert victims, f"no {part} found"
    os.kill(victims[0], signal.SIGKILL)

    all_finish_whole(service, jobs)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except OSError:
        return False


@pytest.mark.parametrize("text", ["s'" * 75, "a." * 100, "..a" * 120], ids=["s'", "a.", "..a"])
def test_text_that_crashes_espeak_ends_its_own_job_only(service: Running, text: str) -> None:
    bad = service.post(article(f"bad {text[:3]}", f"It began well. {text} And it ended well."))
    good = service.post(article(f"good {text[:3]}", f"Beside {text[:2]} nothing happened. The sun came out."))

    assert service.ended(good["id"])["state"] == "succeeded"
    ended = service.ended(bad["id"])
    assert ended["state"] == "succeeded" or ended["error"]["code"] == "unspeakable_text"


def test_a_killed_parent_leaves_no_process(service: Running) -> None:
    """The last one here: the service is gone after it."""
    service.post(article("orphan", long_text(20, "orphan")))
    until(lambda: bool(service.pids("tts_service.engines.child")), 30, "an engine child")
    below = descendants(service.process.pid)
    os.kill(service.process.pid, signal.SIGKILL)
    service.process.wait(10)

    until(
        lambda: not [pid for pid in below if Path(f"/proc/{pid}/cmdline").exists() and alive(pid)],
        10,
        "every process of the service gone",
    )
