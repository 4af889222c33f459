"""A Wagtail site in one file with our app in it: publishes, changes, withdraws and deletes a page.

    python tests/slow/wagtail_site.py FOLDER ADDRESS SECRET

Prints, a JSON document a line: the page's id, and the player as a template shows it. Run by a Python that has Wagtail.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django
from django.conf import settings

FOLDER, ADDRESS, SECRET = sys.argv[1:4]
sys.path.insert(0, str(Path(__file__).parents[2] / "samples" / "wagtail"))
settings.configure(
    SECRET_KEY="made for this run", STATIC_URL="/static/", USE_TZ=True, ROOT_URLCONF="urls",
    WAGTAIL_SITE_NAME="Gazette",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/site.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", WAGTAILADMIN_BASE_URL="https://gazette.example",
    INSTALLED_APPS=["blog", "listen_to_the_article", "wagtail.users", "wagtail.images", "wagtail.documents",
                    "wagtail.admin", "wagtail.search", "wagtail", "taggit", "modelcluster", "django.contrib.auth",
                    "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
                    "django.contrib.staticfiles"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    LISTEN_ADDRESS=ADDRESS, LISTEN_SECRET=SECRET, LISTEN_SITE="gazette", LISTEN_PAGES={"blog.ArticlePage": "body"},
)  # fmt: skip
APP = {
    "blog/__init__.py": "",
    "blog/migrations/__init__.py": "",
    "blog/models.py": "from wagtail.fields import RichTextField\nfrom wagtail.models import Page\n\n\n"
    "class ArticlePage(Page):\n    body = RichTextField()\n",
    "urls.py": "urlpatterns = []\n",
}
for name, text in APP.items():
    path = Path(FOLDER) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
sys.path.insert(0, FOLDER)
django.setup()

from blog.models import ArticlePage  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.template import Context, Template  # noqa: E402
from listen_to_the_article import events  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

call_command("makemigrations", "blog", verbosity=0)
call_command("migrate", verbosity=0)
deliveries = []
real_deliver = events.deliver
events.deliver = lambda *what: deliveries.append(real_deliver(*what))


def delivered() -> None:
    """Wait until the service has answered what was told."""
    while deliveries:
        deliveries.pop().join(20)


root = Page.objects.get(depth=2)
Site.objects.update(root_page=root, hostname="gazette.example", port=443)
page = ArticlePage(title="Railway to Oberau runs again", slug="railway", live=False,
                   body="<p>The little railway runs again.</p><h2>Track</h2><p>It is new.</p>")  # fmt: skip
root.add_child(instance=page)
page.save_revision().publish()
delivered()
page.body += "<p>Thirty people came.</p>"
page.save_revision().publish()
delivered()
shown = Template("{% load listen %}{% listen_player page %}").render(Context({"page": page}))
print(json.dumps({"id": page.pk, "player": shown}), flush=True)
page.save_revision()  # a draft: nothing is told
page.refresh_from_db()
page.unpublish()
delivered()
page.save_revision().publish()
delivered()
page.refresh_from_db()
page.delete()
delivered()
