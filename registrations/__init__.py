"""Who is coming: registrations, workshop choices, waiting lists and messages will live here. It imports events."""
