"""The forms of the journey, a module for each step."""
