"""Reading real organisations and areas from open data into the database."""
