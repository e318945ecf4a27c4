"""What an operator sets: one file, the environment over it, checked before anything begins."""
