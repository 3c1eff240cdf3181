"""Two-sided reviews of a partnership: each side answers alone, then both see where they differ."""
