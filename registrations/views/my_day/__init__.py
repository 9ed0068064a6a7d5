"""The pages of “My day”, a module for each thing an attendee can do."""
