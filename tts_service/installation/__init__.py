"""Validates the settings at start: reports every fault at once, each with what to write instead."""
