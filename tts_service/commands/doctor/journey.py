"""One sentence end to end: spoken, encoded, signed, stored, read back, verified, served to a reader.

Every other format is encoded, marked and verified too: a job may ask for it, and each fails alone.

The article's address contains everything that addresses can contain. The clip is public while it is fetched, at an id
that nobody knows, in no feed and under no site of the newsroom's; then its rows and files are deleted.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from tts_service.audio.encode import FORMATS
from tts_service.commands.doctor.database import require_tables
from tts_service.commands.doctor.finding import Finding, finding_of
from tts_service.commands.doctor.temporary_clip import temporary_clip
from tts_service.commands.doctor.whereabouts import reached_at
from tts_service.commands.to_file import speak_to_file
from tts_service.errors import ClipDefective, NotMarked, RemoteUnavailable, SettingsRefused
from tts_service.provenance.read_back import FileDisclosure, State, read_disclosure
from tts_service.provenance.record import Provenance, record_from
from tts_service.settings import Settings
from tts_service.storage.store import open_store
from tts_service.values import Article, SourceFormat, WebAddress

SENTENCE = "Dr. Holt's test on 1 May cost $3M."
ADDRESS = "https://doktor.müller.example/straße/prüfung 1?q=ü#ende"
_FORMAT = "mp3"
OTHERS = tuple(name for name in FORMATS if name != _FORMAT)
"""Formats beside the one that decides over a clip."""
_SECONDS = 10.0
_FORMATS_STEP = "formats"
"""The steps after it run whatever it finds."""
_NOT_CHECKED = "not checked, because an earlier check failed"


@dataclass(slots=True)
class _Journey:
    """The state of the sentence's journey."""

    settings: Settings
    folder: Path
    record: Provenance | None = None
    data: bytes = b""

    @property
    def file(self) -> Path:
        return self.folder / f"sentence.{_FORMAT}"

    @property
    def signed_by(self) -> Provenance:
        assert self.record is not None, "the file was read before"
        return self.record


def sentence_checks(settings: Settings) -> Iterator[Finding]:
    """A check for each step; steps after a failed one aren't tried."""
    steps: tuple[tuple[str, Callable[[_Journey], str], str], ...] = (
        (
            "sentence",
            _speak,
            "Fix what failed above. If nothing did: `make pythons` in the source shows which versions are tested.",
        ),
        ("mark", _read_mark, "The file isn't marked as synthetic, so it would not be published."),
        (_FORMATS_STEP, _others, "Jobs that request these formats don't get them; the clip's MP3 is still published."),
        ("read back", _keep, "The store must return every byte as written: check proxies and caches in front of it."),
        (
            "served",
            _serve,
            f"Check {_where(settings)}, and that `tts-service run` (or the API) is running with these same settings.",
        ),
    )
    with tempfile.TemporaryDirectory(prefix="tts-doctor-") as folder:
        journey, whole = _Journey(settings, Path(folder)), True
        for name, step, advice in steps:
            if not whole:
                yield Finding(name=name, fine=False, found=_NOT_CHECKED)
                continue
            found = finding_of(name, lambda step=step: step(journey), advice)  # type: ignore[misc]
            whole = found.fine or name == _FORMATS_STEP
            yield found


def _where(settings: Settings) -> str:
    if settings.public_url:
        return "that this machine reaches TTS_PUBLIC_URL, the proxy in front of this service"
    return "TTS_HOST and TTS_PORT"


def _speak(journey: _Journey) -> str:
    _spoken(journey, journey.file)
    journey.data = journey.file.read_bytes()
    return f"spoken and encoded: {len(journey.data)} bytes of {_FORMAT.upper()}"


def _spoken(journey: _Journey, file: Path) -> None:
    article = Article(
        site="doctor",
        external_id="doctor",
        source=SENTENCE,
        source_format=SourceFormat.TEXT,
        title="A check of this installation",
        url=WebAddress(ADDRESS),
        language="en",
    )
    speak_to_file(article, file, None, journey.settings, quiet=True)


def _read_mark(journey: _Journey) -> str:
    told = _told(journey.file)
    journey.record = record_from(told.record or {})
    return f"signed by {told.signer}, tags and manifest say {told.source_type}"


def _told(file: Path) -> FileDisclosure:
    """What a file discloses. Raises NotMarked."""
    told = read_disclosure(file)
    if told.state is not State.UNALTERED or told.record is None:
        raise NotMarked(f"{file.name} is {told.state}: {', '.join(told.problems) or 'it has no manifest'}")
    return told


def _others(journey: _Journey) -> str:
    """Raises ClipDefective, naming each format that fails and why."""

    def look(form: str) -> str:
        file = journey.file.with_suffix(f".{form}")
        _spoken(journey, file)
        return _told(file).state

    found = [finding_of(form, lambda form=form: look(form), "") for form in OTHERS]  # type: ignore[misc]
    failed = [f"{one.name}: {one.found}" for one in found if not one.fine]
    if failed:
        raise ClipDefective("; ".join(failed))
    return f"{', '.join(OTHERS)}: encoded, marked and verified"


def _keep(journey: _Journey) -> str:
    """Store the file as the service does with a finished one."""
    store, name = open_store(journey.settings), f"doctor/{_digest(journey.data)[:16]}.{_FORMAT}"
    store.put(name, journey.file)
    try:
        back = b"".join(store.read_range(name, 0, store.size(name) or 0))
    finally:
        store.delete(name)
    _verify(journey, back, "The store")
    return "kept, read back and verified"


def _serve(journey: _Journey) -> str:
    base = reached_at(journey.settings)
    require_tables(journey.settings)
    with (
        temporary_clip(journey.settings, journey.data, journey.signed_by) as clip,
        httpx.Client(timeout=_SECONDS, follow_redirects=True, trust_env=False) as client,
    ):
        _require_no_contradiction(_asked(client, f"{base}/healthz"))
        served = _asked(client, f"{base}/v1/clips/{clip}/r/1/audio.{_FORMAT}")
        _verify(journey, served.content, f"{served.url}")
        page = _asked(client, f"{base}/listen/{clip}").text
        if f"{base}/" not in page:
            raise RemoteUnavailable(f"{base}/listen/… links to other addresses than {base}/…")
    return f"readers get it, unaltered, at {base}"


def _asked(client: httpx.Client, url: str) -> httpx.Response:
    """Raises RemoteUnavailable for any answer but 200, SettingsRefused where a limit is the reason."""
    try:
        answer = client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RemoteUnavailable(f"{url} doesn't respond: {error}") from error
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise SettingsRefused(
            f"{url} returned 429: this machine's address has reached the limit TTS_RATE_PUBLIC: "
            "wait, or set a higher limit."
        )
    if answer.status_code != httpx.codes.OK:
        moved = f" (from {answer.url})" if str(answer.url) != url else ""
        raise RemoteUnavailable(f"{url} returned {answer.status_code}{moved}.")
    return answer


def _require_no_contradiction(answer: httpx.Response) -> None:
    """What the API says of the proxy's headers. Raises RemoteUnavailable, also where something else answers."""
    try:
        said = answer.json()
        contradictions = said.get("proxy") or [] if said["status"] == "ok" else None
    except (ValueError, KeyError, TypeError, AttributeError):
        contradictions = None
    if contradictions is None:
        raise RemoteUnavailable(f"Something other than this service responds at {answer.url}.")
    if contradictions:
        raise RemoteUnavailable(f"{answer.url}: {contradictions[0]}")


def _verify(journey: _Journey, data: bytes, who: str) -> None:
    """What came back is what was signed. Raises NotMarked."""
    if data != journey.data:
        raise NotMarked(
            f"{who} returned different bytes than were written: {len(data)} instead of {len(journey.data)}."
        )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
