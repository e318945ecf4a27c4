"""Date formats of this forum, by language."""
