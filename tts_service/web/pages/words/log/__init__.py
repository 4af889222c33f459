"""Names of what the audit log holds, one module a language."""

from tts_service.web.pages.words.log import english, french, german, spanish

__all__ = ["english", "french", "german", "spanish"]
