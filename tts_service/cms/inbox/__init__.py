"""A webhook, from its arrival to what follows.

addresses  the addresses CMSs call: added, removed, found
receive    checks a delivery, stores it, answers
insert     the one insert that stores deliveries
process    claims stored events, applies them, retries later
apply      one event and its article: rendered, withdrawn, held back, or a reason why not
identity   which article a language version of a document is
lookup     events that need the CMS's API: the article as it is now
cms_api    the function that calls that API
recheck    the current state of a known article, by the CMS's API
staff      stored events: shown, replayed, deleted after their time

The CMS never waits for what follows: beat does it, or a worker where the CMS has to be asked.
"""
