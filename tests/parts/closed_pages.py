"""Invented pages of articles that are gone or closed, as many systems show them: for test_article_closed_page.py."""

from __future__ import annotations

from typing import Any

from tests.parts.page_parts import (
    FREE,
    GHOST_CTA,
    H1,
    HEAD,
    LOGIN,
    ONE_PASSWORD,
    RETURN,
    SITE,
    TEASER,
    TEXT,
    TITLE,
    WAGTAIL_FORM,
    WORDPRESS_FORM,
    Look,
    article,
    data,
    news,
    page,
    told,
)


def gone(name: str, **more: Any) -> Look:
    return Look(name=name, verdict="gone", **more)


def closed(name: str, **more: Any) -> Look:
    return Look(name=name, verdict="closed", **more)


LISTED = f"<h2><a href=/x>{TITLE}</a></h2>{TEXT}<h2><a href=/y>A seal in the market</a></h2>"
GONE = (
    gone("404", status=404, html=page("<h1>Not found</h1>")),
    gone("410 without a body", status=410),
    gone("to the front page", final=f"{SITE}/", html=page(TEXT)),
    gone("to the front page with a mark", final=f"{SITE}/?ref=gone", html=page(TEXT)),
    gone("to the front page of www", final="https://www.gazette.example", html=page(TEXT)),
    gone("to the front page of a language", final=f"{SITE}/de/", html=page(TEXT), title=None),
    gone("to a front page that still lists it", final=f"{SITE}/", html=page(LISTED)),
    gone("to a section that still lists it", final=f"{SITE}/news/ports", html=page(LISTED)),
    gone("to its section", final=f"{SITE}/news/ports/", html=page("<h1>Ports</h1>", TEXT)),
    gone("to a section above", final=f"{SITE}/news", html=page("<h1>News</h1>", TEXT)),
)

CLOSED = (
    closed("wp-login", final=f"{SITE}/wp-login.php?{RETURN}&reauth=1", visibility="members"),
    closed("login", final=f"{SITE}/login?next=/news/ports/ferry-is-back", visibility="members"),
    closed("German login", final=f"{SITE}/konto/anmelden", visibility="members"),
    closed("French login", final=f"{SITE}/connexion?retour=x", visibility="members"),
    closed("Spanish login", final=f"{SITE}/iniciar-sesion/", visibility="members"),
    closed("Wagtail login", final=f"{SITE}/_util/login/?next=/x/", visibility="members"),
    closed("Django login", final=f"{SITE}/accounts/login/?next=/x/", visibility="members"),
    closed("Ghost admin", final=f"{SITE}/ghost/#/signin", visibility="members"),
    closed("Ghost portal", final=f"{SITE}/#/portal/signup", visibility="members"),
    closed("Drupal login with 403", status=403, final=f"{SITE}/user/login?destination=/x", visibility="members"),
    closed("Joomla login", final=f"{SITE}/component/users/?view=login&return=aHR0", visibility="members"),
    closed("login by its query alone", final=f"{SITE}/?action=login", visibility="members"),
    closed("sign-on host", final="https://login.gazette.example/start", visibility="members"),
    closed("foreign sign-on", final="https://gazette.eu.auth0.com/u/x?state=1", visibility="members"),
    closed("an offer to pay", final=f"{SITE}/abo?from=/news/ports/ferry-is-back", visibility="paid"),
    closed("a page of any name with redirect_to", final=f"{SITE}/welcome?{RETURN}", visibility="members"),
    closed("whole site behind a password", final=f"{SITE}/?password-protected=login&{RETURN}", visibility="password"),
    closed(
        "refreshed to a login",
        visibility="members",
        html='<html><head><meta http-equiv="Refresh" content="0; URL=/login?next=/x"></head><body></body></html>',
    ),
    closed(
        "WordPress password",
        visibility="password",
        html=article(WORDPRESS_FORM.format("This content is password protected.")),
    ),
    closed(
        "WordPress password in German, title changed",
        visibility="password",
        html=page(
            "<main><article><h1>Geschützt: Die Fähre</h1>",
            WORDPRESS_FORM.format("Dieser Inhalt ist passwortgeschützt."),
            "</article></main>",
        ),
    ),
    closed(
        "Wagtail password",
        visibility="password",
        html=f"<html><head><title>Password required</title></head><body>{WAGTAIL_FORM}</body></html>",
    ),
    closed("any password form in the article's place", visibility="password", html=article(ONE_PASSWORD)),
    closed(
        "password form in French, no title known",
        visibility="password",
        title=None,
        html=page("<main><h1>Accès réservé</h1><p>Saisissez le mot de passe.</p>", ONE_PASSWORD, "</main>"),
    ),
    closed("login form in the article's place", visibility="members", html=article(TEASER, LOGIN)),
    closed(
        "password field without a form",
        visibility="password",
        html=article('<div><input type="password"><button>Weiter</button></div>'),
    ),
    closed(
        "wp-login served in place",
        visibility="members",
        html=(
            "<html><head><title>Log In ‹ Gazette — WordPress</title></head><body class='login'><div id=login>"
            "<form name=loginform id=loginform action=/wp-login.php method=post><input type=text name=log>"
            "<input type=password name=pwd></form></div></body></html>"
        ),
    ),
    closed("JSON-LD false", visibility="paid", html=told(**{FREE: False})),
    closed("JSON-LD 'False'", visibility="paid", html=told(**{FREE: "False"})),
    closed(
        "JSON-LD 'false' in a list of kinds",
        visibility="paid",
        html=told(**{FREE: "false", "@type": ["Article", "NewsArticle"]}),
    ),
    closed("JSON-LD schema.org/False", visibility="paid", html=told(**{FREE: "http://schema.org/False"})),
    closed(
        "JSON-LD in a graph",
        visibility="paid",
        html=article(
            TEXT,
            head=HEAD
            + data(
                {
                    "@context": "https://schema.org",
                    "@graph": [{"@type": "WebSite", "name": "Gazette"}, news(**{FREE: False})],
                }
            ),
        ),
    ),
    closed(
        "JSON-LD in an array, second block",
        visibility="paid",
        html=article(
            TEXT,
            head=HEAD + data({"@type": "Organization"}) + data([{"@type": "BreadcrumbList"}, news(**{FREE: False})]),
        ),
    ),
    closed(
        "JSON-LD in mainEntity",
        visibility="paid",
        html=article(TEXT, head=HEAD + data({"@type": "WebPage", "mainEntity": news(**{FREE: False})})),
    ),
    closed(
        "JSON-LD hasPart only",
        visibility="paid",
        html=article(
            f'<div class="paid">{TEXT}</div>',
            head=HEAD + data(news(hasPart={"@type": "WebPageElement", FREE: "False", "cssSelector": "main > .paid"})),
        ),
    ),
    closed(
        "JSON-LD says free, its whole text isn't",
        visibility="paid",
        html=article(
            f'<div class="paid">{TEXT}</div>',
            head=HEAD
            + data(news(**{FREE: True}, hasPart=[{"@type": "WebPageElement", FREE: False, "cssSelector": ".paid"}])),
        ),
    ),
    closed(
        "JSON-LD two blocks that contradict",
        visibility="paid",
        html=article(TEXT, head=HEAD + data(news(**{FREE: True})) + data(news(**{FREE: False}))),
    ),
    closed(
        "JSON-LD with a comma too many",
        visibility="paid",
        html=article(
            TEXT, head=HEAD + data('{"@type": "NewsArticle", "headline": "The ferry", "isAccessibleForFree": "False",}')
        ),
    ),
    closed(
        "JSON-LD in CDATA with a line break in a string",
        visibility="paid",
        html=article(
            TEXT,
            head=HEAD
            + data('//<![CDATA[\n{"@type": "Article", "headline": "The\nferry", "isAccessibleForFree": false}\n//]]>'),
        ),
    ),
    closed(
        "microdata",
        visibility="paid",
        html=page(
            '<main><article itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="isAccessibleForFree" '
            f'content="False">{H1}{TEXT}</article></main>'
        ),
    ),
    closed(
        "meta locked",
        visibility="paid",
        html=article(TEXT, head=HEAD + '<meta property="article:content_tier" content="Locked">'),
    ),
    closed(
        "meta name locked",
        visibility="paid",
        html=article(TEXT, head=HEAD + '<meta name="article:content_tier" content="locked">'),
    ),
    closed(
        "Ghost for paying members",
        visibility="paid",
        html=article(TEXT, GHOST_CTA.format("This post is for paying subscribers only")),
    ),
    closed(
        "Ghost for members",
        visibility="members",
        html=article(TEASER, GHOST_CTA.format("This post is for subscribers only")),
    ),
    closed(
        "Ghost for members in German",
        visibility="members",
        html=article(TEASER, GHOST_CTA.format("Dieser Beitrag ist nur für Mitglieder")),
    ),
    closed(
        "an older Ghost theme",
        visibility="paid",
        html=article(
            TEASER,
            '<section class="post-upgrade"><h2>Only for paid members</h2><a href="#/portal">Upgrade</a></section>',
        ),
    ),
    closed(
        "Newspack",
        visibility="members",
        html=article(TEXT, '<div class="newspack-content-gate__inline-gate"><p>Join us to read on.</p></div>'),
    ),
    closed(
        "WooCommerce Memberships",
        visibility="members",
        html=article(
            TEXT, '<div class="woocommerce-info wc-memberships-restriction-message">For members of the club.</div>'
        ),
    ),
    closed(
        "Memberful",
        visibility="members",
        html=article('<div class="memberful-global-marketing-content"><p>Become a member.</p></div>'),
    ),
    closed(
        "MemberPress",
        visibility="members",
        html=article(
            TEASER,
            '<div class="mp_wrapper"><div class="mepr-unauthorized-message"><p>You are unauthorized.</p></div></div>',
        ),
    ),
    closed(
        "Paid Memberships Pro",
        visibility="members",
        html=article(TEASER, '<div class="pmpro_content_message">This content is for members.</div>'),
    ),
    closed(
        "Jetpack's paywall",
        visibility="paid",
        html=article(TEXT, '<div class="jetpack-subscribe-paywall"><p>This post is for paid subscribers</p></div>'),
    ),
    closed(
        "an older Newspack",
        visibility="members",
        html=article(TEXT, '<div class="newspack-memberships__gate newspack-memberships__inline-gate">Join us.</div>'),
    ),
    closed(
        "Steady's element",
        visibility="paid",
        html=article(TEXT, '<div id="steady_paywall" style="display: none;"></div>', TEXT),
    ),
    closed("Steady", visibility="paid", html=article(TEXT, "<p>___STEADY_PAYWALL___</p>", TEXT)),
    closed("a body marked as closed", visibility="members", html=article(TEASER, of='class="single pmpro-no-access"')),
    closed(
        "broken markup around a password form",
        visibility="password",
        html=(
            f"<html><title>x</title><body><div><article>{H1}<p>Protected<form class='post-password-form' ><input "
            "name=post_password type=password</form></b></i></article></body>"
        ),
    ),
)
