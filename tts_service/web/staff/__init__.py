"""The staff's pages, below /staff: signing in, reports, one's own account, people, the audit log."""
