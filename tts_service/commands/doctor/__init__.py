"""`tts-service doctor`: checks settings, parts and one sentence end to end, with advice for each failure."""
