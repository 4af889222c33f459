"""What a process reports about its work: counts, traces, logs. Uses no database; monitoring/ collects."""
