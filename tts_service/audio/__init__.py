"""Segments -> clip: join, level, encode, tag, caption, check."""
