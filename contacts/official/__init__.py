"""Operators' pages about official files: what was brought in, what it changed, what to review."""
