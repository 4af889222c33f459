"""Invented pages that say nothing of their article: for test_article_closed_page.py."""

from __future__ import annotations

from typing import Any

from tests.parts.page_parts import (
    LOGIN,
    OTHER,
    RETURN,
    SITE,
    TEXT,
    Look,
    data,
    news,
    page,
)


def unknown(name: str, **more: Any) -> Look:
    return Look(name=name, verdict="unknown", **more)


UNKNOWN = (
    *(
        unknown(f"status {status}", status=status, html=page("<h1>Sorry</h1>", LOGIN))
        for status in (302, 401, 403, 429, 451, 500, 502, 503, 504, 520)
    ),
    unknown(
        "503 of WordPress's upgrade",
        status=503,
        html="<h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1>",
    ),
    unknown("nothing"),
    unknown("JSON", html='{"error": "try again"}'),
    unknown(
        "an app without its script",
        html="<html><head><title>Gazette</title></head><div id=root></div><script src=a.js></script></body>",
    ),
    unknown(
        "maintenance with 200",
        html=page("<h1>We’ll be back soon</h1><p>We are working on it.</p>", head="<title>Gazette</title>"),
    ),
    unknown(
        "maintenance with a login for staff",
        html=page("<h1>Under construction</h1>", LOGIN, head="<title>Maintenance | Gazette</title>"),
    ),
    unknown(
        "a shop's opening page",
        final=f"{SITE}/password",
        html=(
            "<html><head><title>Opening soon</title></head><body class='template-password'><h1>Opening soon</h1>"
            "<form><input type=password name=password></form></body>"
        ),
    ),
    unknown(
        "German maintenance",
        html=page("<h1>Wartungsarbeiten</h1><p>Wir sind bald zurück.</p>", head="<title>Bote</title>"),
    ),
    unknown("French maintenance", html=page("<h1>Site en maintenance</h1>", head="")),
    unknown("Spanish maintenance", html=page("<h1>Estamos en mantenimiento</h1>", head="")),
    unknown("database away", html="<html><body><h1>Error establishing a database connection</h1>"),
    unknown(
        "Cloudflare's challenge",
        html="<html><head><title>Just a moment...</title></head><body><h1>gazette.example</h1><p>Verifying you are "
        "human.</p><div class=cf-turnstile></div></body></html>",
    ),
    unknown(
        "captcha",
        html=page("<main><p>Type what you see.</p><div id=captcha-form></div></main>", head="<title>Gazette</title>"),
    ),
    unknown("blocked", html="<html><title>Access Denied</title><body><h1>Access Denied</h1>"),
    unknown(
        "consent wall with a login for subscribers",
        html=page(
            f"<main><h1>Mit Werbung weiterlesen</h1><div class=purabo>{LOGIN}</div></main>", head="<title>Bote</title>"
        ),
    ),
    unknown("redirect to a consent wall", final=f"https://consent.gazette.example/?{RETURN}"),
    unknown("redirect to an age check", final=f"{SITE}/age-gate?{RETURN}"),
    unknown("soft 404", html=page("<main><h1>Page not found</h1></main>", LOGIN, head="")),
    unknown(
        "soft 404 by its title", html=page(TEXT, head="<title>404 – Page not found | The Elmsworth Gazette</title>")
    ),
    unknown("soft 404 in German", html=page("<h1>Seite nicht gefunden</h1>", head="")),
    unknown("soft 404 in French", html=page("<h1>Page introuvable</h1>", head="")),
    unknown("soft 404 in Spanish", html=page("<h1>Página no encontrada</h1>", head="")),
    unknown("WordPress's error404", html=page(TEXT, head="", of='class="error404"')),
    unknown("another page at the address", html=page("<h1>Used cars</h1>", TEXT, head="")),
    unknown(
        "redirect to another article",
        final=OTHER,
        html=page(f"<main><h1>A seal in the market</h1>{TEXT}</main>", head=data(news(headline="A seal"))),
    ),
    unknown(
        "redirect to another site's front page",
        final="https://cars.example/",
        html=page("<h1>Used cars</h1>", TEXT, head=""),
    ),
)
