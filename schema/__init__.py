"""The words: ids, events, contracts, wire form, errors. Imports nothing of the program above it."""
