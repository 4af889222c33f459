"""What an editor does, one function each: called by tests in this process, or by a request to /act/."""

import json
import uuid
from datetime import timedelta

from blog.models import ArticlePage, SectionPage
from django.contrib.auth.models import Group
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from wagtail.models import Collection, Locale, Page, PageViewRestriction, Site
from wagtail.rich_text import RichText

CLOSED = {
    "private": PageViewRestriction.LOGIN,
    "password": PageViewRestriction.PASSWORD,
    "members": PageViewRestriction.GROUPS,
}


def begin(hostname="localhost", port=80) -> dict:
    """An empty newspaper: a root page, its Site record, a second language."""
    Locale.objects.get_or_create(language_code="en-gb")
    Locale.objects.get_or_create(language_code="de")
    root = Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root"))
    front = SectionPage(title="Front page", slug=f"front-{uuid.uuid4().hex[:8]}", locale=Locale.get_default())
    root.add_child(instance=front)
    Site.objects.all().delete()
    Site.objects.create(hostname=hostname, port=port, root_page=front, is_default_site=True)
    Group.objects.get_or_create(name="Subscribers")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    return {"id": front.pk}


def section(title="News", parent=None) -> dict:
    above = Page.objects.get(pk=parent) if parent else Site.objects.get().root_page
    above = Page.objects.get(pk=above.pk)
    made = SectionPage(title=title, slug=f"{title.lower()}-{uuid.uuid4().hex[:8]}")
    above.add_child(instance=made)
    return {"id": made.pk}


def publish(title: str, html: str, parent=None, standfirst="") -> dict:
    """A new article, by default in a section of its own."""
    above = Page.objects.get(pk=parent or section()["id"])
    page = ArticlePage(title=title, slug=f"article-{uuid.uuid4().hex[:8]}", standfirst=standfirst, live=False)
    page.body = [("paragraph", RichText(html))]
    above.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return {"id": page.pk, "url": page.full_url}


def change(page: int, html: str) -> dict:
    """Another text; a published article stays published, any other stays what it is."""
    article = ArticlePage.objects.get(pk=page)
    article.body = [("paragraph", RichText(html))]
    revision = article.save_revision()
    if article.live:
        revision.publish()
    return {}


def put(page: int, state: str) -> dict:
    """Into a state of tests/measure/cms/driver.py."""
    article = ArticlePage.objects.get(pk=page)
    if state in CLOSED:
        restrict(page, CLOSED[state])
    elif state == "parent closed":
        restrict(article.get_parent().pk, PageViewRestriction.LOGIN)
    elif state == "draft":
        article.unpublish()
    elif state == "trash":
        article.delete()
    elif state == "scheduled":
        article.unpublish()
        article = ArticlePage.objects.get(pk=page)
        article.go_live_at = timezone.now() + timedelta(days=1)
        article.save_revision().publish()
    elif state == "expired":
        article.expire_at = timezone.now()
        article.save_revision().publish()
    elif state == "locale removed":
        translate(page)
        ArticlePage.objects.get(pk=page).unpublish()
    elif state == "public":
        open_again(page)
    else:
        raise ValueError(state)
    return {}


def open_again(page: int) -> dict:
    article = ArticlePage.objects.get(pk=page)
    for restriction in article.get_view_restrictions():
        restriction.delete()
    article.go_live_at = article.expire_at = None
    article.save_revision().publish()
    return {}


def schedule(count: int) -> dict:
    """So many articles whose time has come; publish_scheduled hasn't seen them yet."""
    ago, later = timezone.now() - timedelta(minutes=1), timezone.now() + timedelta(days=1)
    above = Page.objects.get(pk=Site.objects.get().root_page_id)
    for number in range(count):
        page = ArticlePage(title=f"Planned {number}", slug=f"planned-{number}", live=False, go_live_at=later)
        page.body = [("paragraph", RichText("<p>It has begun.</p>"))]
        above.add_child(instance=page)
        revision = page.save_revision()
        revision.publish()
        revision.content = {**revision.content, "go_live_at": ago.isoformat()}
        revision.approved_go_live_at = ago
        revision.save()
    return {}


def restrict(page: int, kind: str) -> dict:
    restriction = PageViewRestriction.objects.create(page_id=page, restriction_type=kind, password="sesame")
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.add(Group.objects.get(name="Subscribers"))
    return {}


def translate(page: int) -> dict:
    """A published German version, with words of its own: in Wagtail a page of its own."""
    article, locale = ArticlePage.objects.get(pk=page), Locale.objects.get(language_code="de")
    german = article.get_translation_or_none(locale) or article.copy_for_translation(locale, copy_parents=True)
    german.title = f"Fassung {german.pk}"
    german.body = [("paragraph", RichText("<p>Die Fähre fährt heute wieder, und alle sind froh.</p>"))]
    german.save_revision().publish()
    return {"id": german.pk}


def nothing() -> dict:
    return {}


DOES = {one.__name__: one for one in (nothing, begin, section, publish, change, put, restrict, translate)}


@csrf_exempt
def act(request: HttpRequest) -> JsonResponse:
    asked = json.loads(request.body or b'{"do": "nothing"}')
    return JsonResponse(DOES[asked.pop("do")](**asked))
