"""The project: its settings, addresses, headers, error pages and the private PostgreSQL of a development machine."""
