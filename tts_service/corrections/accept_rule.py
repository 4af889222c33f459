"""Accepts a rule for recurring blocks, or that one goes: the site's policy and the correction with the clips it
affects, in one transaction. `follow_up` renders them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.corrections.accept import tidy_why
from tts_service.corrections.affected import (
    PlannedClips,
    SearchStart,
    add_clips,
    add_late_clips,
    planned_clips,
    search_start,
)
from tts_service.corrections.follow_up import close_if_ended
from tts_service.corrections.impact.block_rules import RuleEdit
from tts_service.corrections.kinds import BLOCK
from tts_service.db.session import new_id
from tts_service.db.tables import CorrectionRow
from tts_service.errors import Conflict, NotFound
from tts_service.newsroom.block_rules import drop_exceptions, put_rule, rule_fields
from tts_service.newsroom.policies import policy_in
from tts_service.newsroom.sites import lock_site
from tts_service.parts import Parts
from tts_service.values.speech_policy import BlockRule


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRule:
    """A change of a site's rules that was accepted."""

    correction_id: str
    clips: int
    """Clips that it affects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Acceptance:
    edit: RuleEdit
    why: str
    who: str


def accept_rule(parts: Parts, site: str, rule: BlockRule, *, why: str = "", who: str) -> AcceptedRule:
    """Add a rule behind the others, and have what it changes rendered again. `why`: shown to the public.

    Raises InputRefused, PolicyRefused, Conflict (the site has the rule)."""
    return _accept(parts, site, rule, adds=True, why=why, who=who)


def accept_rule_gone(parts: Parts, site: str, rule: BlockRule, *, why: str = "", who: str) -> AcceptedRule:
    """Remove a rule, and have what it changed rendered again. `why`: shown to the public.

    Raises InputRefused, NotFound (the site doesn't have the rule)."""
    return _accept(parts, site, rule, adds=False, why=why, who=who)


def _accept(parts: Parts, site: str, rule: BlockRule, *, adds: bool, why: str, who: str) -> AcceptedRule:
    why = tidy_why(why)
    while True:
        with parts.database.reading() as session:
            start = search_start(parts, session)
            seen = policy_in(session, parts.settings, site).rules
        if adds and rule in seen:
            raise Conflict("The site has this rule already.")
        if not adds and rule not in seen:
            raise NotFound("The site doesn't have this rule any more.")
        before, after = (None, len(seen)) if adds else (seen.index(rule), None)
        made = _Acceptance(edit=RuleEdit(site=site, rule=rule, before=before, after=after), why=why, who=who)
        with planned_clips(parts, made.edit) as affected, parts.database.writing() as session:
            lock_site(parts.database, session, site)
            if policy_in(session, parts.settings, site).rules != seen:
                continue  # somebody else's rule may decide about the same blocks: which clips change is to be seen anew
            return _keep(parts, session, made, affected, start)


def _keep(
    parts: Parts, session: Session, made: _Acceptance, affected: PlannedClips, start: SearchStart
) -> AcceptedRule:
    edit = made.edit
    put_rule(parts.database, session, parts.settings, edit.site, edit.rule, edit.after)
    now = parts.database.now_ms(session)
    correction = CorrectionRow(
        id=new_id("cor"),
        kind=BLOCK,
        site=edit.site,
        entry_id=edit.rule_id,
        before=_fields(edit.rule, edit.before),
        after=_fields(edit.rule, edit.after),
        why=made.why,
        who=made.who,
        state="rendering",
        sentences=affected.sentences,
        clips=affected.clips,
        created_ms=now,
    )
    session.add(correction)
    session.flush()
    add_clips(session, correction, affected, state="waiting", now_ms=now)
    add_late_clips(parts, session, correction, start)
    # Behind the clips: whoever erases an article has its clip first.
    drop_exceptions(session, edit.site, edit.rule, left_out=edit.after is not None)
    close_if_ended(parts, session, correction)
    deed = Deed(
        who=made.who,
        what="site.rule-added" if edit.after is not None else "site.rule-removed",
        subject=edit.site,
        site=edit.site,
        details={"articles": affected.clips, "correction": correction.id},
    )
    note(parts.database, session, deed)
    return AcceptedRule(correction_id=correction.id, clips=correction.clips)


def _fields(rule: BlockRule, position: int | None) -> dict[str, object] | None:
    return None if position is None else rule_fields(rule, position)
