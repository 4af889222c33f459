"""What the client sends and gets. Unknown members are ignored: a newer service may send more."""
