"""An address is a value: written in one way wherever it came from, and one page has one key."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parts.address_forms import BRIDGE, OTHER_PAGES, SAME_PAGE, two_forms
from tests.parts.factories import make_article
from tests.parts.url_vectors import VECTORS
from tests.parts.web_rows import provenance
from tts_service.article.headline import without_site
from tts_service.article.page_addresses import same_page
from tts_service.audio.id3 import id3_tag
from tts_service.cms.sources.article_of import made_url
from tts_service.cms.sources.base import Hook, HookOptions
from tts_service.narration import tags_of
from tts_service.values import PageIdentity, WebAddress
from tts_service.values.web_address import spellings

key = PageIdentity().key


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://x.example/straße", "https://x.example/stra%C3%9Fe"),
        ("https://x.example/?q=ü", "https://x.example/?q=%C3%BC"),
        ("https://x.example/#ü", "https://x.example/#%C3%BC"),
        ("https://müller.example", "https://xn--mller-kva.example/"),
        ("https://mu\u0308LLER.example/", "https://xn--mller-kva.example/"),
        ("https://m%C3%BCller.example/", "https://xn--mller-kva.example/"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://x。example/", "https://x.example/"),
        ("https://x.example/😀", "https://x.example/%F0%9F%98%80"),
        ("HTTPS://X.Example:443/A", "https://x.example/A"),
        ("http://x.example:80/a", "http://x.example/a"),
        ("http://x.example:443/a", "http://x.example:443/a"),
        ("https://x.example/a/../b/./c", "https://x.example/b/c"),
        ("https://x.example/a b", "https://x.example/a%20b"),
        ("https://x.example/a%2Fb", "https://x.example/a%2Fb"),
        ("https://x.example\\a", "https://x.example/a"),
        ('https://x.example/"<>', "https://x.example/%22%3C%3E"),
    ],
)
def test_addresses_are_written_as_browsers_write_them(given: str, kept: str) -> None:
    assert WebAddress(given) == kept
    assert kept.isascii()
    assert WebAddress(kept) == kept


def test_addresses_are_written_as_the_standard_says() -> None:
    different = {given: WebAddress.read(given) for given, wanted in VECTORS if WebAddress.read(given) != wanted}
    assert different == {}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x.example/a",
        "/a",
        "ftp://x.example/",
        "javascript:alert(1)",
        "https://",
        "https://x y.example/",
        "https://[::1",
        "https://x.example:99999/",
        "https://1.2.3.4.5/",
        "https://a\u200db.example/",
        "mailto:a@x.example",
        "https://x.example/" + "a" * 24_000,
        "https://x.example/\ud800",
    ],
)
def test_what_is_no_web_address_is_none(given: str) -> None:
    assert WebAddress.read(given) is None
    with pytest.raises(ValueError, match="address"):
        WebAddress(given)


def test_an_address_stays_one_through_copies_and_json() -> None:
    address = WebAddress("https://müller.example/ü")
    for again in (copy.deepcopy(address), pickle.loads(pickle.dumps(address)), WebAddress(str(address))):
        assert again == address
        assert isinstance(again, WebAddress)
    assert json.loads(json.dumps(address)) == address
    longest = WebAddress("https://x.example/" + "😀" * 1_980)
    assert WebAddress.read(str(longest)) == longest
    assert key(str(longest)) == key(longest)


def test_an_article_never_holds_an_address_as_it_came() -> None:
    article = make_article(url="HTTPS://müller.example:443/straße")
    assert article.url == "https://xn--mller-kva.example/stra%C3%9Fe"
    assert isinstance(replace(article, url="http://x.example").url, WebAddress)
    with pytest.raises(ValueError, match="address"):
        make_article(url="javascript:alert(1)")


def test_tags_of_what_was_kept_before_hold_a_uri() -> None:
    """Rows from earlier versions hold addresses as they came."""
    tags = tags_of(provenance(), "de", title="Brücke", url="https://müller.example/straße")
    assert tags.url == "https://xn--mller-kva.example/stra%C3%9Fe"
    assert b"WOAS" in id3_tag(tags)
    assert tags_of(provenance(), "de", title="Brücke", url="no address").url is None


@pytest.mark.parametrize("address", SAME_PAGE.values(), ids=SAME_PAGE)
def test_one_page_has_one_key(address: str) -> None:
    assert key(address) == key(BRIDGE)


@pytest.mark.parametrize("address", OTHER_PAGES)
def test_other_pages_have_other_keys(address: str) -> None:
    assert key(address) != key(BRIDGE)


@pytest.mark.slow
@given(two_forms())
@settings(max_examples=80)
def test_however_a_page_is_written_its_key_is_the_same(forms: tuple[str, str]) -> None:
    one, other = forms
    assert key(one) == key(other)
    for form in forms:
        address = WebAddress(form)
        assert address.isascii()
        assert WebAddress(address) == address
        assert key(address) == key(form)
        assert key(address.without_fragment().untracked()) == key(form)
        assert key(f"https://{key(form)}") == key(form)


@given(st.text(max_size=60), st.sampled_from(["", "https://", "https://x.example/", "https://x.example/?"]))
@settings(max_examples=80)
def test_any_text_is_an_address_or_none_and_never_an_error(text: str, before: str) -> None:
    read = WebAddress.read(before + text, "https://y.example/")
    assert read is None or (read.isascii() and WebAddress.read(str(read)) == read)
    assert key(before + text) is not None
    assert spellings(before + text)


def test_a_site_says_which_parameters_only_track() -> None:
    own = PageIdentity(tracking=("ref", "campaign_*"))
    assert own.key("https://x.example/a?ref=1&Campaign_x=2") == "x.example/a"
    assert own.key("https://x.example/a?utm_source=1") == "x.example/a?utm_source=1"
    assert PageIdentity(tracking=()).key("https://x.example/a?utm_source=1") == "x.example/a?utm_source=1"


def test_taking_tracking_out_leaves_the_rest_letter_for_letter() -> None:
    address = WebAddress("https://x.example/a?b=%7e+c&utm_source=x&d&e=#f")
    assert address.untracked() == "https://x.example/a?b=%7e+c&d&e=#f"
    assert WebAddress("https://x.example/a?fbclid=1").untracked() == "https://x.example/a"


def test_an_address_beyond_ascii_is_found_in_what_others_wrote() -> None:
    found = spellings("https://xn--mller-kva.example/stra%C3%9Fe")
    assert {"https://müller.example/straße", "https://mu\u0308ller.example/straße"} <= found


def test_a_page_is_the_same_in_unicode_and_punycode() -> None:
    assert same_page("https://müller.example/ü", "https://xn--mller-kva.example/%C3%BC")
    assert without_site("Neue Brücke | Müllerbote", (), "https://xn--mllerbote-q9a.example/") == "Neue Brücke"


@pytest.mark.parametrize(
    ("slug", "address"),
    [
        ("c#-tips", "https://x.example/c%23-tips/"),
        ("was?", "https://x.example/was%3F/"),
        ("stra%c3%9fe", "https://x.example/stra%c3%9fe/"),
        ("straße/ü b", "https://x.example/stra%C3%9Fe/%C3%BC%20b/"),
    ],
)
def test_a_slug_stays_a_part_of_the_path(slug: str, address: str) -> None:
    options = HookOptions(url="https://x.example/{slug}/")
    hook = Hook(id="h", site="gazette", source="sanity", secret="s", options=options)
    assert made_url({"slug": slug}, hook, "1") == address
