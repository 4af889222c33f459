"""Listening to our own clips: a speech recogniser, and a comparison of what it heard with what was to be said."""
