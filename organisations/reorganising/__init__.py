"""England changes: who took over from whom, what is announced, and how records follow."""
