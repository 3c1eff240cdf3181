"""Measures of an initiative: what is counted, readings of it, and what may be told of them."""
