"""Forensics: reads the log, folds it again, checks the promises; it cannot act."""
