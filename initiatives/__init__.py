"""Joint initiatives: plans, sessions, review, measures, reflections."""
