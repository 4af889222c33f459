"""Every call of the API: what is sent, and what is read from the answer. Both clients have them as their methods."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

import httpx

from tts_service.client.errors import Unintelligible, error_of
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
        params = _given(**self.params)
        return client.build_request(self.method, self.path, json=self.json, params=params, headers=self.headers)

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
                f"{self.method} {answer.url} returned an unexpected response: {error!r}", status=answer.status_code
            ) from error


def request(
    article: Article,
    *,
    voice: str | None = None,
    formats: Sequence[str] = ("mp3",),
    priority: Literal["breaking", "normal", "backfill"] = "normal",
    publish_at: datetime | None = None,
    callback_url: str | None = None,
    idempotency_key: str | None = None,
) -> Call[Job]:
    """Ask for an article's audio. The same article again is the same job.

    `voice`: engine:name; None: the default of the article's language. `publish_at`: embargo; without a time zone it is
    in the site's. `idempotency_key`: None draws one; pass one that you store if your own process may die.
    """
    wish = {"article": article.to_json(), "formats": list(formats), "priority": priority}
    wish |= {"voice": voice} if voice else {}
    wish |= {"publish_at": publish_at.isoformat()} if publish_at else {}
    wish |= {"callback_url": callback_url} if callback_url else {}
    # Drawn once for all tries: a request that was accepted although its answer was lost isn't accepted twice.
    key = idempotency_key or str(uuid.uuid4())
    return Call(method="POST", path="/v1/jobs", json=wish, headers={"Idempotency-Key": f'"{key}"'}, read=Job.of)


def job(job_id: str) -> Call[Job]:
    """The state of a job."""
    return Call(method="GET", path=f"/v1/jobs/{_part(job_id)}", read=Job.of)


def cancel(job_id: str) -> Call[Job]:
    """Stop a job. Raises Conflict when it has ended already."""
    return Call(method="DELETE", path=f"/v1/jobs/{_part(job_id)}", read=Job.of)


def withdraw(site: str, article_id: str) -> Call[None]:
    """Take an article's clip offline, at once. Raises NotFound for an unknown article."""
    return Call(method="DELETE", path=f"/v1/articles/{_part(site)}/{_part(article_id)}", read=lambda _: None)


def clip(clip_id: str, grant: str | None = None) -> Call[Clip]:
    """A clip's description. Raises NotFound, also for a withdrawn clip; NotAllowed for a restricted one without a valid
    grant."""
    return Call(method="GET", path=f"/v1/clips/{_part(clip_id)}", params={"grant": grant}, read=Clip.of)


def find(
    *, site: str | None = None, article_id: str | None = None, url: str | None = None, grant: str | None = None
) -> Call[Clip | None]:
    """The clip of an article, by site and id or by its address. None: there is no clip, or no longer."""
    return Call(
        method="GET",
        path="/v1/clips",
        params={"site": site, "article": article_id, "url": url, "grant": grant},
        read=lambda data: next((Clip.of(one) for one in data["clips"]), None),
    )


def grant(site: str, article_id: str, *, life_s: int | None = None, renew_s: int | None = None) -> Call[Grant]:
    """Let one reader who may read this article hear its clip: for `life_s` seconds, renewable for `renew_s`.

    Put it into that reader's page and nowhere else. Raises NotFound, NotAllowed."""
    wanted = _given(life_s=life_s, renew_s=renew_s)
    path = f"/v1/articles/{_part(site)}/{_part(article_id)}/grants"
    return Call(method="POST", path=path, json=wanted, read=Grant.of)


def grant_of_clip(clip_id: str) -> Call[Grant]:
    """The same by the clip's id."""
    return Call(method="POST", path=f"/v1/clips/{_part(clip_id)}/grants", json={}, read=Grant.of)


def explain(
    text: str, *, language: str | None = None, site: str | None = None, article_id: str | None = None
) -> Call[Explained]:
    """What is spoken for each word of a text, by the lexicon and policy of a site."""
    asked = _given(text=text, language=language, site=site, article=article_id)
    return Call(method="POST", path="/v1/explain", json=asked, read=Explained.of)


def reports(*, state: str | None = None, cursor: str | None = None, limit: int = 50) -> Call[ReportPage]:
    """Listeners' reports, newest first."""
    wanted = {"state": state, "cursor": cursor, "limit": limit}
    return Call(method="GET", path="/v1/reports", params=wanted, read=ReportPage.of)


def settle(reference: str, *, state: str | None = None, note: str | None = None) -> Call[Report]:
    """Set a report's state (new, confirmed, corrected, rejected) and note."""
    change = _given(state=state, note=note)
    return Call(method="PATCH", path=f"/v1/reports/{_part(reference)}", json=change, read=Report.of)


def send_report(
    clip: Clip,
    category: Literal["pronunciation", "number", "missing", "extra", "sound", "other"],
    *,
    position_ms: int = 0,
    token: int | None = None,
    comment: str | None = None,
    email: str | None = None,
) -> Call[str]:
    """Report a fault at a place of a clip; returns the report's reference. The description must be at most 2 h old."""
    sent = _given(
        clip=clip.id,
        revision=clip.revision,
        category=category,
        clip_token=clip.feedback_token,
        sent_key=uuid.uuid4().hex,  # drawn once: however often it is sent, it is stored once
        position_ms=position_ms,
        token=token,
        comment=comment,
        email=email,
    )
    return Call(method="POST", path="/v1/feedback", json=sent, read=lambda data: str(data["reference"]))


def report_state(reference: str) -> Call[ReportState]:
    """What became of a report."""
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
    wanted = {"grant": grant.token if grant else None, "renew": renew}
    opened = "".join(f' {name}="{escape(value)}"' for name, value in wanted.items() if value)
    script = escape(f"{base_url.rstrip('/')}/player.js")
    return (
        f'<script type="module" async src="{script}"></script>'
        f'<article-audio site="{escape(site)}" article="{escape(article_id)}"{opened}></article-audio>'
    )


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _part(name: str) -> str:
    return quote(name, safe="")
