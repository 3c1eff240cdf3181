"""Sessions of an initiative: planned, held, and how many people came."""
