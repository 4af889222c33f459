"""Settings checked as a whole when the service starts: every fault at once, each with what to write instead."""
