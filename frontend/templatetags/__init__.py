"""Tags for the Django templates of the sign-in pages."""
