"""The health server: whether the process lives, whether it is ready, and its figures, by HTTP."""
