"""`make faults`: the service with real parts, while something is killed, stopped, filled or restarted."""
