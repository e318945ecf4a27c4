"""Permits: approved or refused, ended in time, and made anew for their decision."""
