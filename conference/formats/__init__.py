"""How Django itself writes dates and times in the admin, as the site does."""
