"""Audio over HTTP: finished files by range, and what grows while it is made."""
