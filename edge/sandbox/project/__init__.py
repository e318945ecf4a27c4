"""The forum's project: run by its own Python in its own environment, never imported by ours."""
