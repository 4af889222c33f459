"""The state of a page at this moment, read afresh from the database: what a delivery says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import router
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from listen_to_the_article import setting
from listen_to_the_article.article_text import article_html, author_of
from listen_to_the_article.models import ToldPage

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class PageState:
    """How a page stands: published with its text, closed, unpublished or deleted without it."""

    kind: str
    as_of: datetime
    """Taken before the page was read: a change after it is told by a later delivery, whose moment is later too."""
    visibility: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """The same for the same state."""
        said = json.dumps([self.kind, self.visibility, self.data], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def message(self, told_before: bool) -> bytes:
        """The delivery's body."""
        kind = "updated" if self.kind == "published" and told_before else self.kind
        moment = self.as_of.isoformat(timespec="milliseconds")
        data = {**self.data, "as_of": moment}
        return json.dumps({"type": f"article.{kind}", "timestamp": moment, "data": data}).encode()


def state_of(page_id: int) -> PageState | None:
    """Read the page now. None: it is no article, and never was told as one."""
    as_of = timezone.now()
    using = router.db_for_write(Page)
    base = Page._base_manager.using(using).filter(pk=page_id).first()
    if base is None:
        return PageState("deleted", as_of, data={"id": page_id})
    model = base.specific_class
    if model is None or model._meta.label not in setting.pages():
        was_told = ToldPage.objects.filter(page_id=page_id).exclude(kind="").exists()
        return PageState("unpublished", as_of, data={"id": page_id}) if was_told else None
    page = model._base_manager.using(using).filter(pk=page_id).first()
    if page is None:
        return PageState("deleted", as_of, data={"id": page_id})
    url = page.full_url if is_online(page, as_of) else None
    if url is None:
        return PageState("unpublished", as_of, data={"id": page_id})
    visibility = visibility_of(page)
    data = _facts(page, url, visibility)
    if visibility != PUBLIC and not setting.text("LISTEN_KEY"):
        del data["title"], data["author"]
        return PageState("closed", as_of, visibility, data)
    return PageState("published", as_of, visibility, {**data, "html": article_html(page)})


def is_online(page: Page, now: datetime) -> bool:
    """Whether it is published at this moment; its expiry counts even before publish_scheduled has come by."""
    return bool(page.live and not page.expired and (page.expire_at is None or page.expire_at > now))


def restrictions_of(page: Page) -> list[PageViewRestriction]:
    """Wagtail's privacy settings on the page and above it."""
    return list(page.get_view_restrictions().using(router.db_for_write(Page)))


def visibility_of(page: Page) -> str:
    """Who may read it: public, password, members, or what LISTEN_VISIBILITY says."""
    kinds = {restriction.restriction_type for restriction in restrictions_of(page)}
    if kinds - {PageViewRestriction.PASSWORD, PageViewRestriction.NONE}:
        return "members"
    if PageViewRestriction.PASSWORD in kinds:
        return "password"
    own = setting.function("LISTEN_VISIBILITY")
    return str(own(page)) if own else PUBLIC


def language_of(page: Page) -> str:
    """The page's language as a BCP 47 tag; with a region where LANGUAGES has the locale with one only."""
    own = setting.function("LISTEN_LANGUAGE")
    if own:
        return str(own(page))
    code = page.locale.language_code.lower()
    known = [name.lower() for name, _ in settings.LANGUAGES]
    variants = [name for name in known if name.startswith(f"{code}-")]
    if code not in known and len(variants) == 1:
        code = variants[0]
    main, *others = code.split("-")
    return "-".join([main, *(part.upper() if len(part) == 2 else part.title() for part in others)])


def _facts(page: Page, url: str, visibility: str) -> dict[str, Any]:
    return {
        "id": page.pk,
        "title": page.title,
        "url": url,
        "author": author_of(page),
        "language": language_of(page),
        "visibility": visibility,
        "published_at": _iso(page.first_published_at),
        "updated_at": _iso(page.last_published_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
