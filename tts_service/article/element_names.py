"""Class names and ids that common systems, themes and plugins use for page furniture.

A name matches as a whole or with a suffix such as `-box` or `__title`, never as part of another word.
"""

from __future__ import annotations

import re
from functools import cache

_NAMES: tuple[tuple[str, str], ...] = (
    (
        "table of contents",
        # Core, Yoast, Easy TOC, Rank Math, LuckyWP, TOC+, SimpleTOC, AIOSEO, Kadence, Spectra, Elementor, Wikipedia.
        # Easy TOC also puts `ez-toc-section` around the headings themselves, which must not match.
        "toc|vector-toc|wp-block-table-of-contents|table-?of-?contents?|tableofcontents|page-toc|article-toc|"
        "(?:wp-block-yoast-seo|yoast)-table-of-contents|ez-toc-(?:container|widget(?:-container)?|title(?:-container)?|list)|"
        "ez-toc-v[\\w-]+|(?:wp-block-)?rank-math-toc(?:-block)?|lwptoc(?:[_-]\\w+)?|simpletoc(?:-(?:title|list))?|"
        "wp-block-simpletoc-toc|aioseo-toc(?:-\\w+)?|kb-table-of-content\\w*|uagb-toc\\w*|"
        "elementor-widget-table-of-contents|elementor-toc|joli-toc|inhaltsverzeichnis|table-?des-?mati[eè]res|sommaire|"
        "tabla-?de-?contenidos|in-this-article|on-this-page",
    ),
    (
        "reading time",
        "reading-?time|read-?time|readtime|est(?:imated)?-?reading-?time|yoast-reading-time|wp-block-yoast-seo-estimated-reading-time|(?:bsf-)?rt-(?:reading-?time|"
        "label|time)|span-reading-time|wp-block-post-time-to-read|time-to-read|min(?:utes)?-read|lesezeit|lesedauer|"
        "temps-(?:de-)?lecture|tiempo-(?:de-)?lectura",
    ),
    (
        "counts and ratings",
        "post-?views?(?:-count(?:er)?|-icon|-label)?|view-?counts?|views-?count(?:er)?|page-?views|hit-?count(?:er)?|"
        "share-?counts?|like-?counts?|comment-?counts?|comments-?count|wpulike|wp_ulike\\w*|post-?ratings?|"
        "kk-star-ratings|rmp-widgets-container|yasr-[\\w-]+|zaehler|aufrufe|vues|visitas|wp-block-jetpack-like|jp-post-flair|"
        "kg-product-card-rating",
    ),
    (
        "links to other articles",
        "related|related-?(?:articles?|posts?|stories|content|links|news)|(?:wp-block-)?jp-relatedposts|yarpp(?:-related)?|"
        "read-?(?:more|next|also)|recommended|recommendations?|more-stories|more-news|most-?(?:read|popular)|"
        "popular-?(?:posts|articles|stories)|trending|latest-?(?:posts|news|articles)|teaser-?list|kg-bookmark-card|"
        "wp-block-read-more|wp-embedded-content|wp-block-latest-posts|wp-block-(?:query|post-template|rss|jetpack-(?:related-posts|top-posts|"
        "blogroll|latest-instagram-posts))|(?:wp-block-yoast-seo|yoast-seo)-related-links|crp_related|rp4wp-related-posts|"
        "wp-block-latest-comments|widget_(?:recent_entries|recent_comments|rss)|see-?also|outbrain|taboola|zergnet|"
        "trc[_-]related|news-related-wrap|siehe-auch|weiterlesen|lesen-?sie-?auch|meistgelesen|mehr-?zum-?thema|"
        "weitere-?artikel|empfehlungen|(?:a-)?lire-aussi|articles-(?:lies|similaires)|sur-le-meme-sujet|"
        "te-puede-interesar|(?:noticias|articulos)-relacionad[oa]s|relacionad[oa]s",
    ),
    (
        "newsletter",
        "newsletter|kg-signup-card|kg-cta-card|kg-email-cta|subscribe|mc[_-]embed[_-]signup|signup|sign-up|"
        "mc4wp(?:-form)?|mailpoet_form|wp-block-jetpack-(?:subscriptions?|mailchimp)|jetpack_subscription_widget|tnp|"
        "(?:convertkit|formkit|klaviyo|sib|ml|hs|hbspt|ck)[_-]form|gh-(?:signup|subscribe|email-capture)|infolettre|boletin|"
        "inscription-newsletter|newsletter-anmeldung",
    ),
    (
        "share links",
        "share|sharing|social|sharedaddy|addtoany|addthis|share-?(?:buttons?|tools|icons)|social-?(?:share|media|icons|"
        "buttons|links)|a2a[_-]kit|shariff|wp-block-social-links|wp-block-jetpack-sharing-buttons|partage|compartir|teilen",
    ),
    (
        "advertisement",
        "ad|ads|advert|adverts|advertisement|advertising|ad-?slot|adsbygoogle|sponsored|promo|anzeige|werbung|"
        "publicit[eé]|publicidad|kg-cta-sponsor-label",
    ),
    ("cookie notice", "cookie|cookies|consent|gdpr|cookie-?(?:notice|bar|banner)"),
    ("breadcrumb", "breadcrumbs?|rootline|fil-d?-?ariane|migas(?:-de-pan)?|wp-block-breadcrumbs"),
    (
        "comments",
        "comments?|disqus|comment-?(?:list|add|form|reply)|respond|kommentare?|leserkommentare|comentarios?|commentaires?|"
        "wp-block-(?:post-)?comments(?:-[\\w-]+)?",
    ),
    (
        "button",
        "kg-button-card|wp-block-buttons?|kg-file-card|wp-block-file|kg-product-card-button|kg-header-card-button|"
        "kg-signup-card-button|gh-btn|kg-btn|wp-block-jetpack-(?:button|payment-buttons?|donations|recurring-payments)",
    ),
    (
        "player",
        "kg-audio-card|kg-video-player(?:-container)?|kg-audio-player|audio-player|wp-block-jetpack-podcast-player",
    ),
    (
        "navigation",
        "nav|navbar|mod-menu|main-nav|site-nav|pagination|pager|pagenav|nav-links|post-navigation|skip-link|menu|sitemap|"
        "page-numbers|wp-block-(?:navigation|page-list|categories|archives|calendar|search|loginout|tag-cloud|home-link|"
        "post-navigation-link|query-pagination|query-title|query-no-results|site-title|site-tagline|site-logo)|"
        "widget_(?:categories|archive|calendar|meta|search|nav_menu|pages)|wp-calendar|calendar_wrap",
    ),
    (
        "byline",
        "byline|article-info|(?:entry|post|article|node|story|news)-?(?:meta|date|info|byline|author)|meta|meta-?data|"
        "posted-on|publish(?:ed)?-?(?:date|time)?|timestamp|dateline|date|author|author-?(?:box|bio|info|name|card|"
        "description|profile|section)|about-?(?:the-)?author|post-author-(?:box|bio)|wp-block-post-(?:author(?:-name|"
        "-biography)?|date)|wp-block-avatar|saboxplugin(?:-wrap)?|m-a-box(?:-[\\w-]+)?|abh_box|pp-(?:multiple-authors|"
        "author)-boxes(?:-wrapper)?|gh-author(?:-\\w+)?|gh-article-(?:meta|author\\w*)|submitted|news-list-date|"
        "autor(?:en)?-?(?:box|info|profil|kasten)|auteur(?:-(?:box|bio))?|autor|caja-autor",
    ),
    (
        "tags",
        "tags|tag-?list|post-tags|entry-tags|tags-links|cat-links|hashtags|tag-?cloud|wp-block-post-terms|"
        "field--name-field-(?:tags?|topics?|keywords?|schlagworte?)|widget_tag_cloud|mots-cles|etiquetas|schlagworte",
    ),
    (
        "footnotes",
        "footnotes|wp-block-footnotes|fn[:_-]?\\d{1,3}|(?:foot|end)note[:_-]?\\d{1,3}|cite_note-?[\\w-]{1,40}",
    ),
    ("embedded", "wp-block-embed__wrapper"),
    ("for screen readers only", "sr-only|visually-?hidden|screen-reader-text|offscreen|element-invisible"),
)
_ENDINGS = "box|block|links|list|bar|section|widget|area|container|banner|wrap|wrapper|card|module|item|title|heading"
_PULLED = re.compile(
    r"(?:^|[\s_-])(?:pull-?quotes?|pulled-?quote|quote-?pull|pull_quote|zitat-?(?:box|kasten)|exergue|"
    r"cita-destacada|destacado-cita)(?:$|[\s_-])"
)


@cache
def _named() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(skip reason, pattern), compiled on first use: most processes see no page."""
    return tuple(
        (reason, re.compile(rf"(?:^|[\s_])(?:{names})(?:$|[\s_]|-(?:{_ENDINGS})\b)")) for reason, names in _NAMES
    )


@cache
def _any_name() -> re.Pattern[str]:
    return re.compile("|".join(pattern.pattern for _, pattern in _named()))


def reason_by_name(names: str) -> str | None:
    """Skip reason given by an element's class names and id; None if they give none."""
    if not _any_name().search(names):
        return None
    return next(reason for reason, pattern in _named() if pattern.search(names))


def is_pull_quote(names: str) -> bool:
    """Whether the names mark a pull quote: text repeated in large type."""
    return bool(names) and _PULLED.search(names) is not None
