"""Who is coming: registrations, workshop choices, waiting lists, messages. It imports events."""
