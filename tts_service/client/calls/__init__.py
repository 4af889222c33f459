"""Every call of the API: what is sent, and what is read from the answer. Both clients have them as their methods."""
