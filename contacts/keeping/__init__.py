"""Keeping a region's directory true: what its admin sees there, and does."""
