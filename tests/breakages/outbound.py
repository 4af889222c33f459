"""Breakages of the guarded client: what nobody inside may hear from us."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

OUT, OC = "tts_service/http", "tests/http/test_client.py"
OA, OR, OB = "tests/http/test_addresses.py", "tests/http/test_rules.py", "tests/http/test_bounds.py"
BREAKAGES = (
    Breakage(
        name="a redirect is not checked again",
        file=f"{OUT}/client.py",
        old="rules = None if self._proxy else hop.rules",
        new="rules = None if self._proxy or hop.rules is not self._rules else hop.rules",
        test=f"{OC}::test_no_redirect_leads_inside",
    ),
    Breakage(
        name="a redirect's credentials go to the next host",
        file=f"{OUT}/client.py",
        old="if same or name.lower() in HARMLESS_HEADERS}",
        new="}",
        test=f"{OC}::test_credentials_stay_with_the_first_host",
    ),
    Breakage(
        name="a redirect from https to http is followed",
        file=f"{OUT}/client.py",
        old='if before.scheme == "https" and target.scheme == "http":',
        new='if before.scheme == "https" and target.scheme == "ftp":',
        test=f"{OC}::test_a_redirect_from_https_to_http_is_refused",
    ),
    Breakage(
        name="a redirect from outside uses the operator's exception",
        file=f"{OUT}/client.py",
        old="rules = hop.rules if inside else hop.rules.without_exceptions()",
        new="rules = hop.rules",
        test=f"{OC}::test_a_redirect_from_outside_does_not_use_the_operator_s_exception",
    ),
    Breakage(
        name="only the first answer of a name is checked",
        file=f"{OUT}/connect.py",
        old="for address in addresses:\n",
        new="for address in addresses[:1]:\n",
        test=f"{OA}::test_one_closed_address_among_a_name_s_answers_is_enough",
    ),
    Breakage(
        name="the name is looked up again to connect",
        file=f"{OUT}/connect.py",
        old="connected = self._dial(address, port,",
        new="connected = self._dial(self._look_up(host, port)[0], port,",
        test=f"{OC}::test_the_address_that_was_checked_is_the_one_that_is_used",
    ),
    Breakage(
        name="6to4 is called",
        file=f"{OUT}/addresses.py",
        old="        2002::/16          6to4\n",
        new="",
        test=f"{OA}::test_an_address_of_the_table_is_refused_before_any_packet",
    ),
    Breakage(
        name="an opened NAT64 prefix opens what is written into it",
        file=f"{OUT}/rules.py",
        old="return self.refusal(inner, host, port) if inner else None",
        new="return None",
        test=f"{OR}::test_an_exception_opens_no_more_than_it_says",
    ),
    Breakage(
        name="an allowed name may lead to a metadata service",
        file=f"{OUT}/rules.py",
        old="row is None or (row.in_the_lan and (host, port) in self.places)",
        new="row is None or (host, port) in self.places",
        test=f"{OR}::test_an_exception_opens_no_more_than_it_says",
    ),
    Breakage(
        name="127.1 is taken for a name",
        file=f"{OUT}/target.py",
        old="if _NUMBER.fullmatch(labels[-1]) or not all",
        new="if not all",
        test=f"{OA}::test_an_address_of_the_table_is_refused_before_any_packet",
    ),
    Breakage(
        name="gzip is unpacked at once",
        file=f"{OUT}/unpack.py",
        old="yield member.decompress(packed, STEP_BYTES)",
        new="yield member.decompress(packed)",
        test=f"{OB}::test_a_gzip_bomb_is_stopped_while_it_unpacks",
    ),
    Breakage(
        name="an answer's bytes are not counted",
        file=f"{OUT}/budget.py",
        old="if self._bytes < 0:",
        new="if self._bytes is None:",
        test=f"{OB}::test_an_endless_answer_is_left",
    ),
    Breakage(
        name="callbacks go over plain http",
        file=f"{OUT}/terms.py",
        old="redirects=0, https_only=True, cut=True",
        new="redirects=0, cut=True",
        test=f"{OA}::test_a_callback_goes_over_https_only",
    ),
)
