"""Listen to this article: articles become clips, reports become corrections."""

__version__ = "0.1.2"
