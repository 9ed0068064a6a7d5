"""What attendees see of their own day, and what they change there."""
