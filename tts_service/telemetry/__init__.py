"""What a process tells about its work: counts, traces, logs. Knows no database; monitoring/ collects."""
