"""An embedded PostgreSQL: the server's programs, its folder, its users, and its end."""
