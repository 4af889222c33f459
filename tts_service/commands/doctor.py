"""The checks of `tts-service doctor`: each part really used, with advice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import redis

from tts_service.db.session import Database
from tts_service.engines.registry import Registry
from tts_service.engines.speak import EngineChild
from tts_service.errors import ServiceError
from tts_service.provenance.certificate import credentials_of
from tts_service.settings import Settings
from tts_service.storage.store import free_mb, open_store
from tts_service.values import SpokenWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one check found."""

    name: str
    fine: bool
    found: str
    advice: str = ""


def check_all(settings: Settings) -> list[Found]:
    """Every check, in the order of an article's way."""
    checks: list[tuple[str, Callable[[Settings], str], str]] = [
        ("database", _database, "Check TTS_DATABASE_URL, and that the server runs."),
        ("broker", _broker, "Start `tts-service run`, or check TTS_BROKER_URL; jobs wait in the database meanwhile."),
        ("store", _store, "Check TTS_STORE_URL and the TTS_S3_… settings, and the free space."),
        ("signature", _signature, "Check TTS_SIGNING_CERT and TTS_SIGNING_KEY; unsigned clips are not published."),
        ("voice pyttsx3", _speaker("pyttsx3:en-us"), "pip install 'tts-service[espeak]'"),
        ("voice piper", _speaker(settings.default_voice_en), "pip install 'tts-service[piper]'"),
    ]
    return [_checked(name, check, settings, advice) for name, check, advice in checks]


def _checked(name: str, check: Callable[[Settings], str], settings: Settings, advice: str) -> Found:
    try:
        return Found(name=name, fine=True, found=check(settings))
    except (ServiceError, redis.RedisError, OSError) as error:
        return Found(name=name, fine=False, found=str(error).splitlines()[0], advice=advice)


def _database(settings: Settings) -> str:
    database = Database(settings.database)
    database.ping()
    database.close()
    return database.engine.dialect.name


def _broker(settings: Settings) -> str:
    url = settings.broker.replace("redis+socket://", "unix://")
    with redis.Redis.from_url(url, socket_connect_timeout=3) as client:
        info = client.info("server")
    return f"answers, version {info.get('valkey_version') or info['redis_version']}"


def _store(settings: Settings) -> str:
    store = open_store(settings)
    store.put("doctor/check", b"fine")
    if store.get("doctor/check") != b"fine":
        raise OSError("what was written can't be read back")
    store.delete("doctor/check")
    free = free_mb(settings)
    return "writes and reads" + (f", {free} MB free" if free is not None else "")


def _signature(settings: Settings) -> str:
    return (
        "a certificate made here: others say unknown signer" if credentials_of(settings).own else "a given certificate"
    )


def _speaker(voice_id: str) -> Callable[[Settings], str]:
    def check(settings: Settings) -> str:
        voice = Registry(settings).find(voice_id)
        with EngineChild(settings) as engine:
            sound = engine.speak((SpokenWord(text="Everything"), SpokenWord(text="works.")), voice)
        return f"{voice.id} spoke {len(sound.pcm) / 2 / sound.sample_rate_hz:.1f} s"

    return check
