"""Writing: the text for a permit, and the gates it must pass."""
