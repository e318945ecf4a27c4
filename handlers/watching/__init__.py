"""Watching: what is late, wrong or unproved, and who is told."""
