"""What a partnership sets out to do together: initiatives, their sites, leads and plan."""
