"""Sets a fresh machine up and runs the commands of the Makefile. Needs Python and nothing installed."""
