"""Every event there is, by the part of the flow that says it."""
