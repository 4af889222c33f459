"""A site's rules for blocks with certain texts, and the articles for which one of them holds otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.session import Database, new_id
from tts_service.db.tables import ArticleRepairRow, ArticleRow, JsonDict
from tts_service.newsroom.policies import change_policy_in, read_policy
from tts_service.settings import Settings
from tts_service.values.repairs import RuleException
from tts_service.values.speech_policy import BlockRule

RULE = "rule"
"""Kind of the repairs that are exceptions from rules."""
_RULE = TypeAdapter(BlockRule)


def rule_fields(rule: BlockRule, position: int | None) -> JsonDict:
    """A rule as JSON, with its position among the site's rules."""
    return {**_RULE.dump_python(rule, mode="json"), "position": position}


def exception_from(fields: Mapping[str, Any]) -> RuleException:
    """A rule and its position from JSON."""
    rule = {name: value for name, value in fields.items() if name != "position"}
    return RuleException(rule=_RULE.validate_python(rule), position=fields["position"])


def put_rule(
    database: Database, session: Session, settings: Settings, site: str, rule: BlockRule, position: int | None
) -> None:
    """Set where a rule stands among the others of a site, and nothing else of its policy; None: remove it.

    Raises InputRefused (the site's name), PolicyRefused (names the rule).
    """

    def changed(before: dict[str, Any]) -> dict[str, Any] | None:
        rules = read_policy(before, settings).with_rule(rule, position).rules
        kept = {name: value for name, value in before.items() if name != "rules"}
        return (kept | ({"rules": [_RULE.dump_python(one, mode="json") for one in rules]} if rules else {})) or None

    change_policy_in(database, session, settings, site, changed)


def except_article(
    database: Database, session: Session, article: ArticleRow, rule: BlockRule, position: int | None
) -> None:
    """Let a rule stand elsewhere for one article, or not at all (None), whatever holds for its site."""
    mine = select(ArticleRepairRow).filter_by(article_id=article.id, kind=RULE)
    for row in session.scalars(mine):
        if exception_from(row.rule or {}).rule == rule:
            session.delete(row)
    session.add(
        ArticleRepairRow(
            id=new_id("rep"),
            article_id=article.id,
            kind=RULE,
            sentence="",
            occurrence=0,
            start=0,
            rule=rule_fields(rule, position),
            created_ms=database.now_ms(session),
        )
    )


def drop_exceptions(session: Session, site: str, rule: BlockRule, *, left_out: bool) -> None:
    """Forget which articles are left out of a rule, or which keep it."""
    of_site = ArticleRow.id == ArticleRepairRow.article_id
    query = select(ArticleRepairRow).join(ArticleRow, of_site).where(ArticleRow.site == site)
    for row in session.scalars(query.where(ArticleRepairRow.kind == RULE)):
        one = exception_from(row.rule or {})
        if one.rule == rule and (one.position is None) == left_out:
            session.delete(row)
