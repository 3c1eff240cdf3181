"""What days mean in one partnership: quiet periods, clashes, clear slots, and its feeds."""
