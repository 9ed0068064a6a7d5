"""What is written to attendees: queued with what causes it, put into words, sent by the worker."""
