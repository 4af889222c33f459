"""Celery workers: a job id in, one turn of work, nothing else. All logic is in tts_service.jobs."""
