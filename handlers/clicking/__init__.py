"""Clicking: which permits are due for their click, and what stops all of them."""
