"""Middleware: body size, rate limits, origin, response headers."""
