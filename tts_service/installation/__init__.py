"""Checks the settings as a whole at start: every fault at once, each with what to write instead."""
