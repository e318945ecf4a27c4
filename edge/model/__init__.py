"""The model: prompts out, checked answers in, and one client for every call."""
