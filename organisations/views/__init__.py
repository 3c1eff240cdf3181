"""Pages of this floor: the first page, one's own organisations, joining, the operator's list."""
