"""Who is known here, and what they did: API keys, staff, their sessions and links, daily keys, the audit log."""
