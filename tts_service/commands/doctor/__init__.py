"""`tts-service doctor`: the settings, each part, and one sentence on its whole way, with advice for what fails."""
