"""The audio store: a folder or a bucket of objects."""
