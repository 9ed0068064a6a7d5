"""The pages of the journey, a module for each concern."""
