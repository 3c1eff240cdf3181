"""The shared record of a partnership. Alcoves know each other only through `record`."""
