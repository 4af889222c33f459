"""Invented pages that look closed or gone and aren't: for test_article_closed_page.py."""

from __future__ import annotations

from typing import Any

from tests.parts.page_parts import (
    ASKED,
    FREE,
    GHOST_CTA,
    H1,
    HEAD,
    LOGIN,
    OTHER,
    SITE,
    TEASER,
    TEXT,
    TITLE,
    WORDPRESS_FORM,
    Look,
    article,
    data,
    news,
    page,
    told,
)


def is_open(name: str, **more: Any) -> Look:
    return Look(name=name, verdict="open", **more)


PROTECTED = WORDPRESS_FORM.format("There is no excerpt because this is a protected post.")
MENU_LOGIN = f'<header><div class="dropdown">{LOGIN}</div></header>'
OPEN = (
    is_open("plain article", html=article(TEXT)),
    is_open("no title known", html=article(TEXT), title=None),
    is_open("headline edited", title="A boat returns", html=article(TEXT, head=HEAD + data(news()))),
    is_open("short note under the headline", html=article(TEASER)),
    is_open("login form in the header", html=page(MENU_LOGIN, f"<main>{H1}{TEASER}</main>")),
    is_open(
        "login form in a modal",
        html=page(f"<main>{H1}{TEASER}</main>", f'<div class="modal fade" id="login-modal">{LOGIN}</div>'),
    ),
    is_open("login form that isn't shown", html=page(f"<main>{H1}{TEASER}<div hidden>{LOGIN}</div></main>")),
    is_open(
        "login form in the sidebar",
        html=page(f"<main>{H1}{TEASER}</main>", f'<div class="sidebar"><div class="block">{LOGIN}</div></div>'),
    ),
    is_open("comment form with a password", html=article(TEASER, f'<div id="comments"><h2>Your say</h2>{LOGIN}</div>')),
    is_open("login form below a long text", html=article(TEXT, LOGIN)),
    is_open(
        "newsletter and search forms",
        html=article(
            TEXT, "<form action=/search><input name=q></form><form action=/letter><input type=email name=email></form>"
        ),
    ),
    is_open("JSON-LD true", html=told(**{FREE: True})),
    is_open("JSON-LD 'True'", html=told(**{FREE: "True"})),
    is_open(
        "a paid extra in a free article",
        html=article(
            TEXT,
            '<div class="bonus"><p>More maps for members.</p></div>',
            head=HEAD
            + data(news(**{FREE: True}, hasPart={"@type": "WebPageElement", FREE: False, "cssSelector": ".bonus"})),
        ),
    ),
    is_open(
        "an event that costs money",
        html=article(TEXT, head=HEAD + data(news()) + data({"@type": "Event", "name": "Harbour feast", FREE: False})),
    ),
    is_open(
        "a paid teaser in a list of links",
        html=article(
            TEXT,
            head=HEAD
            + data(
                {"@type": "ItemList", "itemListElement": [{"item": news(headline="Seal", url=OTHER, **{FREE: False})}]}
            ),
        ),
    ),
    is_open(
        "another article's data",
        html=article(TEXT, head=HEAD + data(news(headline="A seal in the market", url=OTHER, **{FREE: False}))),
    ),
    is_open(
        "Newspack with some articles free for everybody",
        html=article(
            TEXT,
            '<div class="newspack-content-gate__gate newspack-content-gate__inline-gate">Join us.</div>',
            '<script id="newspack-content-gate-metering-js-extra">var newspack_metering_settings = {};</script>',
        ),
    ),
    is_open("a call to action in a free article", html=article(TEXT, '<div class="content-cta">Join us.</div>')),
    is_open("a paid podcast with the article", html=told(**{FREE: True}, audio={"@type": "AudioObject", FREE: False})),
    is_open(
        "an issue with a paid article in it", html=told(hasPart=news(headline="A seal", url=OTHER, **{FREE: False}))
    ),
    is_open("a protected post in a sidebar", html=page(f"<main>{H1}{TEXT}</main><aside>{PROTECTED}</aside>")),
    is_open("a protected post in a widget", html=page(f'<main>{H1}{TEXT}<div class="widget">{PROTECTED}</div></main>')),
    is_open(
        "moved into a section for members, still public",
        final=f"{SITE}/membership/ferry-is-back",
        html=article(TEXT),
        moved_to=f"{SITE}/membership/ferry-is-back",
    ),
    is_open(
        "microdata of an event",
        html=article(
            TEXT,
            '<div itemscope itemtype="https://schema.org/Event"><meta itemprop="isAccessibleForFree" content="false">'
            "</div>",
        ),
    ),
    is_open("metered", html=article(TEXT, head=HEAD + '<meta property="article:content_tier" content="metered">')),
    is_open("free tier", html=article(TEXT, head=HEAD + '<meta property="article:content_tier" content="free">')),
    is_open(
        "paywall classes in a style sheet",
        html=article(TEXT, head=HEAD + "<style>.gh-post-upgrade-cta{color:red}.mepr-unauthorized-message{}</style>"),
    ),
    is_open(
        "a paywall's empty container",
        html=article(TEXT, '<div class="jetpack-subscribe-paywall"></div><div id="steady_paywall_container"></div>'),
    ),
    is_open(
        "a members' box in a template",
        html=article(TEXT, f"<template>{GHOST_CTA.format('For subscribers only')}</template>"),
    ),
    is_open(
        "a hidden members' box",
        html=article(TEXT, '<div style="display: none"><div class="mepr-unauthorized-message">No.</div></div>'),
    ),
    is_open(
        "an article about paywalls",
        html=article(
            TEXT,
            '<pre>&lt;aside class="gh-post-upgrade-cta"&gt;</pre><p>This post is for subscribers only, it said.</p>',
        ),
    ),
    is_open(
        "a related post behind a password",
        html=page(
            f"<main><article>{H1}{TEXT}</article><article><h2><a href=/x>Protected: Seal</a></h2>"
            f"{WORDPRESS_FORM.format('x')}</article></main>"
        ),
    ),
    is_open(
        "a loop of posts below, one behind a password",
        html=page(
            f'<main>{H1}{TEXT}<article><h2 class="entry-title"><a href=/x>Seal</a></h2>{WORDPRESS_FORM.format("x")}'
            "</article></main>"
        ),
    ),
    is_open(
        "a teaser card marked as locked",
        html=page(
            f'<main><article>{H1}{TEXT}</article><article class="card post-locked"><h3><a href=/x>Seal</a></h3>'
            "</article></main>"
        ),
    ),
    is_open(
        "a page refreshed every five minutes",
        html=article(TEXT, head=HEAD + '<meta http-equiv="refresh" content="300;url=/login">'),
    ),
    is_open(
        "a page that mentions maintenance",
        title="Scheduled maintenance of the lock",
        html=page(
            "<main><h1>Scheduled maintenance of the lock</h1>",
            TEXT,
            "</main>",
            head="<title>Scheduled maintenance of the lock – Gazette</title>",
        ),
    ),
    is_open(
        "an article called page not found",
        title="Page not found",
        html=page("<main><h1>Page not found</h1>", TEXT, "</main>", head="<title>Page not found | Gazette</title>"),
    ),
    is_open(
        "consent layer over the whole text",
        html=article(TEXT, '<div id="cmpbox"><form action="/consent"><button>Accept</button></form></div>'),
    ),
    is_open(
        "a robot check in the comment form",
        html=article(TEXT, '<div id="respond"><div class="g-recaptcha"></div></div>'),
    ),
    is_open(
        "Cloudflare's script on an ordinary page",
        html=article(TEXT, "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
    ),
    is_open(
        "moved to another address",
        final=f"{SITE}/2026/ferry-is-back",
        html=article(TEXT),
        moved_to=f"{SITE}/2026/ferry-is-back",
    ),
    is_open(
        "moved, headline changed, number kept",
        asked=f"{SITE}/a/203451-ferry",
        final=f"{SITE}/a/203451-boat",
        html=page(f"<main><h1>A boat returns</h1>{TEXT}</main>", head=data(news())),
        moved_to=f"{SITE}/a/203451-boat",
    ),
    is_open(
        "moved up, still the article", final=f"{SITE}/news/ports", html=article(TEXT), moved_to=f"{SITE}/news/ports"
    ),
    is_open(
        "canonical elsewhere on the site",
        html=article(TEXT, head=f'{HEAD}<link rel=canonical href="/archive/ferry">'),
        moved_to=f"{SITE}/archive/ferry",
    ),
    is_open("canonical is the front page", html=article(TEXT, head=f'{HEAD}<link rel=canonical href="{SITE}/">')),
    is_open(
        "canonical on another site",
        html=article(TEXT, head=f'{HEAD}<link rel=canonical href="https://wire.example/ferry">'),
    ),
    is_open(
        "www, https and a slash",
        html=article(TEXT),
        asked=ASKED.replace("https", "http"),
        final=ASKED.replace("gazette", "www.gazette") + "/",
    ),
    is_open("campaign marks", html=article(TEXT), final=f"{ASKED}?utm_source=feed"),
    is_open("plain WordPress addresses", html=article(TEXT), asked=f"{SITE}/?p=17", final=f"{SITE}/?p=17", title=None),
    is_open(
        "an article on logins",
        html=article(TEXT),
        asked=f"{SITE}/tech/login/keys",
        final=f"{SITE}/tech/login/new-keys",
        moved_to=f"{SITE}/tech/login/new-keys",
    ),
    is_open(
        "German article with a paywall in the menu",
        title="Die Fähre ist zurück",
        html=page(
            "<nav><a href=/abo>Abo</a></nav><main><h1>Die Fähre ist zurück</h1>",
            TEXT,
            "</main>",
            head="<title>Die Fähre ist zurück | Der Bote</title>",
        ),
    ),
    is_open(
        "unclosed tags and a stray password field in a footer",
        html=f"<html><title>{TITLE}</title><body><div><h1>{TITLE}<p>{TEXT}<footer><input type=password name=x>",
    ),
)
