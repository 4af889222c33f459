"""Who signed, when, and what: the published definitions with vectors, and everything that is off by a little."""

from __future__ import annotations

import base64

import pytest

from tests.parts.webhooks import NAMES, Letter, body_of, plain_headers, signature
from tts_service.cms.sources.base import Delivery, Hook, HookOptions
from tts_service.cms.sources.contentful import contentful_signature
from tts_service.cms.sources.drupal import hub_signature
from tts_service.cms.sources.ghost import ghost_headers
from tts_service.cms.sources.registry import SOURCES, admit
from tts_service.cms.sources.sanity import sanity_signature
from tts_service.cms.sources.signatures import TOLERANCE_MS, check_standard, standard_headers, standard_key
from tts_service.cms.sources.woocommerce import woocommerce_signature
from tts_service.errors import InputRefused, WebhookRefused

BODY = '{"post":{"current":{"id":"1","title":"Grüße"}}}'.encode()
NOW = 1_700_000_000_000
SECRET = "topsecret"
WHSEC = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"


def made(source: str, **options: object) -> Hook:
    return Hook(
        id="hook_1", source=source, site="gazette", secret=SOURCES[source].new_secret(), options=HookOptions(**options)
    )  # type: ignore[arg-type]


def signed(hook: Hook, sent_ms: int = NOW, received_ms: int | None = None, body: bytes | None = None) -> Delivery:
    text = body_of(hook.source, "published") if body is None else body
    letter = Letter(secret=hook.secret, body=text, path="/v1/webhooks/x/y?z=%C3%BC", sent_ms=sent_ms)
    headers = {**plain_headers(hook.source, "published"), **signature(hook.source, letter)}
    return Delivery(body=text, headers=headers, path=letter.path, received_ms=received_ms or sent_ms)


# --- the vectors of the definitions ---


def test_ghosts_vector() -> None:
    expected = "sha256=26d5c30841c3c8d906af5f696aa5462c49173bd0e964af5d05bf50d6a1e8a8e3, t=1700000000000"
    assert ghost_headers(SECRET, BODY, NOW)["x-ghost-signature"] == expected


def test_woocommerces_vector() -> None:
    assert woocommerce_signature(SECRET, BODY) == "JikHhPgfP2si2sIrbRU8jWetaJ4SyqxvYjxnFIuyDRM="


def test_the_vector_of_hub_signature_256() -> None:
    expected = "sha256=26290784f81f3f6b22dac22b6d153c8d67ad689e12caac6f623c67148bb20d13"
    assert hub_signature(SECRET, BODY) == expected


def test_sanitys_vector() -> None:
    assert sanity_signature(SECRET, NOW, BODY) == "CmHDy1lsfHHnNK0WKJy7BuhrsQU2-xL54k1sqMKGHpo"


def test_contentfuls_vector() -> None:
    names = ["x-contentful-signed-headers", "x-contentful-timestamp"]
    headers = {names[0]: ",".join(names), names[1]: str(NOW)}
    delivery = Delivery(body=BODY, headers=headers, path="/hooks/contentful", received_ms=NOW)
    expected = "384d8b989628b0185fa40676d0d65eb2758aff956b686fb59954c8dae87c02f2"
    assert contentful_signature(SECRET, delivery, names) == expected


def test_the_vector_of_standard_webhooks() -> None:
    headers = standard_headers(WHSEC, "msg_1", NOW, BODY)
    assert headers["webhook-signature"] == "v1,VeuSbVPluvgLOY0BAxIXuk5xb46aC6+CBhhY4+3fbLQ="


# --- every source ---


@pytest.mark.parametrize("source", NAMES)
def test_what_the_cms_signs_is_admitted(source: str) -> None:
    hook = made(source)
    claims = admit(signed(hook), hook)
    assert claims.key
    assert claims.sent_ms in (NOW, None)


@pytest.mark.parametrize("source", NAMES)
def test_another_secret_is_refused(source: str) -> None:
    delivery = signed(made(source))
    with pytest.raises(WebhookRefused):
        admit(delivery, made(source))


@pytest.mark.parametrize("source", NAMES)
def test_unsigned_is_refused(source: str) -> None:
    hook = made(source)
    delivery = Delivery(
        body=body_of(source, "published"), headers=plain_headers(source, "published"), path="/", received_ms=NOW
    )
    with pytest.raises(WebhookRefused, match="unsigned"):
        admit(delivery, hook)


TIMED = [name for name in NAMES if name not in ("woocommerce", "drupal", "strapi", "directus")]


@pytest.mark.parametrize("source", TIMED)
@pytest.mark.parametrize(("late_ms", "word"), [(TOLERANCE_MS + 1001, "too old"), (-TOLERANCE_MS - 1001, "future")])
def test_what_was_signed_five_minutes_ago_or_ahead_is_refused(source: str, late_ms: int, word: str) -> None:
    hook = made(source)
    with pytest.raises(WebhookRefused, match=word):
        admit(signed(hook, received_ms=NOW + late_ms), hook)
    admit(signed(hook, received_ms=NOW + (TOLERANCE_MS - 1000) * (1 if late_ms > 0 else -1)), hook)


@pytest.mark.parametrize("source", TIMED)
def test_the_signed_time_cant_be_moved(source: str) -> None:
    hook = made(source)
    before = NOW - 3_600_000
    old = signed(hook, sent_ms=before)
    seconds = (str(before // 1000), str(NOW // 1000))
    moved = {name: value.replace(str(before), str(NOW)).replace(*seconds) for name, value in old.headers.items()}
    assert moved != old.headers
    with pytest.raises(WebhookRefused, match="signature is wrong"):
        admit(Delivery(body=old.body, headers=moved, path=old.path, received_ms=NOW), hook)


@pytest.mark.parametrize("source", NAMES)
def test_odd_headers_are_refused_not_failed_on(source: str) -> None:
    hook = made(source)
    fine = signed(hook)
    for name in signature(source, Letter(secret=hook.secret, body=b"{}", sent_ms=NOW)):
        for odd in (
            "ü",
            "\ud800",
            "x" * 100_000,
            "sha256=",
            "t=,v1=",
            "v1,",
            "Bearer",
            "Bearer ",
            "0",
            "-1",
            "9" * 30,
            "sha256=" + "g" * 64 + ", t=1700000000000",
            "v1,====",
            " ",
        ):
            with pytest.raises(WebhookRefused):
                admit(
                    Delivery(body=fine.body, headers={**fine.headers, name: odd}, path=fine.path, received_ms=NOW), hook
                )


# --- one source each ---


def test_ghosts_old_signature_only_where_it_is_settled() -> None:
    old = ghost_headers(SECRET * 2, BODY, None)
    delivery = Delivery(body=BODY, headers=old, path="/", received_ms=NOW)
    hook = Hook(id="h", source="ghost", site="s", secret=SECRET * 2)
    with pytest.raises(WebhookRefused, match="wrong form"):
        admit(delivery, hook)
    settled = Hook(id="h", source="ghost", site="s", secret=SECRET * 2, options=HookOptions(body_only=True))
    assert admit(delivery, settled).sent_ms is None
    with pytest.raises(WebhookRefused, match="wrong form"):  # and then it must not come with a time that isn't checked
        fresh = ghost_headers(SECRET * 2, BODY, NOW)
        admit(Delivery(body=BODY, headers=fresh, path="/", received_ms=NOW), settled)


def test_contentful_signs_path_and_query() -> None:
    hook = made("contentful")
    fine = signed(hook)
    with pytest.raises(WebhookRefused, match="signature is wrong"):
        admit(Delivery(body=fine.body, headers=fine.headers, path="/other", received_ms=NOW), hook)


@pytest.mark.parametrize("listed", ["x-contentful-timestamp", "x-contentful-signed-headers", "", "a," * 60])
def test_contentful_must_sign_the_time_and_the_list(listed: str) -> None:
    hook = made("contentful")
    fine = signed(hook)
    headers = {**fine.headers, "x-contentful-signed-headers": listed}
    delivery = Delivery(body=fine.body, headers=headers, path=fine.path, received_ms=NOW)
    names = [name.strip() for name in listed.split(",")]
    signed_again = {**headers, "x-contentful-signature": contentful_signature(hook.secret, delivery, names)}
    with pytest.raises(WebhookRefused):
        admit(Delivery(body=fine.body, headers=signed_again, path=fine.path, received_ms=NOW), hook)


def test_one_of_several_standard_signatures_is_enough() -> None:
    headers = standard_headers(WHSEC, "msg_1", NOW, BODY)
    other = base64.b64encode(b"x" * 32).decode()
    rotated = {**headers, "webhook-signature": f"v1a,{other} v1,{other} {headers['webhook-signature']}"}
    claims = check_standard(Delivery(body=BODY, headers=rotated, path="/", received_ms=NOW), WHSEC)
    assert claims.key.startswith("msg_1 ")
    hidden = " ".join([f"v1,{other}"] * 16 + [headers["webhook-signature"]])
    with pytest.raises(WebhookRefused):  # a header is not looked through without end
        check_standard(
            Delivery(body=BODY, headers={**headers, "webhook-signature": hidden}, path="/", received_ms=NOW), WHSEC
        )


@pytest.mark.parametrize("secret", ["plain", "whsec_", "whsec_%%%", "whsec_" + base64.b64encode(b"short").decode()])
def test_a_standard_secret_has_its_form(secret: str) -> None:
    with pytest.raises(InputRefused):
        standard_key(secret)


def test_woocommerces_first_ping_is_no_event() -> None:
    hook = made("woocommerce")
    ping = Delivery(body=b"webhook_id=7", headers={}, path="/", received_ms=NOW)
    assert admit(ping, hook).greeting
    with pytest.raises(WebhookRefused):
        admit(Delivery(body=b"webhook_id=7&x=1", headers={}, path="/", received_ms=NOW), hook)


def test_the_same_body_from_directus_is_another_event_each_time() -> None:
    hook = made("directus")
    keys = {admit(signed(hook, sent_ms=NOW + wait), hook).key for wait in (0, 0, 1000, 61_000)}
    assert len(keys) == 4
