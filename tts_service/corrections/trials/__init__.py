"""Trying a pronunciation in a real sentence, and what to try."""
