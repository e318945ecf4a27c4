"""Finding: a fetch, its candidates, and the verdict on each."""
