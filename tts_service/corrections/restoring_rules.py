"""Puts a site's rule for blocks back to what it was before a correction: for the site, or for one article."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tts_service.corrections.impact.block_rules import RuleEdit
from tts_service.db.tables import ArticleRow, ClipRow, CorrectionRow
from tts_service.newsroom.block_rules import except_article, put_rule
from tts_service.newsroom.policies import policy_in
from tts_service.parts import Parts


def rule_stands(parts: Parts, session: Session, correction: CorrectionRow) -> bool:
    """Whether the site has the rule that the correction added, or still lacks the one that it removed."""
    edit = RuleEdit.of(correction)
    is_there = edit.rule in policy_in(session, parts.settings, edit.site).rules
    return is_there == (edit.after is not None)


def restore_rule(parts: Parts, session: Session, correction: CorrectionRow) -> None:
    """Remove the rule that the correction added, or put the one that it removed where it was. Raises PolicyRefused when
    the site has got too many rules since."""
    edit = RuleEdit.of(correction)
    put_rule(parts.database, session, parts.settings, edit.site, edit.rule, edit.before)


def leave_out_of_rule(parts: Parts, session: Session, correction: CorrectionRow, clip: ClipRow) -> None:
    """The rule doesn't hold for the clip's article any more; one that the correction removed holds on for it."""
    edit = RuleEdit.of(correction)
    article = session.get_one(ArticleRow, clip.article_id)
    except_article(parts.database, session, article, edit.rule, edit.before)
