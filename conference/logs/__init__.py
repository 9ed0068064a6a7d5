"""What is written down of a request, a statement or a fault, and what never is."""
