"""Pages of the record: opening a partnership, inviting, answering, naming contacts."""
