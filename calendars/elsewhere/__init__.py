"""Calendars that an organisation keeps elsewhere: brought in as files, or read at their address."""
