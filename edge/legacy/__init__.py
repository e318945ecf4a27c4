"""What an older system exported: its tables, read as they come, made into events."""
