"""Deciding: a slot takes a candidate, or a plan a topic, and asks for a permit."""
