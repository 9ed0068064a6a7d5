"""What is held about attendees, how they get it, and how it goes."""
