"""The worker: one process that ticks, folds, and carries out orders until it is told to stop."""
