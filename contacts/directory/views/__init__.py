"""Pages of the directory for whoever acts for an organisation."""
