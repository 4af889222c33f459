"""Celery workers: one task call is one turn of work for an id. All logic is in tts_service."""
