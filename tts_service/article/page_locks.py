"""Signs in HTML that an article is restricted: paywalls, membership gates, password forms."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_service.article.clean import one_line
from tts_service.article.elements import is_hidden, names_of
from tts_service.article.extraction import folded_words
from tts_service.article.furniture import same_headline
from tts_service.article.linked_data import KEY, Accessible, accessible_items, truth
from tts_service.article.page_addresses import is_front, same_page, split_address
from tts_service.article.page_glance import Glance, PasswordForm

MAX_MARKED = 200
"""Maximum elements of one kind examined."""
MAX_UP = 300
"""Maximum ancestors of an element examined."""
FEW_WORDS, TITLED_WORDS = 120, 60
"""With fewer words of text than this, a login form replaces the article; the second limit if the headline shows."""
HALF = 0.5
"""Minimum share of the page's text for a part to be the whole article."""
_GATES = re.compile(
    r"(?:^|\s)(?:"
    # Ghost and its themes
    r"post-sneak-peek|gh-post-upgrade-cta(?:-content)?|post-upgrade(?:-cta)?|post-upgrade-content|"
    # Newspack, WooCommerce Memberships
    r"newspack-content-gate(?:__[a-z-]+)?|newspack-memberships__(?:[a-z]+-)?gate|"
    r"wc-memberships-(?:content-)?restrict(?:ed|ion)(?:-[a-z-]+)?|"
    # Memberful, MemberPress, Paid Memberships Pro, Restrict Content Pro, Simple Membership, Content Control
    r"memberful(?:-global)?-marketing-content|memberful-paywall|mepr-unauthorized-(?:message|excerpt|login)|pmpro_content_message|"
    r"rcp_restricted(?:_message)?|rcp-restricted-content|swpm-(?:post-not-logged-in|post-no-access|more-tag)-msg|"
    r"jp-cc-not-logged-in|content-control-not-logged-in|um-locked-content|"
    # Leaky Paywall, Patreon, Jetpack, Piano
    r"leaky_paywall_message(?:_wrap)?|patreon-locked-content-message|"
    r"jetpack-subscribe-paywall|wp-block-jetpack-paywall|piano-locked-content"
    r")(?:$|\s)"
)
"""Elements that membership systems show in place of the rest of an article, by class name or id."""
_LOCKED = re.compile(
    r"(?:^|\s)(?:pmpro-no-access|post-password-required|is-paywalled|paywalled|article-?-?locked|post-locked|"
    r"rcp-no-access|memberpress-locked)(?:$|\s)"
)
"""Class names that the page's body or article has while it is closed."""
_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]{0,10}|(?=[.#]))(?:[.#][A-Za-z_][\w-]{0,60}){0,4}", re.ASCII)
"""Supported selectors: a single element. Descendant selectors can take unbounded time."""
_PAYS = re.compile(r"paying|paid|pay |kauf|zahlend|bezahl|kosten|abonné|payant|de pago|premium", re.IGNORECASE)
_SIDE = re.compile(r"(?:^|[\s_-])(?:sidebar|widgets?|widget-area)(?:$|[\s_-])")
_BESIDE = frozenset(("header", "nav", "footer", "template", "dialog", "noscript"))


@dataclass(frozen=True, slots=True)
class Lock:
    """Why a page's article is restricted."""

    reason: str
    """One sentence for the staff page."""
    visibility: str
    """password, members or paid."""


def lock_of(tree: LexborHTMLParser, glance: Glance, addresses: tuple[str, ...]) -> Lock | None:
    """The restriction declared by the page's own markup; None if there is none.

    Args:
        tree: the parsed page.
        glance: its visible content.
        addresses: the requested address and the final one.
    """
    return (
        _post_password(tree, glance)
        or _by_linked_data(tree, glance, addresses)
        or _by_microdata(tree)
        or _by_meta(tree)
        or _by_gate(tree, glance)
    )


def form_in_place(glance: Glance, title: str | None) -> Lock | None:
    """The login or password form shown in place of the article's text; None if the text or no form is there."""
    if glance.words >= (TITLED_WORDS if glance.shows(title) else FEW_WORDS):
        return None
    for form in glance.forms:
        if not form.beside:
            return _behind(form)
    return None


def _behind(form: PasswordForm) -> Lock:
    if form.passwords == 1 and not form.users:
        return Lock("The page shows a password form instead of the article.", "password")
    return Lock("The page shows a login or registration form instead of the article.", "members")


def _post_password(tree: LexborHTMLParser, glance: Glance) -> Lock | None:
    """WordPress's and Wagtail's forms for the password of a single page."""
    asked = Lock("The page asks for the article's password.", "password")
    if tree.css_first('form[action*="authenticate_with_password"]') is not None:
        return asked
    for node in tree.css("form.post-password-form, form[action*='action=postpass'], input[name=post_password]")[:20]:
        if not _is_foreign(node, tree, glance):
            return asked
    return None


def _by_linked_data(tree: LexborHTMLParser, glance: Glance, addresses: tuple[str, ...]) -> Lock | None:
    lock = Lock(f"The page's data for search engines says that the article isn't free ({KEY}: false).", "paid")
    for item in accessible_items(tree):
        if _is_another(item, glance, addresses):
            continue
        if item.free is False:
            return lock
        if any(_is_whole(selector, tree, glance, declared_free=item.free is True) for selector in item.part_closed):
            return lock
    return None


def _is_another(item: Accessible, glance: Glance, addresses: tuple[str, ...]) -> bool:
    """Whether an item describes another article: neither its address nor its headline matches the page."""
    own = [one for one in item.addresses if one.startswith("http") and not is_front(one)]
    if not own or any(same_page(one, other) for one in own for other in addresses):
        return False
    return not any(same_headline(item.headline, line) for line in [glance.title, *glance.headings] if item.headline)


def _is_whole(selector: str, tree: LexborHTMLParser, glance: Glance, *, declared_free: bool) -> bool:
    """Whether a closed part is the article itself rather than an extra in it."""
    if not selector:
        return not declared_free
    last = re.split(r"[ >]", selector.strip())[-1]
    nodes = tree.css(last)[:50] if _SELECTOR.fullmatch(last) else []
    if not nodes:
        # The server left the part out: the text still shown is the free teaser.
        return not declared_free
    closed_words = sum(len(folded_words(node.text())) for node in nodes)
    return closed_words >= HALF * max(1, glance.words)


def _by_microdata(tree: LexborHTMLParser) -> Lock | None:
    for node in tree.css(f"[itemprop='{KEY}'], [property='{KEY}'], [property='schema:{KEY}']")[:MAX_MARKED]:
        attributes = node.attributes or {}
        value = attributes.get("content") or attributes.get("href") or attributes.get("value") or node.text()
        if truth(value) is False and _is_said_of_article(node):
            return Lock(f"The page's markup says that the article isn't free ({KEY}: false).", "paid")
    return None


def _is_said_of_article(node: LexborNode) -> bool:
    """Whether the nearest typed ancestor of a property is an article; true if no ancestor has a type."""
    around: LexborNode | None = node.parent
    for _ in range(MAX_UP):
        if around is None:
            return True
        kind = (around.attributes or {}).get("itemtype") or (around.attributes or {}).get("typeof")
        if kind:
            name = kind.strip().rstrip("/").rsplit("/", 1)[-1].lower()
            return name.endswith(("article", "posting", "webpage", "webpageelement", "creativework", "report"))
        around = around.parent
    return True


def _by_meta(tree: LexborHTMLParser) -> Lock | None:
    for node in tree.css('meta[property="article:content_tier"], meta[name="article:content_tier"]')[:5]:
        if ((node.attributes or {}).get("content") or "").strip().lower() == "locked":
            return Lock("The page's head says that the article is locked (article:content_tier).", "paid")
    return None


def _by_gate(tree: LexborHTMLParser, glance: Glance) -> Lock | None:
    """The elements with which membership systems end the free text."""
    for node in tree.css("body, article, main")[:MAX_MARKED]:
        if _LOCKED.search(names_of(node.attributes or {})) and not _is_foreign(node, tree, glance):
            return Lock("The page marks its article as closed by a class name.", "members")
    for node in tree.css(
        "[class*=upgrade], [class*=gate], [class*=restrict], [class*=memberful], [class*=mepr-], [class*=pmpro], "
        "[class*=rcp], [class*=swpm], [class*=not-logged-in], [class*=locked], [class*=paywall], [id*=paywall], "
        "[class*=patreon], .post-sneak-peek"
    )[:MAX_MARKED]:
        match = _GATES.search(names_of(node.attributes or {}))
        if match and "newspack" in match.group() and tree.css_first("script[id*=metering]") is not None:
            # Metered: readers have some free articles, and the gate is in the page but inactive.
            continue
        if match and not _is_foreign(node, tree, glance) and one_line(node.text()):
            pays = _PAYS.search(one_line(node.text())[:1_000]) is not None
            return Lock(
                f"The page ends with a membership offer instead of the article ({match.group().strip()}).",
                "paid" if pays else "members",
            )
    if glance.steady or tree.css_first("#steady_paywall") is not None:
        return Lock("The page holds Steady's mark for the end of the free text.", "paid")
    return None


def _is_foreign(node: LexborNode, tree: LexborHTMLParser, glance: Glance) -> bool:
    """Whether an element belongs to a header, to hidden content, or to another article on the page."""
    article: LexborNode | None = None
    around: LexborNode | None = node
    for _ in range(MAX_UP):
        if around is None:
            break
        names = names_of(around.attributes or {})
        if around.tag in _BESIDE and around.mem_id != node.mem_id:
            return True
        # Ghost puts its own offer in an aside.
        if (
            is_hidden(around.attributes or {})
            or _SIDE.search(names)
            or (around.tag == "aside" and not _GATES.search(names))
        ):
            return True
        if around.tag == "article":
            article = around
        around = around.parent
    if article is None or not glance.headings:
        return False
    if article.css_first("h1") is not None:
        return False
    # An article element without an h1, on a page whose h1 is elsewhere, is a teaser.
    return tree.css_first("article h1") is not None or _heading_below(article, glance)


def _heading_below(article: LexborNode, glance: Glance) -> bool:
    """Whether an article has a heading of its own that is not one of the page's."""
    for tag in ("h2", "h3"):
        node = article.css_first(f"{tag}.entry-title, {tag}.post-title, {tag} > a, a > {tag}")
        if node is not None:
            return not any(same_headline(one_line(node.text()), line) for line in glance.headings)
    return False


def canonical_href(tree: LexborHTMLParser) -> str | None:
    """The page's canonical address."""
    node = tree.css_first("link[rel~='canonical' i]")
    href = ((node.attributes or {}).get("href") or "").strip() if node is not None else ""
    return href if href and split_address(href).path else None
