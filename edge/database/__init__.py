"""The database: where it is, who opens it, and the embedded one."""
