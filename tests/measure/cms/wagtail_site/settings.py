"""The newspaper's settings. What docs/cms/wagtail.md tells to add comes from `listen.json` in the site's folder."""

import json
import os
import sys
from pathlib import Path

from django import VERSION

HERE = Path(__file__).parent
FOLDER = Path(os.environ["GAZETTE_FOLDER"])
sys.path[:0] = [str(FOLDER), str(HERE), str(HERE.parents[3] / "samples" / "wagtail")]

SECRET_KEY = "made for tests, guards nothing"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
WSGI_APPLICATION = "wsgi.application"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(FOLDER / "site.sqlite3"),
        "OPTIONS": {"timeout": 20, **({"transaction_mode": "IMMEDIATE"} if VERSION >= (5, 1) else {})},
    }
}
INSTALLED_APPS = [
    "blog",
    "wagtail.contrib.simple_translation",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.snippets",
    "wagtail.admin",
    "wagtail.search",
    "wagtail",
    "taggit",
    "modelcluster",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_URL = "/static/"
MEDIA_ROOT = str(FOLDER / "media")
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
USE_I18N = WAGTAIL_I18N_ENABLED = True
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "British English"), ("de", "German")]
WAGTAIL_SITE_NAME = "The Elmsworth Gazette"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

_given = FOLDER / "listen.json"
if _given.exists():
    INSTALLED_APPS = ["listen_to_the_article", *INSTALLED_APPS]
    LISTEN_PAGES = {"blog.ArticlePage": ["standfirst", "body"]}
    globals().update(json.loads(_given.read_text("utf-8")))
TEMPLATES[0]["OPTIONS"]["libraries"] = {} if _given.exists() else {"listen": "blog.without_player"}
