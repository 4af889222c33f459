"""Rules for recurring blocks: what one changes is known exactly before, then those articles are rendered again."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers
from tests.parts.staff import Signed, signed
from tts_service.access.audit import deeds
from tts_service.access.staff import set_sites
from tts_service.article.blocks import read_blocks
from tts_service.corrections.impact.block_rules import add_rule, remove_rule, rule_impact
from tts_service.db.tables import ClipRevisionRow, JobRow
from tts_service.errors import Conflict, NotFound, PolicyRefused
from tts_service.jobs.submit import Wish, submit
from tts_service.newsroom.sites import change_rules, policy_for, policy_version, set_options, set_policy
from tts_service.parts import Parts
from tts_service.values import BlockKind, SourceFormat
from tts_service.values.speech_policy import BlockRule, SpeechPolicy, Treatment

BOX = "Support our journalism: subscribe today."
BOXED = BlockRule(text=BOX)


def article(number: int, *, box: bool = True, **values: Any) -> Any:
    text = f"<p>Story number {number}.</p>" + (f"<p>{BOX}</p>" if box else "") + "<p>The end of it.</p>"
    values = {"external_id": str(number), "source": text, "source_format": SourceFormat.HTML, "title": None} | values
    return make_article(**values)


@pytest.fixture
def workers(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Workers:
    return Workers(parts, monkeypatch)


@pytest.fixture
def out(parts: Parts, workers: Workers) -> None:
    """Three articles of one site, two of them with the box, and one of another."""
    for one in (article(1), article(2, box=False), article(3), article(4, site="herald")):
        assert workers.render(submit(parts, one, Wish(voice="tone:beep")).job_id)


def render_waiting(parts: Parts, workers: Workers) -> list[str]:
    with parts.database.reading() as session:
        jobs = session.scalars(select(JobRow.id).where(JobRow.state == "queued").order_by(JobRow.id)).all()
    assert all(workers.render(job) for job in jobs)
    return list(jobs)


def spoken(parts: Parts, clip_id: str) -> str:
    with parts.database.reading() as session:
        newest = select(ClipRevisionRow).where(ClipRevisionRow.clip_id == clip_id)
        row = session.scalars(newest.order_by(ClipRevisionRow.revision.desc())).first()
        assert row is not None
        return " ".join(block["text"] for block in row.blocks if block["spoken"])


@pytest.mark.usefixtures("out")
class TestImpact:
    def test_exactly_the_articles_with_the_block_are_listed(self, parts: Parts) -> None:
        found = rule_impact(parts, "gazette", [BOXED])
        assert [hit.blocks[0].text for hit in found.hits] == [BOX, BOX]
        assert (len({hit.clip_id for hit in found.hits}), found.blocks, found.complete) == (2, 2, True)

    def test_a_rule_that_an_earlier_one_overrules_changes_nothing(self, parts: Parts) -> None:
        add_rule(parts, "gazette", BOXED, who="staff:anna")
        again = BlockRule(text="support", begins=True)
        assert rule_impact(parts, "gazette", [BOXED, again]).hits == ()

    def test_a_rule_for_another_kind_or_the_present_treatment_changes_nothing(self, parts: Parts) -> None:
        assert rule_impact(parts, "gazette", [BlockRule(text=BOX, kind=BlockKind.QUOTE)]).hits == ()
        assert rule_impact(parts, "gazette", [BlockRule(text=BOX, treatment=Treatment.SPOKEN)]).hits == ()


@pytest.mark.usefixtures("out")
class TestCarryingOut:
    def test_only_affected_articles_are_rendered_again_and_taken_back(self, parts: Parts, workers: Workers) -> None:
        hits = rule_impact(parts, "gazette", [BOXED]).hits
        done = add_rule(parts, "gazette", BOXED, who="staff:anna")
        assert (done.rendered, done.busy) == (2, 0)
        assert len(render_waiting(parts, workers)) == 2
        assert all(BOX not in spoken(parts, hit.clip_id) for hit in hits)
        assert rule_impact(parts, "gazette", [BOXED]).hits == ()

        assert remove_rule(parts, "gazette", BOXED, who="staff:anna").rendered == 2
        with parts.database.reading() as session:
            queues = set(session.scalars(select(JobRow.queue).where(JobRow.state == "queued")))
        assert queues == {"backfill"}
        render_waiting(parts, workers)
        assert all(BOX in spoken(parts, hit.clip_id) for hit in hits)
        assert [one.what for one in deeds(parts.database)[:2]] == ["site.rule-removed", "site.rule-added"]

    def test_an_article_at_work_is_left_and_counted(self, parts: Parts) -> None:
        submit(parts, article(1, title="Changed"), Wish(voice="tone:beep"))
        done = add_rule(parts, "gazette", BOXED, who="staff:anna")
        assert (done.rendered, done.busy) == (1, 1)

    def test_of_a_site_that_holds_it_is_published_at_once(self, parts: Parts, workers: Workers) -> None:
        set_options(parts.database, "gazette", {"hold": True})
        add_rule(parts, "gazette", BOXED, who="staff:anna")
        render_waiting(parts, workers)
        with parts.database.reading() as session:
            assert set(session.scalars(select(ClipRevisionRow.state))) == {"ready"}

    def test_the_same_rule_twice_and_one_that_is_gone_are_refused(self, parts: Parts) -> None:
        add_rule(parts, "gazette", BOXED, who="staff:anna")
        with pytest.raises(Conflict):
            add_rule(parts, "gazette", BOXED, who="staff:ben")
        remove_rule(parts, "gazette", BOXED, who="staff:anna")
        with pytest.raises(NotFound):
            remove_rule(parts, "gazette", BOXED, who="staff:ben")


def test_rules_leave_the_rest_of_a_policy_alone(parts: Parts) -> None:
    set_policy(parts.database, parts.voices, "gazette", {"emoji": "named"})
    change_rules(parts.database, parts.settings, "gazette", lambda _: (BOXED,))
    policy = policy_for(parts.database, parts.settings, "gazette")
    assert (policy.emoji, policy.rules) == ("named", (BOXED,))
    change_rules(parts.database, parts.settings, "gazette", lambda _: ())
    assert policy_for(parts.database, parts.settings, "gazette") == SpeechPolicy(emoji="named")


def test_a_rule_makes_another_version_of_a_policy() -> None:
    assert policy_version(SpeechPolicy(rules=(BOXED,))) != policy_version(SpeechPolicy())


def test_more_rules_than_a_page_holds_are_refused(parts: Parts) -> None:
    rules = tuple(BlockRule(text=f"Box {number}") for number in range(101))
    with pytest.raises(PolicyRefused, match="rules"):
        change_rules(parts.database, parts.settings, "gazette", lambda _: rules)


@given(st.lists(st.tuples(st.text(max_size=12), st.booleans(), st.booleans()), max_size=4), st.text(max_size=40))
def test_whatever_the_rules_every_character_is_accounted_for(made: list[tuple[str, bool, bool]], text: str) -> None:
    """read_blocks raises AccountBroken otherwise."""
    rules = tuple(
        BlockRule(text=f"{words}a", begins=begins, treatment=Treatment.SPOKEN if say else Treatment.SKIPPED)
        for words, begins, say in made
    )
    source = f"<p>{BOX}</p><figure><figcaption>A caption</figcaption></figure><p>A story a{text}</p>".replace("\0", "")
    one = article(1, source=source)
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
    found = {block.text: block.spoken for block in read_blocks(article(1, source=source), say).blocks}
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
        assert f'href="{path}?text=Support%20our%20journalism' in read(f"/staff/articles/{article_id}")
        assert f">{BOX}</textarea>" in read(f"{path}?text={BOX}&kind=paragraph&treatment=skipped")

        shown = send(client, editor, "impact")
        assert "Changes 2 blocks in 2 articles." in shown.text
        assert policy_for(parts.database, parts.settings, "gazette").rules == ()
        assert "2 articles are being rendered again." in send(client, editor, "add").text
        assert "has this rule already" in send(client, editor, "add").text
        assert "Saved." in send(client, editor, "remove").text
        assert policy_for(parts.database, parts.settings, "gazette").rules == ()
        assert "a letter or digit among them" in send(client, editor, "add", text="—").text
        assert send(client, editor, "add", path="/staff/sites/herald/rules").status_code == 403


def send(client: TestClient, who: Signed, do: str, path: str = "/staff/sites/gazette/rules", **form: str) -> Any:
    fields = {"form_token": who.token, "do": do, "text": BOX, "treatment": "skipped"} | form
    return client.post(path, data=fields, headers=who.headers | {"Accept": "text/html"})
