"""Audio over HTTP: finished files in ranges, live files while they grow."""
