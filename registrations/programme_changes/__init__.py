"""What staff change in the programme: what it may not do to attendees, what it does, and who is told."""
