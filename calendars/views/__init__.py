"""Pages of an organisation's own calendar, all below `/o/<organisation>/calendar/`."""
