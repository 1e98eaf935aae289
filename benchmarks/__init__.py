"""What the site costs, as ratios to what the same machine can do in the same run."""
