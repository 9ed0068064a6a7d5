"""What is on: events, their programme, and the people in it. Knows nothing of registrations."""
