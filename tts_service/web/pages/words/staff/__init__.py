"""Words of the staff's pages, one module a language."""

from tts_service.web.pages.words.staff import english, french, german, spanish

__all__ = ["english", "french", "german", "spanish"]
