"""A site's clips as a podcast: which ones, what is told of each, written as RSS and OPML."""
