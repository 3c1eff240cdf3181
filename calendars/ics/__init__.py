"""Calendar files (.ics) and calendars at addresses, as they come in."""
