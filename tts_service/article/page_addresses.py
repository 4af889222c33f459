"""What a page's address reveals: a login, a consent wall, the front page, a section."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tts_service.values import WebAddress

MAX_ADDRESS = 4_000
"""Maximum characters of an address to examine."""
_LOGIN_PART = re.compile(
    r"(?:wp-login|wp-signup|login|log-in|log_in|signin|sign-in|sign_in|sign-?up|logon|sso|saml2?|oauth2?|oidc|openid|"
    r"user-login|users?[_-]login|member-?login|register|registration|registrieren|registrierung|anmelden|anmeldung|"
    r"einloggen|konto-?login|connexion|se-connecter|identification|inscription|s-inscrire|acceder|acceso|"
    r"iniciar-sesion|inicia-sesion|registro|registrarse|authenticate_with_password|wp-admin)"
    r"(?:\.(?:php|html?|aspx?|jsp|do|action))?"
)
"""Path segments of login and registration pages."""
_JOIN_PART = re.compile(
    r"(?:subscribe|subscription|subscriptions|membership|memberships|membership-(?:join|account|levels|checkout)|join|"
    r"abo|abonnement|abonnieren|abonnez-vous|s-abonner|abonner|suscribete|suscripcion|suscribirse|mitglied-werden|"
    r"paywall|plus-abo|upgrade)(?:\.(?:php|html?|aspx?))?"
)
"""Path segments of subscription and membership offers."""
_SIGN_ON_HOST = re.compile(
    r"(?:login|signin|sign-in|sso|auth|oauth|accounts?|idp|identity|konto|meinkonto|secure-?login)\."
    r"|(?:.{1,200}\.)?(?:auth0\.com|okta\.com|oktapreview\.com|onelogin\.com|microsoftonline\.com|"
    r"b2clogin\.com|cloudflareaccess\.com|amazoncognito\.com|piano\.io|tinypass\.com)$"
)
_CONSENT_HOST = re.compile(r"(?:consent|cmp|privacy|zustimmung|consentement)\.")
_CONSENT_PART = re.compile(
    r"(?:consent|cookie-?(?:consent|wall|check|settings)|privacy-?(?:wall|gate|settings)|zustimmung|einwilligung|"
    r"consentement|consentimiento|cmp|age-?(?:gate|check|verification)|altersabfrage|gdpr|set-?cookies?|"
    r"captcha|challenge|validate|verify|checkpoint|maintenance|wartung|mantenimiento)(?:\.(?:php|html?))?"
)
_RETURN_KEYS = frozenset(
    (
        "redirect_to",
        "redirect",
        "redirect_uri",
        "redirect_url",
        "redirecturl",
        "next",
        "return",
        "return_to",
        "return_url",
        "returnurl",
        "returnto",
        "goto",
        "destination",
        "continue",
        "target",
        "back",
        "backurl",
        "referer",
        "from",
        "came_from",
        "service",
        "forward",
        "ref",
        "url",
    )
)
"""Query parameters in which a login page keeps the return address."""
_ACTION_KEYS = frozenset(("action", "view", "page", "do", "mode", "task"))
"""Query parameters that select the page when the path doesn't."""
_FRONT = re.compile(
    r"/?|/(?:index|default)\.(?:php|html?|aspx?|jsp)|/(?:home|start|startseite|accueil|inicio|portada)(?:\.html?)?/?"
    r"|/[a-z]{2}(?:[-_][a-z]{2})?/?",
    re.IGNORECASE,
)
_DOCUMENT_KEYS = frozenset(
    ("p", "page_id", "id", "post", "post_id", "article", "article_id", "aid", "nid", "story", "name")
)
"""Query parameters that identify a document."""


def parts_of(address: str) -> SplitResult:
    """Splits an address; all parts are empty if it is malformed."""
    try:
        return urlsplit(WebAddress.read(address) or address[:MAX_ADDRESS].strip())
    except ValueError:
        return SplitResult("", "", "", "", "")


def same_page(one: str, other: str) -> bool:
    """Whether two addresses are the same page, ignoring scheme, `www.`, a trailing slash and campaign parameters."""
    first, second = parts_of(one), parts_of(other)
    return same_site(one, other) and _path(first) == _path(second) and _document(first) == _document(second)


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one site: the same host, or a subdomain of it."""
    first, second = _host(parts_of(one)), _host(parts_of(other))
    if not first or not second:
        return first == second
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def asks_for_consent(address: str, asked: str) -> bool:
    """Whether a redirect target is a consent wall, age gate, captcha or maintenance page."""
    parts, host = parts_of(address), _host(parts_of(address))
    if host != _host(parts_of(asked)) and _CONSENT_HOST.match(host):
        return True
    return any(map(_CONSENT_PART.fullmatch, _new_segments(parts, asked)))


def is_login(address: str, asked: str) -> bool:
    """Whether a redirect target is a login, a registration or a membership offer."""
    parts = parts_of(address)
    query = parse_qsl(parts.query, max_num_fields=100) if parts.query.count("&") < 100 else []
    if any(
        key == "password-protected" or (key in _ACTION_KEYS and _LOGIN_PART.fullmatch(value)) for key, value in query
    ):
        return True
    segments = _new_segments(parts, asked)
    # Ghost puts its own pages in the fragment: /ghost/#/signin, /#/portal/signup.
    segments += [part for part in parts.fragment.lower().split("/") if part in ("signin", "signup", "portal")]
    if any(map(_LOGIN_PART.fullmatch, segments)) or segments[:1] == ["ghost"]:
        return True
    returns = [key.lower() for key, value in query if _leads_back(value, asked)]
    host = _host(parts)
    if host != _host(parts_of(asked)) and (_SIGN_ON_HOST.match(host) or (host.startswith("id.") and returns)):
        return True
    if "redirect_to" in returns:
        return True
    kept = _segments(parts)[-1:] == _segments(parts_of(asked))[-1:]
    joins = any(map(_JOIN_PART.fullmatch, segments)) and not kept
    return joins and (len(segments) <= 2 or any(key in _RETURN_KEYS for key in returns))


def visibility_behind(address: str) -> str:
    """Audience of an article behind this login, as far as the address shows: password, paid or members."""
    parts = parts_of(address)
    segments = _segments(parts)
    if "authenticate_with_password" in segments or "password-protected" in parts.query:
        return "password"
    if any(map(_JOIN_PART.fullmatch, segments)) and not any(map(_LOGIN_PART.fullmatch, segments)):
        return "paid"
    return "members"


def is_front(address: str) -> bool:
    """Whether the address is the front page of a site or of one of its language versions."""
    parts = parts_of(address)
    return _FRONT.fullmatch(parts.path) is not None and not _document(parts)


def is_above(address: str, asked: str) -> bool:
    """Whether an address is a section above the requested one: /news/ports for /news/ports/ferry."""
    above, below = _path(parts_of(address)).split("/"), _path(parts_of(asked)).split("/")
    return len(above) < len(below) and below[: len(above)] == above and not _document(parts_of(address))


def shares_number(one: str, other: str) -> bool:
    """Whether two addresses contain the same long number, which many systems use as the document's id."""
    numbers = [set(re.findall(r"\d{4,20}", parts_of(address).path)) for address in (one, other)]
    return any(len(number) > 4 or int(number) > 2100 for number in numbers[0] & numbers[1])


def _host(parts: SplitResult) -> str:
    try:
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    for prefix in ("www.", "m.", "mobile.", "amp."):
        host = host.removeprefix(prefix)
    return host


def _path(parts: SplitResult) -> str:
    path = unquote(parts.path).casefold().rstrip("/")
    return path.removesuffix("/amp").removesuffix("/index.html").removesuffix("/index.php")


def _segments(parts: SplitResult) -> list[str]:
    return [part for part in unquote(parts.path).lower().split("/") if part]


def _new_segments(parts: SplitResult, asked: str) -> list[str]:
    """Path segments that are not in the requested address."""
    old = _segments(parts_of(asked))
    return [part for part in _segments(parts) if part not in old]


def _document(parts: SplitResult) -> tuple[tuple[str, str], ...]:
    """The query parameters that identify the document."""
    if parts.query.count("&") >= 100:
        return ()
    return tuple(sorted((k.lower(), v) for k, v in parse_qsl(parts.query) if k.lower() in _DOCUMENT_KEYS))


def _leads_back(value: str, asked: str) -> bool:
    """Whether a query value is the requested address or its path."""
    path = _path(parts_of(asked))
    return len(path) > 1 and path in unquote(value).casefold()
