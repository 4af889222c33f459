"""What staff are refused, one module a language; the English messages are those of the code."""

from tts_service.web.pages.words.refusals import french, german, spanish

__all__ = ["french", "german", "spanish"]
