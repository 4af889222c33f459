"""Listen to this article: articles become audio clips, listeners' reports become corrections."""

__version__ = "0.2.0"
