"""A second step that somebody has lost: an operator removes it, having checked who it is."""
