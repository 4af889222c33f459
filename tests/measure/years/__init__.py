"""Years of a newsroom in minutes: what is kept, what goes, and how fast pages stay (`make soak ONLY=years`)."""
