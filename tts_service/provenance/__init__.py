"""Provenance: one record of how a clip was made, the source of every disclosure, signed into the file."""
