"""Elements with more attributes than any page has cost no more than others; what they hold is read all the same."""

from __future__ import annotations

import pytest

from tests.article.test_hostile import read
from tts_service.article.width import MAX_ATTRIBUTES, narrow

MANY = 100_000


@pytest.mark.parametrize("attribute", ["a{:x}", 'a{:x}=">"', "a{:x}='<p>'", "={:x}", "a{:x} = 1", "/a{:x}", "ü{:x}=ö"])
def test_the_parser_never_sees_more_than_it_can_take(attribute: str) -> None:
    first = "data-tts=skip "
    source = f"<p {first}{' '.join(map(attribute.format, range(MANY)))}>Not this.</p><p>But this sentence.</p>"
    cut = narrow(source)
    assert len(cut) < 20 * MAX_ATTRIBUTES
    assert cut.startswith(f"<p {first}")
    assert cut.endswith(">Not this.</p><p>But this sentence.</p>")
    assert [block.text for block in read(source).blocks if block.spoken] == ["But this sentence."]


@pytest.mark.parametrize(
    "source",
    [
        f"<p a='{'x' * 10_000}'>A sentence.</p>",
        f"<p {' ' * 10_000}>A sentence.</p>",
        '<p a="x ' * 2_000,
        "<a" * 5_000,
        f"<p {' '.join(f'a{n}=1' for n in range(400))} b='{'x' * 9_000}'>A sentence.</p>",
        "1 < 2 " * 2_000,
    ],
)
def test_what_a_page_may_really_hold_stays_to_the_letter(source: str) -> None:
    assert narrow(source) == source
