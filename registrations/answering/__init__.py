"""Registering, from question to question: what is kept of the answers until they are a registration."""
