"""Settling: what became of each attempt, and what explains each post on our profile."""
