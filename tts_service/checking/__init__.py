"""Known articles are checked against their CMS again: what a lost webhook, a deleted page or a paywall has changed.

robots    what a host's robots.txt allows
look      one article's public page, asked for conditionally, and what it says
rounds    which articles of a site are checked next; the book of rounds
verdicts  what follows from an answer: a second look, closing, withdrawing, the alarm
listed    articles that have disappeared from a sitemap
turn      one turn with a site; beat rings for it, the outgoing worker does it
staff     what staff see of it, and bringing articles back

A CMS's API decides at once. What only a page says has to be seen twice. Nothing is deleted here.
"""
