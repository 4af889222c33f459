"""Breakages of who may what: keys, staff, limits, origins, what is kept of people."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

JOBS, PAGES, STAFF, RATES = (
    "tests/web/test_jobs.py",
    "tests/web/test_pages.py",
    "tests/access/test_staff.py",
    "tests/web/test_rates.py",
)
BREAKAGES = (
    Breakage(
        name="a site's key opens every site",
        file="tts_service/access/keys.py",
        old="        if self.sites is None or self.may_touch(site):",
        new="        if site:",
        test=f"{JOBS}::test_a_site_bound_key_touches_only_its_site",
    ),
    Breakage(
        name="a key's secret is not compared",
        file="tts_service/access/keys.py",
        old="    if row is None or not same or not _alive(row, row.now):",
        new="    if row is None or not _alive(row, row.now):",
        test="tests/web/test_authorisation.py::test_every_cell_is_as_the_table_says[jobs]",
    ),
    Breakage(
        name="a revoked key goes on working",
        file="tts_service/access/keys.py",
        old="    return row.revoked_ms is None and (",
        new="    return (",
        test="tests/access/test_keys.py::test_a_key_ends_at_once_and_says_when_it_was_used",
    ),
    Breakage(
        name="a listener's comment is markup",
        file="tts_service/web/templates/desk_case.html",
        old="{{ one.comment | visible }}",
        new="{{ one.comment | visible | safe }}",
        test=f"{PAGES}::test_what_comes_from_outside_is_never_markup",
    ),
    Breakage(
        name="a change may come from another site's page",
        file="tts_service/web/staff/session.py",
        old="    if origin not in own:",
        new="    if not origin:",
        test=f"{STAFF}::test_no_change_without_the_own_pages_origin_and_the_sessions_token",
    ),
    Breakage(
        name="a form needs no token",
        file="tts_service/web/staff/session.py",
        old="    if not form_fits(person.token, sent):",
        new="    if sent and not form_fits(person.token, sent):",
        test=f"{STAFF}::test_no_change_without_the_own_pages_origin_and_the_sessions_token",
    ),
    Breakage(
        name="passwords may be guessed for ever",
        file="tts_service/web/staff/people/sign_in.py",
        old='        await rates.require("login", name, visitor)\n',
        new="",
        test=f"{RATES}::test_signing_in_is_limited_by_account_and_address",
    ),
    Breakage(
        name="a sign-in link works twice",
        file="tts_service/access/sessions.py",
        old="                StaffLinkRow.used_ms.is_(None),\n",
        new="",
        test=f"{STAFF}::test_of_many_tries_at_once_one_uses_a_link",
    ),
    Breakage(
        name="a listener's address is kept in the clear",
        file="tts_service/access/daily.py",
        old='        return hmac.digest(self.today(), f"address {network_of(address)}".encode(), '
        "hashlib.sha256).hex()[:32]",
        new="        return address",
        test="tests/web/test_feedback_doors.py::test_a_senders_address_is_kept_only_as_the_days_keyed_hash",
    ),
    Breakage(
        name="anybody may say whose address they have",
        file="tts_service/web/doors/client.py",
        old="    if not trusts(trusted, address):\n        return address\n    said",
        new="    said",
        test=f"{RATES}::test_the_client_is_who_trusted_proxies_say",
    ),
    Breakage(
        name="every origin is a registered one",
        file="tts_service/web/doors/cors.py",
        old="        return origin in self._known",
        new="        return bool(origin)",
        test="tests/web/test_headers.py::test_a_registered_sites_scripts_may_read_what_readers_get",
    ),
    Breakage(
        name="an issuer's answer may be to another sign-in",
        file="tts_service/access/oidc.py",
        old='            params={"client_id": client_id, "nonce": nonce, ',
        new='            params={"client_id": client_id, ',
        test="tests/web/test_staff_elsewhere.py::test_a_wrong_answer_lets_nobody_in",
    ),
    Breakage(
        name="erased words stay in the database's file",
        file="tts_service/retention/listeners.py",
        old='        session.execute(text("PRAGMA secure_delete=ON"))',
        new='        session.execute(text("PRAGMA secure_delete=OFF"))',
        test="tests/web/test_feedback_doors.py::test_erasing_by_address_or_reference_leaves_no_residue",
    ),
    Breakage(
        name="a grant opens every clip",
        file="tts_service/access/grants.py",
        old='json.dumps(["grant", subject.clip_id, subject.visibility, head])',
        new='json.dumps(["grant", subject.visibility, head])',
        test="tests/access/test_grants.py::test_a_wrong_grant_opens_nothing_at_any_address",
    ),
    Breakage(
        name="a grant never ends",
        file="tts_service/access/grants.py",
        old="        if self.clock() >= expires_s:",
        new="        if self.clock() < 0:",
        test="tests/access/test_grants.py::test_once_expired_nothing_opens_and_no_range_is_sent",
    ),
    Breakage(
        name="a cache keeps what a grant opened",
        file="tts_service/web/doors/headers.py",
        old="                if PARAMETER in query:",
        new="                if PARAMETER in query and False:",
        test="tests/access/test_grants.py::test_a_right_grant_opens_every_address_and_no_cache_keeps_what_it_opened",
    ),
    Breakage(
        name="what was made for payers opens with the teaser",
        file="tts_service/jobs/visibility.py",
        old="        _keep_back(session, clip, job.revision if job else 0, now)\n",
        new="",
        test="tests/access/test_grants.py::test_what_was_made_for_payers_isnt_opened_by_another_text_that_is_public",
    ),
    Breakage(
        name="a file for members comes from the CDN",
        file="tts_service/web/sound/files.py",
        old="    elsewhere = _elsewhere(parts, file) if file.public and not file.download else None",
        new="    elsewhere = _elsewhere(parts, file) if not file.download else None",
        test="tests/access/test_grants.py::test_what_isnt_public_is_never_sent_elsewhere[values0]",
    ),
)
