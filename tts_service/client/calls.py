"""Each call as a value: what is sent, and what is read from the answer. Both clients send the same ones."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

from tts_service.client.errors import AudioError, NotReached, Unintelligible, error_of
from tts_service.client.values import Article, Clip, Explained, Grant, Job, Report, ReportPage, ReportState

_Result = TypeVar("_Result")
_WIDTH, _HEIGHT = 640, 240
"""Pixels of the frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[_Result]):
    """A request that may be sent again without doing anything twice."""

    method: str
    path: str
    read: Callable[[Any], _Result]
    """From the answer's JSON; None for an answer without a body."""
    json: Any = None
    params: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        given = {name: value for name, value in self.params.items() if value is not None}
        return client.build_request(self.method, self.path, json=self.json, params=given, headers=self.headers)

    def result(self, answer: httpx.Response) -> _Result:
        """Raises AudioError."""
        try:
            data = answer.json() if answer.content else None
        except ValueError:
            data = None
        if not answer.is_success:
            problem = data if isinstance(data, dict) else {}
            raise error_of(answer.status_code, problem, answer.headers.get("retry-after"))
        try:
            return self.read(data)
        except (KeyError, TypeError, AttributeError) as error:
            raise Unintelligible(
                f"{self.method} {answer.url} answered something else: {error!r}", status=answer.status_code
            ) from error


def not_reached(error: httpx.TransportError) -> AudioError:
    """The error for a call without an answer."""
    return NotReached(f"{type(error).__name__}: {error}")


def request(
    article: Article,
    *,
    voice: str | None = None,
    formats: Sequence[str] = ("mp3",),
    priority: str = "normal",
    publish_at: datetime | None = None,
    callback_url: str | None = None,
    idempotency_key: str | None = None,
) -> Call[Job]:
    wish: dict[str, Any] = {"article": article.to_json(), "formats": list(formats), "priority": priority}
    wish |= {"voice": voice} if voice else {}
    wish |= {"publish_at": publish_at.isoformat()} if publish_at else {}
    wish |= {"callback_url": callback_url} if callback_url else {}
    # Drawn once for all tries: what was taken at a try whose answer was lost isn't taken twice.
    key = idempotency_key or str(uuid.uuid4())
    return Call(method="POST", path="/v1/jobs", json=wish, headers={"Idempotency-Key": f'"{key}"'}, read=Job.of)


def job(job_id: str) -> Call[Job]:
    return Call(method="GET", path=f"/v1/jobs/{_part(job_id)}", read=Job.of)


def cancel(job_id: str) -> Call[Job]:
    return Call(method="DELETE", path=f"/v1/jobs/{_part(job_id)}", read=Job.of)


def withdraw(site: str, article_id: str) -> Call[None]:
    return Call(method="DELETE", path=f"/v1/articles/{_part(site)}/{_part(article_id)}", read=lambda _: None)


def clip(clip_id: str, grant: str | None = None) -> Call[Clip]:
    return Call(method="GET", path=f"/v1/clips/{_part(clip_id)}", params={"grant": grant}, read=Clip.of)


def find(site: str | None, article_id: str | None, url: str | None, grant: str | None) -> Call[Clip | None]:
    return Call(
        method="GET",
        path="/v1/clips",
        params={"site": site, "article": article_id, "url": url, "grant": grant},
        read=lambda data: next((Clip.of(one) for one in data["clips"]), None),
    )


def grant(site: str, article_id: str, life_s: int | None, renew_s: int | None) -> Call[Grant]:
    return _grant(f"/v1/articles/{_part(site)}/{_part(article_id)}/grants", life_s, renew_s)


def grant_of_clip(clip_id: str) -> Call[Grant]:
    return _grant(f"/v1/clips/{_part(clip_id)}/grants", None, None)


def _grant(path: str, life_s: int | None, renew_s: int | None) -> Call[Grant]:
    wanted = {name: value for name, value in (("life_s", life_s), ("renew_s", renew_s)) if value is not None}
    return Call(method="POST", path=path, json=wanted, read=Grant.of)


def explain(text: str, language: str | None, site: str | None, article_id: str | None) -> Call[Explained]:
    asked = {"text": text, "language": language, "site": site, "article": article_id}
    given = {name: value for name, value in asked.items() if value is not None}
    return Call(method="POST", path="/v1/explain", json=given, read=Explained.of)


def reports(state: str | None, cursor: str | None, limit: int) -> Call[ReportPage]:
    return Call(
        method="GET", path="/v1/reports", params={"state": state, "cursor": cursor, "limit": limit}, read=ReportPage.of
    )


def settle(reference: str, state: str | None, note: str | None) -> Call[Report]:
    change = {"state": state, "note": note}
    given = {name: value for name, value in change.items() if value is not None}
    return Call(method="PATCH", path=f"/v1/reports/{_part(reference)}", json=given, read=Report.of)


def send_report(clip: Clip, category: str, place: dict[str, Any]) -> Call[str]:
    """`place`: position_ms, token, comment, email, as given."""
    told = {name: value for name, value in place.items() if value is not None}
    # With a key drawn once: however often it is sent, it is kept once.
    sent = {
        "clip": clip.id,
        "revision": clip.revision,
        "category": category,
        "clip_token": clip.feedback_token,
        "sent_key": uuid.uuid4().hex,
        **told,
    }
    return Call(method="POST", path="/v1/feedback", json=sent, read=lambda data: str(data["reference"]))


def report_state(reference: str) -> Call[ReportState]:
    return Call(method="GET", path=f"/v1/feedback/{_part(reference)}", read=ReportState.of)


def embed_code(base_url: str, clip_id: str, title: str, grant: Grant | None) -> str:
    """A frame with the player, for pages that allow no script of others."""
    address = grant.embed_url if grant else f"{base_url.rstrip('/')}/embed/{_part(clip_id)}"
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{_WIDTH}" height="{_HEIGHT}" '
        'allow="autoplay; clipboard-write" style="border:0"></iframe>'
    )


def player_code(base_url: str, site: str, article_id: str, grant: Grant | None, renew: str | None) -> str:
    """The player itself: it finds the article's clip, and shows nothing while there is none."""
    given = {"grant": grant.token if grant else None, "renew": renew}
    opened = "".join(f' {name}="{escape(value)}"' for name, value in given.items() if value)
    script = escape(f"{base_url.rstrip('/')}/player.js")
    return (
        f'<script type="module" async src="{script}"></script>'
        f'<article-audio site="{escape(site)}" article="{escape(article_id)}"{opened}></article-audio>'
    )


def _part(name: str) -> str:
    return quote(name, safe="")
