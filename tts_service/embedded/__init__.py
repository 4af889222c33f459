"""Everything on one machine: `tts-service run` and the demo, with parts from PyPI and nothing to install."""
