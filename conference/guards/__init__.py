"""What every request and every answer passes: small middlewares, each named after what it sees to."""
