"""Who waits for what, who moves up, and the places that are kept for an answer."""
