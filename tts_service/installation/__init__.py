"""One look at the whole installation: all settings together at start, every part together in `tts-service doctor`."""
