"""Rules for recurring blocks: what one changes, and how it is kept in a site's policy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.corrections.desk_bench import Newsroom
from tests.parts.factories import make_article
from tests.parts.staff import Signed, signed
from tts_service.access.staff import set_sites
from tts_service.article.blocks import read_blocks
from tts_service.corrections.accept_rule import accept_rule, accept_rule_gone
from tts_service.corrections.impact.block_rules import RuleEdit, rule_impact
from tts_service.db.tables import JobRow
from tts_service.errors import Conflict, NotFound, PolicyRefused
from tts_service.newsroom.policies import policy_for, policy_version, set_policy
from tts_service.parts import Parts
from tts_service.values import BlockKind, SourceFormat
from tts_service.values.speech_policy import BlockRule, SpeechPolicy, Treatment

BOX = "Our kitchen this week: soup for cold days."
BOXED = BlockRule(text=BOX)
WITH_BOX = f"The story.\n\n{BOX}\n\nThe end of it."
WITHOUT = "The story.\n\nThe end of it."


@pytest.fixture
def out(newsroom: Newsroom) -> None:
    """Three articles of one site, two of them with the box, and one of another."""
    newsroom.publish("1", WITH_BOX)
    newsroom.publish("2", WITHOUT)
    newsroom.publish("3", WITH_BOX)
    newsroom.publish("4", WITH_BOX, site="herald")


def adding(rule: BlockRule) -> RuleEdit:
    return RuleEdit(site="gazette", rule=rule, before=None, after=0)


@pytest.mark.usefixtures("out")
class TestImpact:
    def test_exactly_the_articles_with_the_block_are_listed(self, parts: Parts) -> None:
        found = rule_impact(parts, adding(BOXED))
        assert [hit.blocks[0].text for hit in found.newest] == [BOX, BOX]
        assert (len({hit.clip_id for hit in found.newest}), found.articles, found.blocks) == (2, 2, 2)
        assert rule_impact(parts, adding(BOXED), most=1).articles == 2

    def test_a_rule_that_an_earlier_one_overrules_changes_nothing(self, parts: Parts) -> None:
        accept_rule(parts, "gazette", BOXED, who="staff:anna")
        again = RuleEdit(site="gazette", rule=BlockRule(text="support", begins=True), before=None, after=1)
        assert rule_impact(parts, again).articles == 0

    def test_a_rule_for_another_kind_or_the_present_treatment_changes_nothing(self, parts: Parts) -> None:
        assert rule_impact(parts, adding(BlockRule(text=BOX, kind=BlockKind.QUOTE))).articles == 0
        assert rule_impact(parts, adding(BlockRule(text=BOX, treatment=Treatment.SPOKEN))).articles == 0

    @pytest.mark.parametrize("text", ["Our k", "OUR  kitchen th", "our kitchen this week:", BOX])
    def test_a_beginning_is_found_wherever_it_ends(self, parts: Parts, text: str) -> None:
        assert rule_impact(parts, adding(BlockRule(text=text, begins=True))).articles == 2

    def test_blocks_of_which_editors_chose_others_stay_as_they_are(self, newsroom: Newsroom) -> None:
        chosen = f"<p>Skipped.</p><p data-tts='only'>{BOX}</p>"
        newsroom.publish("5", chosen, source_format=SourceFormat.HTML)
        assert BOX in newsroom.blocks("5", spoken=True)
        assert rule_impact(newsroom.parts, adding(BOXED)).articles == 2


def test_the_same_rule_twice_and_one_that_is_gone_are_refused(parts: Parts) -> None:
    accept_rule(parts, "gazette", BOXED, who="staff:anna")
    with pytest.raises(Conflict):
        accept_rule(parts, "gazette", BOXED, who="staff:ben")
    accept_rule_gone(parts, "gazette", BOXED, who="staff:anna")
    with pytest.raises(NotFound):
        accept_rule_gone(parts, "gazette", BOXED, who="staff:ben")


def test_rules_leave_the_rest_of_a_policy_alone(parts: Parts) -> None:
    set_policy(parts.database, parts.voices, "gazette", {"emoji": "named"})
    accept_rule(parts, "gazette", BOXED, who="staff:anna")
    policy = policy_for(parts.database, parts.settings, "gazette")
    assert (policy.emoji, policy.rules) == ("named", (BOXED,))
    accept_rule_gone(parts, "gazette", BOXED, who="staff:anna")
    assert policy_for(parts.database, parts.settings, "gazette") == SpeechPolicy(emoji="named")


def test_a_rule_makes_another_version_of_a_policy() -> None:
    assert policy_version(SpeechPolicy(rules=(BOXED,))) != policy_version(SpeechPolicy())


def test_more_rules_than_a_page_holds_are_refused(parts: Parts) -> None:
    rules = [{"text": f"Box {number}"} for number in range(100)]
    set_policy(parts.database, parts.voices, "gazette", {"rules": rules})
    with pytest.raises(PolicyRefused, match="rules"):
        accept_rule(parts, "gazette", BOXED, who="staff:anna")


@given(st.lists(st.tuples(st.text(max_size=12), st.booleans(), st.booleans()), max_size=4), st.text(max_size=40))
def test_whatever_the_rules_every_character_is_accounted_for(made: list[tuple[str, bool, bool]], text: str) -> None:
    """read_blocks raises AccountBroken otherwise."""
    rules = tuple(
        BlockRule(text=f"{words}a", begins=begins, treatment=Treatment.SPOKEN if say else Treatment.SKIPPED)
        for words, begins, say in made
    )
    source = f"<p>{BOX}</p><figure><figcaption>A caption</figcaption></figure><p>A story a{text}</p>".replace("\0", "")
    one = make_article(source=source, source_format=SourceFormat.HTML)
    plain, ruled = read_blocks(one), read_blocks(one, SpeechPolicy(rules=rules))
    assert [block.text for block in ruled.blocks] == [block.text for block in plain.blocks]
    for before, after in zip(plain.blocks, ruled.blocks, strict=True):
        if not any(rule.fits(before.kind, before.text) for rule in rules):
            assert after == before


def test_a_rule_means_the_whole_block_unless_it_says_otherwise() -> None:
    longer = f"{BOX} Only today."
    assert not BOXED.fits(BlockKind.PARAGRAPH, longer)
    assert BlockRule(text=BOX, begins=True).fits(BlockKind.PARAGRAPH, longer)
    assert BOXED.fits(BlockKind.PARAGRAPH, f"  {BOX.upper()}\n")


def test_a_skipped_caption_is_read_by_a_rule_and_editors_marks_still_win() -> None:
    say = SpeechPolicy(rules=(BlockRule(text="A   CAPTION", treatment=Treatment.SPOKEN), BlockRule(text=BOX)))
    source = f"<p>{BOX}</p><figure><img src=x><figcaption>A caption</figcaption></figure><p>A story.</p>"
    one = make_article(source=source, source_format=SourceFormat.HTML)
    found = {block.text: block.spoken for block in read_blocks(one, say).blocks}
    assert (found["A caption"], found[BOX], found["A story."]) == (True, False, True)


@pytest.mark.usefixtures("out")
class TestPage:
    def test_a_block_is_ruled_out_from_the_article_with_its_impact_first(
        self, client: TestClient, parts: Parts
    ) -> None:
        editor = signed(parts, "editor@example.org", "staff")
        set_sites(parts.database, editor.person.id, ["gazette"], "test")

        def read(path: str) -> str:
            return client.get(path, headers={**editor.headers, "Accept": "text/html"}).text

        with parts.database.reading() as session:
            article_id = session.scalars(select(JobRow.article_id)).first()
        path = "/staff/sites/gazette/rules"
        assert f'href="{path}?text=Our%20kitchen%20this%20week' in read(f"/staff/articles/{article_id}")
        assert f">{BOX}</textarea>" in read(f"{path}?text={BOX}&kind=paragraph&treatment=skipped")

        shown = send(client, editor, "impact", why="Not ours")
        assert 'name="why" maxlength="500" value="Not ours"' in shown.text
        assert "Changes 2 blocks in 2 articles." in shown.text
        assert policy_for(parts.database, parts.settings, "gazette").rules == ()
        added = send(client, editor, "add", why="An advertisement")
        assert "2 articles are being rendered again." in added.text
        (correction,) = re.findall(r'href="(/staff/corrections/cor_[^"]+)"', added.text)
        assert "An advertisement" in read(correction)
        assert "has this rule already" in send(client, editor, "add").text
        assert "Saved." in send(client, editor, "remove").text
        assert policy_for(parts.database, parts.settings, "gazette").rules == ()
        assert "a letter or digit among them" in send(client, editor, "add", text="—").text
        assert send(client, editor, "add", path="/staff/sites/herald/rules").status_code == 403


def send(client: TestClient, who: Signed, do: str, path: str = "/staff/sites/gazette/rules", **form: str) -> Any:
    fields = {"form_token": who.token, "do": do, "text": BOX, "treatment": "skipped"} | form
    return client.post(path, data=fields, headers=who.headers | {"Accept": "text/html"})
