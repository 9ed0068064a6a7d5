"""The programme in the admin: one module for each thing that staff edit, and one for each rule of editing."""

from events.admin import events, organisations, people, series, sessions, venues

__all__ = ["events", "organisations", "people", "series", "sessions", "venues"]
