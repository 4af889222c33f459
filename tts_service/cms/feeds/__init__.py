"""Articles that no webhook announced: those in a site's feeds and sitemaps, and the archive.

register     the feeds of each site: added, removed, shown
turn         the queue of feeds, and one turn with a feed
fetch        a feed from its address, only if it changed
parse        RSS, Atom and sitemaps -> entries
missed       which entries the service doesn't know yet
request      the pages of missed entries, fetched politely, turned into jobs
disappeared  articles that left a sitemap
archive      every entry of a feed, sitemap or file
estimate     what it takes to speak an archive, from a sample
backfill     an archive turned into jobs, resumable
"""
