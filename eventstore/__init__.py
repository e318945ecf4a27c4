"""The event store: the log and its law in PostgreSQL, and what is kept beside it."""
