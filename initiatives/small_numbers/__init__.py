"""Which rule for small numbers holds in a partnership: each member chooses, the strictest wins."""
