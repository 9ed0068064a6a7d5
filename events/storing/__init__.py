"""Pages made once and sent until something changes them; what is remembered of the programme, and by which version."""
