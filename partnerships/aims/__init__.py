"""What a partnership wants to reach: shared priorities and aim, version by version."""
