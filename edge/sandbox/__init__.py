"""A real forum on loopback: Spirit, installed in its own environment, seeded, served, visited."""
