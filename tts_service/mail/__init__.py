"""Mail that this service sends: messages (message.py) and the SMTP server that takes them (smtp.py)."""
