"""Segments -> clip: joined, levelled, encoded, tagged, captioned, checked."""
