"""The lexicon's pages."""
