"""Tries the line from this site to the audio service and back, and says in words what is wrong."""

from __future__ import annotations

import json
import secrets
import time
import urllib.parse
from dataclasses import dataclass

from django.utils import timezone
from wagtail.models import Site

from listen_to_the_article import line, setting
from listen_to_the_article.models import PendingPage


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried."""

    fine: bool
    text: str


def check_line() -> list[Finding]:
    """The signed ping and the site's name in its answer, readers' pages, the API key, the Site records, what waits."""
    if not setting.is_complete():
        return [Finding(False, "LISTEN_ADDRESS, LISTEN_SECRET and LISTEN_PAGES must be set.")]
    findings = [_ping()]
    if findings[0].fine:
        findings += [_readers(origin) for origin in sorted({site.root_url for site in Site.objects.all()})]
        findings += [_key()] if setting.text("LISTEN_KEY") else []
    return [*findings, *_sites(), *_waiting()]


def _ping() -> Finding:
    moment = timezone.now().isoformat(timespec="milliseconds")
    body = json.dumps({"type": "ping", "timestamp": moment, "data": {"as_of": moment}}).encode()
    try:
        headers = line.signed_headers(
            setting.text("LISTEN_SECRET"), f"msg_{secrets.token_hex(16)}", body, int(time.time())
        )
    except ValueError as error:
        return Finding(False, f"{error}.")
    answer = line.request(setting.address(), headers=headers, body=body, timeout_s=line.POST_TIMEOUT_S)
    if not answer.accepted:
        return Finding(False, answer.reason())
    found = answer.json()
    if not isinstance(found, dict) or "site" not in found:
        return Finding(
            False, "Something else than the audio service answers there: LISTEN_ADDRESS is wrong, or it is older."
        )
    ours = setting.text("LISTEN_SITE")
    if found["site"] != ours:
        return Finding(False, f'The hook belongs to the site "{found["site"]}", but LISTEN_SITE is "{ours}".')
    return Finding(True, f'The audio service takes signed deliveries for the site "{ours}".')


def _readers(origin: str) -> Finding:
    """Whether the player on pages of this address gets its answers in readers' browsers."""
    ours = setting.text("LISTEN_SITE")
    query = urllib.parse.urlencode({"site": ours, "article": "0"})
    answer = line.request(
        f"{setting.base()}/v1/clips?{query}", headers={"Origin": origin}, timeout_s=line.POST_TIMEOUT_S
    )
    if answer.status != 200 or not isinstance(answer.json(), dict):
        return Finding(False, f"Readers' pages cannot ask for audio. {answer.reason()}")
    if answer.allowed_origin not in ("*", origin):
        enter = f"tts-service sites origins {ours} {origin}"
        return Finding(False, f"Pages of {origin} may not play audio yet. Enter on the audio service: {enter}")
    return Finding(True, f"Pages of {origin} may play audio.")


def _key() -> Finding:
    """Ask for a grant of an article that isn't there: a key that works gets 404."""
    site = urllib.parse.quote(setting.text("LISTEN_SITE"), safe="")
    url = f"{setting.base()}/v1/articles/{site}/no-such-article/grants"
    headers = {"Authorization": f"Bearer {setting.text('LISTEN_KEY')}", "Content-Type": "application/json"}
    answer = line.request(url, headers=headers, body=b"{}", timeout_s=line.POST_TIMEOUT_S)
    if answer.status == 404:
        return Finding(True, "LISTEN_KEY may give grants for it.")
    if answer.status == 401:
        return Finding(False, "LISTEN_KEY is not known to the audio service.")
    if answer.status == 403:
        return Finding(False, "LISTEN_KEY may not give grants for this site: it needs the scope clips:grant.")
    return Finding(False, f"LISTEN_KEY could not be tried. {answer.reason()}")


def _sites() -> list[Finding]:
    """Addresses of pages are made from Wagtail's Site records."""
    return [
        Finding(False, f'The Site record "{site}" has the host name localhost: addresses of its pages lead nowhere.')
        for site in Site.objects.all()
        if site.hostname == "localhost"
    ]


def _waiting() -> list[Finding]:
    failed = PendingPage.objects.exclude(last_error="").order_by("-last_attempt_at").first()
    if failed is None:
        return []
    count = PendingPage.objects.exclude(last_error="").count()
    return [Finding(False, f"{count} pages wait for another try. The last one: {failed.last_error}")]
