"""Articles and their clips."""
