"""Learning: what posts led to, and the choice that learns from it."""
