"""Clip visibility, kept in step with the article's visibility in its CMS.

rounds    which articles of a site are checked next, and when a round starts and ends
turn      one turn with a site: beat enqueues it, the worker for outgoing requests runs it
cms_api   the article's state according to the CMS's own API
page      the article's public page, requested conditionally, and what it says
robots    what a host's robots.txt allows
verdicts  what follows from an answer: a second look, restricting, withdrawing, an alarm
restore   an article comes back
staff     what staff see of the checks

The answer of a CMS's API decides at once. An answer read from a page must be seen twice. Nothing is deleted here.
"""
