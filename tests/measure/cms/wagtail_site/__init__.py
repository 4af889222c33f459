"""A small newspaper on Wagtail, for tests: run by a Python that has Wagtail, never imported by the project's own."""
