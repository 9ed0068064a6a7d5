"""Links that open “My day”: making them, asking for them, and what one browser has opened."""
