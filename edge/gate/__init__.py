"""The gate: the browser's only way out, a process that lets one armed request write, once."""
