"""What no webhook brought: articles found in a site's feeds and sitemaps, and the archive from before.

reading     RSS, Atom and sitemaps -> entries
asking      a feed from its address: only when it changed, whole or not at all
book        the feeds of each site: added, removed, shown, due
missed      which entries were missed, and what is kept of each
requesting  the pages of what was missed, politely, to jobs
turn        one turn with a feed; beat rings for it, a worker does it
listing     an archive: all entries of a feed, sitemap or file
estimate    what speaking an archive takes, from a sample of it
backfill    an archive to jobs, from where it was left
"""
