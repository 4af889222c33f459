"""Identity and audit: API keys, staff accounts, sessions, sign-in links, daily keys, the audit log."""
