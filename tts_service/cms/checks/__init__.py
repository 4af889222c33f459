"""Clip visibility, kept in step with the article's visibility in its CMS.

rounds    selects articles to check; starts and ends rounds
turn      one turn for a site, by the worker for outgoing requests
cms_api   state of an article according to the CMS's API
page      conditional request of the article's page, and its verdict
robots    what a host's robots.txt allows
verdicts  consequences of a verdict: second check, restriction, withdrawal, alarm
restore   makes an article available again
staff     the checks as shown to staff

A CMS's API decides at once; a verdict from a page must be confirmed by a second check. Nothing is deleted here.
"""
