"""A site's clips as a podcast: selection, entries, RSS and OPML."""
