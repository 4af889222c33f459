"""What a CMS asks for: the audio of its articles."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from tts_service.client.calls.call import Call, given, path_part
from tts_service.client.values.articles import Article, Clip, Explained, Grant, Job


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
    """Request an article's audio. Requesting the same article again returns the same job.

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
    return Call(method="GET", path=f"/v1/jobs/{path_part(job_id)}", read=Job.of)


def cancel(job_id: str) -> Call[Job]:
    """Stop a job. Raises Conflict when it has ended already."""
    return Call(method="DELETE", path=f"/v1/jobs/{path_part(job_id)}", read=Job.of)


def withdraw(site: str, article_id: str) -> Call[None]:
    """Take an article's clip offline, at once. Raises NotFound for an unknown article."""
    return Call(method="DELETE", path=f"/v1/articles/{path_part(site)}/{path_part(article_id)}", read=lambda _: None)


def release_clip(clip_id: str, revision: int | None = None) -> Call[int]:
    """Publish the revision of a clip that waits for its release, on sites with the option `hold`. Returns its number.
    `revision`: the one that was heard, so that a newer one isn't released unheard.

    Raises NotFound, Conflict (nothing is held, or another revision is)."""
    wanted = {} if revision is None else {"revision": revision}
    path = f"/v1/clips/{path_part(clip_id)}/release"
    return Call(method="POST", path=path, json=wanted, read=lambda found: int(found["revision"]))


def clip(clip_id: str, grant: str | None = None) -> Call[Clip]:
    """A clip's description. Raises NotFound, also for a withdrawn clip; NotAllowed for a restricted one without a valid
    grant."""
    return Call(method="GET", path=f"/v1/clips/{path_part(clip_id)}", params={"grant": grant}, read=Clip.of)


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
    """Issue a grant, with which one reader can hear a restricted clip: for `life_s` seconds, renewable for `renew_s`.

    Put it into that reader's page and nowhere else. Raises NotFound, NotAllowed."""
    wanted = given(life_s=life_s, renew_s=renew_s)
    path = f"/v1/articles/{path_part(site)}/{path_part(article_id)}/grants"
    return Call(method="POST", path=path, json=wanted, read=Grant.of)


def grant_of_clip(clip_id: str) -> Call[Grant]:
    """The same by the clip's id."""
    return Call(method="POST", path=f"/v1/clips/{path_part(clip_id)}/grants", json={}, read=Grant.of)


def explain(
    text: str, *, language: str | None = None, site: str | None = None, article_id: str | None = None
) -> Call[Explained]:
    """What is spoken for each word of a text, by the lexicon and policy of a site."""
    asked = given(text=text, language=language, site=site, article=article_id)
    return Call(method="POST", path="/v1/explain", json=asked, read=Explained.of)
