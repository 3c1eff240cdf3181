"""Keeping the gateways of a region and its places: their details, and when they meet."""
