"""Generated newsroom pages: stories in the containers, and among the boxes, that real pages have."""
