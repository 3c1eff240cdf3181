"""The two years, terms, working days and London time: organisations and days, no partnership."""
