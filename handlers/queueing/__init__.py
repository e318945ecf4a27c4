"""Queueing: a judged candidate waits for a slot, once, until it expires."""
