"""Real content management systems, set up as docs/cms says and driven: `make cms` and `make closed`."""
