"""What an anonymous reader hears of an article: requests without cookies to every address that a clip has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

_BELOW = ("audio.mp3", "live.mp3", "marks.json", "captions.vtt", "transcript", "chapters.json")
_PAGES = ("listen", "embed", "about")


@dataclass(frozen=True, slots=True)
class Got:
    """An answer, after redirects."""

    status: int
    media_type: str
    body: bytes

    @property
    def is_sound(self) -> bool:
        return self.status in (200, 206) and self.media_type.startswith("audio/") and bool(self.body)

    def holds(self, words: Sequence[str]) -> bool:
        return any(word.encode() in self.body for word in words)


Get = Callable[[str], Got]
"""GET a path of the service, as a stranger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is listened for."""

    site: str
    ids: tuple[str, ...]
    """Its article's ids, as somebody may try them."""
    words: tuple[str, ...]
    clips: tuple[tuple[str, int], ...]
    """(clip, number of its newest revision): addresses somebody kept."""
    url: str | None
    """Its page; None: another article stands there by now."""


@dataclass(slots=True)
class Ears:
    """A stranger, who reads each feed once for all articles of a site."""

    get: Get
    base_url: str
    every_path: bool = True
    """False: the few paths that stand for all, where many articles are listened to in a test. None has sound."""
    _feeds: dict[str, bytes] = field(default_factory=dict)

    def hears(self, target: Target) -> list[str]:
        """Where sound or words of it came from; empty: nowhere."""
        found = []
        for name, path in self._paths(target):
            got = self.get(path)
            if got.is_sound or got.holds(target.words):
                found.append(name)
        for name, path in self._look_ups(target):
            got = self.get(path)
            if got.holds(target.words) or _clips(got):
                found.append(name)
        if any(word.encode() in self.feed(target.site) for word in target.words):
            found.append("feed")
        return list(dict.fromkeys(found))

    def shows(self, target: Target) -> list[str]:
        """Where words of it stand, whatever else may be heard there."""
        texts = ("transcript", "/listen", "captions.vtt")
        found = [name for name, path in self._paths(target) if name in texts and self.get(path).holds(target.words)]
        return found + (["feed"] if any(word.encode() in self.feed(target.site) for word in target.words) else [])

    def misses(self, target: Target, word: str) -> list[str]:
        """Where a reader should get the article and doesn't; empty: it is heard and shown."""
        if not target.clips:
            return ["no clip"]
        clip = target.clips[-1][0]
        missing = []
        if target.url and not _clips(self.get(f"/v1/clips?url={quote(target.url, safe='')}")):
            missing.append("look-up by url")
        if not self.every_path:
            return missing
        if not self.get(f"/v1/clips/{clip}/audio.mp3").is_sound:
            missing.append("audio.mp3")
        if not self.get(f"/v1/clips/{clip}/transcript").holds((word,)):
            missing.append("transcript")
        if word.encode() not in self.feed(target.site):
            missing.append("feed")
        return missing

    def feed(self, site: str) -> bytes:
        """All pages of a site's podcast."""
        if site not in self._feeds:
            pages = []
            for page in range(1, 20):
                got = self.get(f"/feeds/{site}.rss?page={page}")
                pages.append(got.body)
                if got.status != 200 or b'rel="next"' not in got.body:
                    break
            self._feeds[site] = b"".join(pages)
        return self._feeds[site]

    def _paths(self, target: Target) -> Iterator[tuple[str, str]]:
        for clip, newest in target.clips:
            yield "clip", f"/v1/clips/{clip}"
            if not self.every_path:
                continue
            for name in _BELOW:
                yield name, f"/v1/clips/{clip}/{name}"
            for page in _PAGES:
                yield f"/{page}", f"/{page}/{clip}"
            address = quote(f"{self.base_url}/listen/{clip}", safe="")
            yield "oEmbed", f"/oembed?url={address}"
            for number in range(1, newest + 1):
                for name in ("audio.mp3", "marks.json", "captions.vtt", "transcript"):
                    yield f"r/{number}/{name}", f"/v1/clips/{clip}/r/{number}/{name}"
                yield f"live.mp3?r={number}", f"/v1/clips/{clip}/live.mp3?r={number}"

    def _look_ups(self, target: Target) -> Iterator[tuple[str, str]]:
        for one in target.ids:
            yield "look-up by id", f"/v1/clips?site={target.site}&article={quote(one, safe='')}"
        if target.url:
            yield "look-up by url", f"/v1/clips?url={quote(target.url, safe='')}"


def _clips(got: Got) -> bool:
    """Whether a look-up hands out a clip."""
    if got.status != 200:
        return False
    try:
        return bool(json.loads(got.body).get("clips"))
    except (ValueError, AttributeError):
        return True
