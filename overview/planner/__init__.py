"""The planner: both years on one page, for an organisation or for one partnership."""
