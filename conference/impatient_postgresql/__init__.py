"""Django's PostgreSQL for those who answer visitors: see `base`."""
