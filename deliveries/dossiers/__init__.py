"""What is frozen of a letter at one moment: its editions, their logos and volumes."""
