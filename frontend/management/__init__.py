"""Management commands of the front end."""
