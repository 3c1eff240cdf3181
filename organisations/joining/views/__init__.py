"""Pages: `tenant` for an organisation's own people, `operators` for those who run the service."""
