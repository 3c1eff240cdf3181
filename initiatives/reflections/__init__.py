"""What those who take part learn as an initiative goes on: at milestones, each term, at the end."""
