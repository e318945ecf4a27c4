"""Money: what the model may cost, and what it has."""
