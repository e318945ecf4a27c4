"""Performers: each carries out one kind of order against the world and says what came of it."""
