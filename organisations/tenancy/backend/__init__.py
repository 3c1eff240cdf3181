"""Django's PostgreSQL backend with the scope folded into BEGIN."""
