"""The pages of the programme. Each view takes a `Showing`; `events.views.access` decides who sees which."""
