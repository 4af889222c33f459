"""Backup and restore: database and store together in one file, made while the service runs."""
