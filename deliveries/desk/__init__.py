"""The desk pages on which a letter is delivered."""
