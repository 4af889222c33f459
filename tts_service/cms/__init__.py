"""Everything that connects a CMS to this service.

sources  one file per CMS: checks a webhook and reads its article
inbox    a webhook from its arrival to the job that follows
feeds    articles that no webhook announced: feeds, sitemaps, the archive
checks   known articles checked again, so that audio of closed articles goes offline
"""
