"""What `make voices` runs."""
