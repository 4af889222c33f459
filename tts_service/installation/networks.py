"""Settings that name networks, hosts, ports and rates: each entry must be readable, and none may open everything."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from limits import parse

from tts_service.installation.fault import Fault, variable
from tts_service.outbound.rules import rules_of
from tts_service.settings import Settings

_EVERYBODY = "*"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def network_faults(settings: Settings) -> Iterator[Fault]:
    """Every fault of the networks."""
    for entry in filter(None, map(str.strip, settings.trusted_proxies.split(","))):
        yield from _proxy(entry)
    yield from _behind_a_proxy(settings)
    try:
        rules_of(settings)
    except ValueError as error:
        name, _, message = str(error).partition(": ")
        yield Fault(setting=name, message=f"{message}.")
    for field in Settings.model_fields:
        rate = getattr(settings, field)
        if field.startswith("rate_") and field != "rate_store_url" and rate:
            yield from _rate(field, rate)


def _proxy(entry: str) -> Iterator[Fault]:
    name = "TTS_TRUSTED_PROXIES"
    if entry == _EVERYBODY:
        yield Fault(setting=name, message="* would let every caller choose the address it is counted by: write the "
                    "networks of your proxies, such as 10.0.0.0/8 or 127.0.0.1.")  # fmt: skip
        return
    try:
        network = ipaddress.ip_network(entry)
    except ValueError:
        yield Fault(setting=name, message=_repaired(entry))
        return
    if network.prefixlen == 0:
        yield Fault(setting=name, refuses=False, message=f"{entry} lets every caller choose the address it is counted "
                    "by: write the networks of your proxies.")  # fmt: skip


def _repaired(entry: str) -> str:
    """What to write instead of an entry that is no network."""
    try:
        return f"{entry!r} has bits behind its prefix: write {ipaddress.ip_network(entry, strict=False)}."
    except ValueError:
        return f"{entry!r} can't be read: write networks or addresses, such as 10.0.0.0/8, separated by commas."


def _behind_a_proxy(settings: Settings) -> Iterator[Fault]:
    """This service speaks no TLS itself: an https address has a proxy before it, which must be known."""
    try:
        public = urlsplit(settings.public_url)
        local = public.hostname in _LOOPBACK
    except ValueError:
        return
    if public.scheme == "https" and not local and not settings.trusted_proxies.strip():
        yield Fault(setting="TTS_TRUSTED_PROXIES", refuses=False, message="TTS_PUBLIC_URL is https, so a proxy stands "
                    "before this service, but none is trusted and all readers count as one: write its network, such "
                    "as 127.0.0.1 or 172.16.0.0/12.")  # fmt: skip


def _rate(field: str, rate: str) -> Iterator[Fault]:
    try:
        parse(rate)
    except ValueError:
        yield Fault(setting=variable(field), message=f"{rate!r} is no limit: write one such as 100/minute, or nothing.")
