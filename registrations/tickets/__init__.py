"""What a place costs, when it is on sale, and who owes what."""
