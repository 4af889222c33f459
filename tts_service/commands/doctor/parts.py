"""The checks of `tts-service doctor`: settings, each part in use, one sentence end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tts_service.commands.doctor.database import require_tables
from tts_service.commands.doctor.finding import Finding, finding_of
from tts_service.commands.doctor.journey import sentence_checks
from tts_service.commands.doctor.voices import voice_checks
from tts_service.db.session import Database
from tts_service.errors import SettingsRefused
from tts_service.installation.fault import Fault
from tts_service.monitoring.outages import parts_down
from tts_service.provenance.certificate import credentials_of
from tts_service.queue.broker import connected
from tts_service.retention.ownership import store_refusal
from tts_service.settings import Settings
from tts_service.storage.store import free_mb, open_store

_CHECK_NAME = "doctor/check"


def check_all(settings: Settings | None, faults: list[Fault]) -> Iterator[Finding]:
    """Every check, in the order of an article's way. With settings that nothing can start with, only they are told."""
    for fault in faults:
        yield Finding(name=f"setting {fault.setting}", fine=False, found=fault.message)
    if settings is None or any(fault.refuses for fault in faults):
        return
    if not faults:
        yield Finding(name="settings", fine=True, found="all valid, none unknown")
    checks: list[tuple[str, Callable[[Settings], str], str]] = [
        ("database", require_tables, "Check TTS_DATABASE_URL, and that the server is running."),
        ("broker", _broker, "Start `tts-service run`, or check TTS_BROKER_URL; until then, jobs wait in the database."),
        ("store", _store, "Check TTS_STORE_URL and the TTS_S3_… settings, and the free space."),
        ("store owner", _owner, "See above: without database and store nobody knows."),
        ("at work", _at_work, "See above: without the database nobody knows."),
        ("signature", _signature, "Check TTS_SIGNING_CERT and TTS_SIGNING_KEY; unsigned clips are not published."),
    ]
    for name, check, advice in checks:
        yield finding_of(name, lambda check=check: check(settings), advice)  # type: ignore[misc]
    yield from voice_checks(settings)
    yield from sentence_checks(settings)


def _broker(settings: Settings) -> str:
    with connected(settings, within_s=3) as client:
        info = client.info("server")
    return f"responds, version {info.get('valkey_version') or info['redis_version']}"


def _store(settings: Settings) -> str:
    """Use it as the workers do: write, write what must not replace, read, delete."""
    store = open_store(settings)
    store.put(_CHECK_NAME, b"fine")
    if store.put_new(_CHECK_NAME, b"other"):
        raise OSError("it overwrote a file that must not be overwritten")
    if store.get(_CHECK_NAME) != b"fine":
        raise OSError("a file that was written can't be read back")
    store.delete(_CHECK_NAME)
    free, least = free_mb(settings), settings.min_free_mb
    if free is not None and free < least:
        raise SettingsRefused(
            f"{free} MB are free; workers take no jobs below TTS_MIN_FREE_MB={least}: free some space, or "
            "set a lower number."
        )
    return "writes and reads" + (f", {free} MB free" if free is not None else "")


def _owner(settings: Settings) -> str:
    """Whether this installation may delete from the store. Raises SettingsRefused."""
    require_tables(settings)
    database = Database(settings.database)
    try:
        refusal = store_refusal(database, open_store(settings))
    finally:
        database.close()
    if refusal:
        raise SettingsRefused(refusal)
    return "no other installation's"


def _at_work(settings: Settings) -> str:
    """Beat and workers; broker and disk have checks of their own. Raises SettingsRefused, naming who isn't."""
    database = Database(settings.database)
    try:
        down = [one.message for one in parts_down(database, settings) if one.part in ("beat", "workers")]
    finally:
        database.close()
    if down:
        raise SettingsRefused(" ".join(down))
    return "beat is there, and no job waits for a worker"


def _signature(settings: Settings) -> str:
    return (
        "a self-made certificate: other programs show an unknown signer"
        if credentials_of(settings).own
        else "the certificate from TTS_SIGNING_CERT"
    )
