"""Support sessions: an operator reads one organisation's records for a while, in its sight."""
